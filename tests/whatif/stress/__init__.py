"""Failures tried on copies of a county."""
