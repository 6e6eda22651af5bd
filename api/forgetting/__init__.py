"""Destroying what is personal of people whose care has ended, everywhere that the service keeps it."""
