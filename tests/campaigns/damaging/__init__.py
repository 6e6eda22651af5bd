"""Files of databases that are damaged, and whether that is told."""
