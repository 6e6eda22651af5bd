"""What planners, people and providers are told."""
