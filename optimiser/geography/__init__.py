"""Places: the national grid, area outlines, price bands and travel."""
