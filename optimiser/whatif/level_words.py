"""A level's value as people say it."""

from __future__ import annotations

from optimiser.domain.words import hours_in_words, pounds_in_words


def in_words(value: int, unit: str) -> str:
    """A level's value as people say it."""
    if unit.startswith("pence"):
        return f"{pounds_in_words(value)} a week"
    if unit == "minutes a week":
        return f"{hours_in_words(value)} a week"
    return f"{value:,} {unit}"
