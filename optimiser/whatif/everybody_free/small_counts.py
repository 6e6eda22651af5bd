"""How people are hidden in totals: nobody is told as none, few are not told, and others go to the nearest multiple."""

from __future__ import annotations

from optimiser.domain.hiding import SMALLEST, Hiding

HOURS_TO = 10
"""Hours of groups go to the nearest so many, so that what is left out is not found by taking others off."""


def told_people(count: int) -> int | None:
    """The count as it is told; None: of one to four people."""
    return Hiding().told(count) if count else 0


def told_hours(minutes: int, people: int) -> int | None:
    """Hours a week of so many people as they are told; None where the people are not."""
    if told_people(people) is None:
        return None
    return (minutes + 30 * HOURS_TO) // (60 * HOURS_TO) * HOURS_TO


def in_words(figure: int | None) -> str:
    """A figure of a table."""
    return f"fewer than {SMALLEST} people" if figure is None else f"{figure:,}"
