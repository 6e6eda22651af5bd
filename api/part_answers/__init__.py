"""A provider's yes to some of a package's visits alone."""
