"""A small index for tests: postcodes of Norwich and around, real and invented, of every kind that files hold."""

from __future__ import annotations

from optimiser.geography.postcodes.index import PostcodeIndex, index_bytes, packed
from optimiser.geography.postcodes.spelling import Postcode, postcode_of

E, S = 1, 2
KNOWN: dict[str, int] = {
    "NR1 2DH": packed(624017, 307071, 1, E),
    "NR1 2DA": packed(623699, 307803, 1, E),
    "NR1 2DQ": packed(624017, 307111, 1, E, (2019, 7)),  # 40 m north of NR1 2DH
    "NR1 9AZ": packed(624020, 307105, 1, E, large=True),  # a post box
    "NR12 0AA": packed(635000, 321000, 5, E),
    "NR9 3XX": packed(0, 0, 9, E),
    "PE30 1AA": packed(561700, 320100, 6, E),
    "TD15 1AA": packed(399800, 653000, 1, E),
    "TD14 5AA": packed(394500, 664300, 1, S),
    "M1 1AE": packed(384700, 398200, 8, E),
    "EC1A 1BB": packed(532100, 181500, 1, E),
}


def code(text: str) -> Postcode:
    found = postcode_of(text)
    assert found is not None
    return found


def small_bytes(known: dict[str, int] = KNOWN) -> bytes:
    return index_bytes([code(each) for each in known], list(known.values()), {"sources": []})


def small_index(known: dict[str, int] = KNOWN) -> PostcodeIndex:
    return PostcodeIndex(small_bytes(known))
