"""A plan made by hand: every rule that it breaks, and its levels beside those of a run."""
