"""The county as it is now: its records, all that follows from them, and how a transaction changes them."""
