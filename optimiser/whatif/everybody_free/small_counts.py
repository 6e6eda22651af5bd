"""How people are hidden in totals: figures about few are not told, and others go to the nearest multiple."""

from __future__ import annotations

SMALLEST = 5
"""Of fewer people nothing is told, as in every other table of the product that people outside of brokerage read."""
HOURS_TO = 10
"""Hours of groups go to the nearest so many, so that what is left out is not found by taking others off."""


def told_people(count: int) -> int | None:
    """The count as it is told; None: of one to four people."""
    if 0 < count < SMALLEST:
        return None
    return (count + SMALLEST // 2) // SMALLEST * SMALLEST


def told_hours(minutes: int, people: int) -> int | None:
    """Hours a week of so many people as they are told; None where the people are not."""
    if told_people(people) is None:
        return None
    return (minutes + 30 * HOURS_TO) // (60 * HOURS_TO) * HOURS_TO


def in_words(figure: int | None) -> str:
    """A figure of a table."""
    return f"fewer than {SMALLEST} people" if figure is None else f"{figure:,}"
