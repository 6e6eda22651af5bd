"""Over HTTP: requests for decisions."""
