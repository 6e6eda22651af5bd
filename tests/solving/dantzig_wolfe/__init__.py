"""Whole patterns and packings, and branch and price over them."""
