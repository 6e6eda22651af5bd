"""Worked examples by hand of the limits: a file for each, both halves of which must agree."""
