"""The nightly report: what the morning team should see, kept whole whatever happens to the run that makes it."""
