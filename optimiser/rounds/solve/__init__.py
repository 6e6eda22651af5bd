"""The search: simulated annealing over ordered lists of calls, compiled, and what it begins from and hands back."""
