"""Incentives in the service: designated periods that a named person opens, and what a fast start would earn."""
