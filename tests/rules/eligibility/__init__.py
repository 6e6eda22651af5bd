"""Worked examples by hand of the rules on who may be asked: a file for each, both halves of which must agree."""
