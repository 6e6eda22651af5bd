"""Rounds: who visits whom, in what order and when, with care workers who meet where a visit needs two."""
