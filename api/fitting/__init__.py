"""Where a package fits into rounds that were built: advice beside the cascade, worked out by a process of its own."""
