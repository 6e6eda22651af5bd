"""The check of a transfer, from the records alone."""
