"""Where the care of a returned contract goes."""
