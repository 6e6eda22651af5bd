"""Where a waiting package fits into rounds that exist: cheapest insertion by provider, visit by visit; and its own check."""
