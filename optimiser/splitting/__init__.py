"""One county's snapshot to those of the councils that come after it, and back."""
