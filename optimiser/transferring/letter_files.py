"""The letters laid out: as plain text, and in large print."""

from __future__ import annotations

from collections.abc import Sequence

from optimiser.transferring.letters import Letter
from optimiser.transferring.templates import rendered

NEXT_PAGE = "\f"


def plain_text(letters: Sequence[Letter]) -> bytes:
    """One after the other, each on a page of its own when printed."""
    return NEXT_PAGE.join(letter.plain() for letter in letters).encode()


def large_print(letters: Sequence[Letter]) -> bytes:
    """An offline page at 18 points, each letter on a page of its own when printed."""
    return rendered("large_print.html", letters=letters)
