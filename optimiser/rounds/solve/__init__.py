"""The search for a day: simulated annealing over ordered lists of calls, what it begins from, and the routes that come of it."""
