"""Fairness, seen: for whoever works here, and as the council may publish it."""
