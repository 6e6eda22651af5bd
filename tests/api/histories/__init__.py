"""Over HTTP: histories."""
