"""Everybody who waits, in one list: who comes first, how they are safe, and what is to be done next."""
