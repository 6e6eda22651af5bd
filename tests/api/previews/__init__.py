"""Over HTTP: previews."""
