"""The word that may have been meant: of those that are known, the one that looks most like what stands there."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping

NEAR = 0.75
"""How alike two words are (difflib's ratio) for one to be offered as what the other may have meant."""


def looks(word: str) -> str:
    """A word without what people overlook: case, hyphens, underscores, blanks, and characters that cannot be seen."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    return "".join(each for each in plain if unicodedata.category(each)[0] not in "CZP")


def by_looks(known: Iterable[str]) -> dict[str, str]:
    """The known words by their looks; of those that look alike the first."""
    return {looks(word): word for word in sorted(known, reverse=True)}


def nearest(word: str, known: Mapping[str, str]) -> str:
    """The word of ``by_looks`` that may have been meant; empty where none is near."""
    found = difflib.get_close_matches(looks(word), known, n=1, cutoff=NEAR)
    return known[found[0]] if found else ""
