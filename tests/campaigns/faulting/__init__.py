"""Faults of files, servers and connections, put where a campaign wants them."""
