"""The letters laid out: as plain text, and in large print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import orjson

from optimiser.transferring.letters import Letter
from optimiser.transferring.templates import rendered

NEXT_PAGE = "\f"


def letter_files(letters: Sequence[Letter]) -> dict[str, bytes]:
    """The letters as free text for translation, as plain text and in large print."""
    records = (orjson.dumps(asdict(letter), option=orjson.OPT_APPEND_NEWLINE) for letter in letters)
    return {
        "letters.jsonl": b"".join(records),
        "letters.txt": plain_text(letters),
        "letters-large-print.html": large_print(letters),
    }


def plain_text(letters: Sequence[Letter]) -> bytes:
    """One after the other, each on a page of its own when printed."""
    return NEXT_PAGE.join(letter.plain() for letter in letters).encode()


def large_print(letters: Sequence[Letter]) -> bytes:
    """An offline page at 18 points, each letter on a page of its own when printed."""
    return rendered("large_print.html", letters=letters)
