"""Call-offs: one request, whatever is asked for: a package, a bundle, a part, a specialist service, a volume for areas."""
