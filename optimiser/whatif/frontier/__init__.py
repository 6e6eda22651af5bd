"""Two levels against each other: what a plan gives of one for the other, while the levels before them hold."""
