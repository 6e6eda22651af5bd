"""Whoever has waited longest before newcomers: levels of a book of their own, where ``largest_first_after_days`` is set."""
