"""Over HTTP: claims."""
