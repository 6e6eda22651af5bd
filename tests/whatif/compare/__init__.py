"""Scenarios beside the county as it is."""
