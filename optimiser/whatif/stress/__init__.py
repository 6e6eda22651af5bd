"""What if this provider fails? Every provider's end tried on a copy of the county, and what it would do."""
