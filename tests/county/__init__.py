"""What follows from a snapshot by arithmetic alone."""
