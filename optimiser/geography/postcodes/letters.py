"""How far a mistyped postcode is from those that there are, in letters: other, missing, too many, or two exchanged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from optimiser.geography.postcodes.index import PostcodeIndex, usable
from optimiser.geography.postcodes.spelling import INWARDS, LONGEST, Postcode, inward_of

FURTHEST = 2
"""With three letters other, almost anything is some postcode."""

Letters = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Near:
    """The first by the alphabet of the postcodes that are fewest letters away."""

    postcode: Postcode
    letters: int
    others: int
    """How many more are as near."""


def nearest_in_letters(index: PostcodeIndex, text: str) -> Near | None:
    """Those in use in England, somewhere, that are nearest to a squeezed text; None where none is within ``FURTHEST``.

    Two neighbours exchanged count as one letter, once; anything else as the edit distance has it.
    """
    if not 2 <= len(text) <= LONGEST:
        return None
    written = text.encode("ascii", "replace")
    for most in range(1, FURTHEST + 1):
        found: set[Postcode] = set()
        for variant, already in _variants(written):
            if already <= most:
                found |= _within(index, variant, most - already)
        if found:
            return Near(min(found), most, len(found) - 1)
    return None


def _variants(text: bytes) -> list[tuple[bytes, int]]:
    swapped = [text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :] for at in range(len(text) - 1)]
    return [(text, 0), *((each, 1) for each in dict.fromkeys(swapped) if each != text)]


def _within(index: PostcodeIndex, text: bytes, most: int) -> set[Postcode]:
    """Every usable postcode that is at most so many letters from a text, wherever its two parts may meet."""
    found: set[Postcode] = set()
    for split in range(max(0, len(text) - 3 - most), min(len(text), len(text) - 3 + most) + 1):
        outside = letters_apart(text[:split], index.names)
        inside = letters_apart(text[split:], _every_inward())
        for row in np.flatnonzero(outside + inside.min() <= most).tolist():
            outward = index.names[row].decode()
            inwards, known = index.in_district(outward)
            near = inwards[(inside[inwards] + outside[row] <= most) & usable(known)]
            found.update(Postcode(outward, inward_of(int(number))) for number in near)
    return found


@cache
def _every_inward() -> NDArray[np.bytes_]:
    return np.array([inward_of(number) for number in range(INWARDS)], dtype="S3")


def letters_apart(text: bytes, words: NDArray[np.bytes_]) -> Letters:
    """The edit distance of a text from each of many short words, all at once: a row of the usual table a letter of the text."""
    width = words.dtype.itemsize
    letters = np.ascontiguousarray(words).view(np.uint8).reshape(len(words), width)
    lengths = np.char.str_len(words)
    row = np.tile(np.arange(width + 1), (len(words), 1))
    for number, letter in enumerate(text, 1):
        before, row = row, np.empty_like(row)
        row[:, 0] = number
        for place in range(width):
            other = before[:, place] + (letters[:, place] != letter)
            row[:, place + 1] = np.minimum(np.minimum(before[:, place + 1], row[:, place]) + 1, other)
    apart: Letters = row[np.arange(len(words)), lengths]
    return apart
