"""Can these requirements hold together? A verified plan if so; if not, what is in conflict, and what would have to give."""
