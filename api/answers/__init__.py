"""What people say to care from a provider, before it begins."""
