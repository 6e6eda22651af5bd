"""Why this provider, why not that one, and what would have to change: in sentences."""
