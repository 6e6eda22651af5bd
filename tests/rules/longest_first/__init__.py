"""Worked examples by hand of the levels: a file for each, both halves of which must agree."""
