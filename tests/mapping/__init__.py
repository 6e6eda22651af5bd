"""A county as layers of a map."""
