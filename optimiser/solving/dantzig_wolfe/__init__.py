"""Dantzig-Wolfe reformulations of one level: by patterns of an area, and by knapsacks of a provider."""
