"""Whose decision social work is asked for: for which move, and by when."""
