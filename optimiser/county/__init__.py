"""A county: a snapshot with everything that follows from it by arithmetic alone, before any rule is applied."""

from optimiser.county.facts import NOWHERE, County, Ints

__all__ = ["NOWHERE", "County", "Ints"]
