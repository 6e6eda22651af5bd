"""Requests for care, what becomes of people's needs, and who is waiting."""
