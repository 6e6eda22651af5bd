"""From a snapshot to a verified, explained allocation."""
