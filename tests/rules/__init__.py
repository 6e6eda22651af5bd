"""Every rule by hand, and its two halves against each other."""
