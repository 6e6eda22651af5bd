"""How unmet need, waits, shares and declines have gone: counts of each day, kept for thirteen months."""
