"""Whom to ask now for a package, in order, why not the others, and where it would fit into rounds."""
