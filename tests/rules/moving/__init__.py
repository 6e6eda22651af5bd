"""Worked examples by hand of the rules under which running care may move: a file for each."""
