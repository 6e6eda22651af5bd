"""Everybody placed at once: a relaxation that sees hundreds of thousands of choices, and a search that follows its prices."""
