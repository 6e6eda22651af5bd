"""First visits over HTTP."""
