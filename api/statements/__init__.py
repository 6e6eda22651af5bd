"""Reasons owed to providers: a statement for each of them and month, and what it asks about a line of one."""
