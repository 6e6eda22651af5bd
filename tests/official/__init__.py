"""A county from official files."""
