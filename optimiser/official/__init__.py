"""A county from official files as they are published, each known by its layout; one that is not known is refused."""
