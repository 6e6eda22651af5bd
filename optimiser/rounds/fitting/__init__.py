"""Where a waiting package fits into rounds that exist: each provider's cheapest insertion, visit by visit."""
