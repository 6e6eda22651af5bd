"""Enhanced home support over HTTP."""
