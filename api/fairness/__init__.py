"""Fairness, seen: how often each provider was asked and what it said, and how long people waited, in counts."""
