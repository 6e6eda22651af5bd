"""How a postcode is written: an outward part (its district, as ``NR1``) and an inward part of three characters (``2DH``)."""

from __future__ import annotations

import re
from dataclasses import dataclass

INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
"""No inward part has one of C, I, K, M, O and V, which are easily misread."""
INWARDS = 10 * len(INWARD_LETTERS) ** 2
"""How many inward parts there can be."""
WHOLE = re.compile(rf"([A-Z]{{1,2}}[0-9][A-Z0-9]?|GIR)([0-9][{INWARD_LETTERS}]{{2}})", re.ASCII)
OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?", re.ASCII)
LONGEST = 12
"""A longer text is no postcode, however it is mistyped."""


@dataclass(frozen=True, slots=True, order=True)
class Postcode:
    """A postcode that is written as one; whether there is one is for the index to say."""

    outward: str
    inward: str

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}"

    @property
    def area(self) -> str:
        """The letters that it begins with."""
        return area_of(self.outward)


def squeezed(text: str) -> str:
    """In capitals and without blanks, wherever they stand: ``nr12dh`` and ``NR1  2DH`` are one postcode."""
    return "".join(text.split()).upper()


def postcode_of(text: str) -> Postcode | None:
    """The postcode that a text is, with or without blanks; None where it is not written as one."""
    found = WHOLE.fullmatch(squeezed(text))
    return Postcode(found[1], found[2]) if found else None


def area_of(text: str) -> str:
    """The letters that a squeezed text begins with."""
    return text[: next((place for place, char in enumerate(text) if not char.isalpha()), len(text))]


def inward_number(inward: str) -> int:
    """The place of an inward part among all that there can be, in the order of the alphabet."""
    letters = len(INWARD_LETTERS)
    return (int(inward[0]) * letters + INWARD_LETTERS.index(inward[1])) * letters + INWARD_LETTERS.index(inward[2])


def inward_of(number: int) -> str:
    """The way back."""
    rest, last = divmod(number, len(INWARD_LETTERS))
    digit, first = divmod(rest, len(INWARD_LETTERS))
    return f"{digit}{INWARD_LETTERS[first]}{INWARD_LETTERS[last]}"
