"""Worked examples by hand of the rules on packages that belong together."""
