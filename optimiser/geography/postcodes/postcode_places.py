"""Where a postcode is; or, in words, why it is no place of England, and which one was probably meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from optimiser.domain.words import MONTHS
from optimiser.geography.coordinate_systems import System
from optimiser.geography.grid import in_england, to_grid
from optimiser.geography.postcodes.index import COUNTRIES, ENGLAND, Entry, PostcodeIndex, usable
from optimiser.geography.postcodes.letters import letters_apart, nearest_in_letters
from optimiser.geography.postcodes.spelling import (
    INWARD_LETTERS,
    LONGEST,
    OUTWARD,
    Postcode,
    area_of,
    inward_of,
    postcode_of,
    squeezed,
)

DECIMALS = 6
"""Of degrees: a tenth of a metre, where the files know whole metres."""
NATIONAL_GRID = System("EPSG", "27700")
SCOTLAND, WALES, NORTHERN_IRELAND, ISLANDS = COUNTRIES[2:]
AREAS_ELSEWHERE = {
    **dict.fromkeys(("AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "ZE"), SCOTLAND),
    **dict.fromkeys(("CF", "SA"), WALES),
    "BT": NORTHERN_IRELAND,
    **dict.fromkeys(("GY", "IM", "JE"), ISLANDS),
}
"""Areas no part of which is in England. TD, LD, LL, NP, SY, CH and HR lie on both sides of a border: there the index decides."""
NO_PLACES = ("BF", "BX", "GIR", "QC", "XM", "XX")
"""Areas that stand for an organisation, wherever it is."""
ESTIMATED = {5: "its position is estimated from its neighbours"}
"""Qualities that are taken, with a note."""
TOO_ROUGH = {6: "the middle of its sector, perhaps miles away", 8: "an old one of unknown quality"}
"""Qualities that are no place: a band, a distance or a district of theirs would be a guess."""
NEAR_ENOUGH_METRES = 5_000
"""A place further than this from every postcode of the index is in none of its districts."""


class NoSuchPlaceError(Exception):
    """The postcode is no place here. ``kind`` says in which way and names none; the message says all, postcodes too.

    ``nearest``: which one was probably meant, and how many letters away it is; empty where nobody knows.
    """

    def __init__(self, kind: str, sentence: str, nearest: str = "") -> None:
        self.kind, self.nearest = kind, nearest
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a postcode is, in WGS 84 degrees; ``note``: what is to be known of that, empty where nothing is."""

    postcode: Postcode = field(repr=False)
    latitude: float = field(repr=False)
    longitude: float = field(repr=False)
    note: str


def place_of(index: PostcodeIndex, text: str) -> Place:
    """The place of a postcode in use in England. Raises ``NoSuchPlaceError``."""
    written = squeezed(text)
    postcode = postcode_of(written)
    entry = None if postcode is None else index.find(postcode)
    if entry is None:
        raise _not_there(index, text, postcode)
    if entry.country and entry.country != COUNTRIES[ENGLAND]:
        raise _elsewhere(str(entry.postcode), entry.country)
    if not entry.has_place:
        raise _nowhere(str(entry.postcode))
    if entry.ended is not None:
        raise _ended(index, entry)
    if entry.quality in TOO_ROUGH:
        said = f"Only a rough place is known for {entry.postcode}: {TOO_ROUGH[entry.quality]}. Give latitude and longitude."
        raise NoSuchPlaceError(f"a postcode whose position is {TOO_ROUGH[entry.quality]}", said)
    latitude, longitude = degrees_of(entry)
    if not in_england(latitude, longitude):
        raise NoSuchPlaceError(
            "a postcode whose position is outside England", f"The position of {entry.postcode} is outside England."
        )
    return Place(entry.postcode, latitude, longitude, ESTIMATED.get(entry.quality, ""))


def degrees_of(entry: Entry) -> tuple[float, float]:
    """Latitude and longitude, without grids: within two metres of the most exact, and the same on every machine."""
    ((longitude, latitude),) = NATIONAL_GRID.to_degrees([(entry.easting, entry.northing)])
    return round(latitude, DECIMALS), round(longitude, DECIMALS)


def district_at(index: PostcodeIndex, latitude: float, longitude: float) -> str | None:
    """The district of the postcode in use that is nearest to a place, as ``NR1``; None where none is near."""
    ((easting, northing),) = to_grid([latitude], [longitude]).tolist()
    found = index.nearest_in_use(easting, northing)
    return found[0].postcode.outward if found is not None and found[1] <= NEAR_ENOUGH_METRES else None


def _not_there(index: PostcodeIndex, text: str, postcode: Postcode | None) -> NoSuchPlaceError:
    """What is said of a text that the index does not hold."""
    written = squeezed(text)
    if not written:
        return NoSuchPlaceError("an empty postcode", "A postcode is needed, such as NR1 2DH.")
    begins = postcode.area if postcode else area_of(written) if OUTWARD.match(written) else ""
    if begins in NO_PLACES:
        return _nowhere(_shown(text, postcode))
    if begins in AREAS_ELSEWHERE:
        return _elsewhere(_shown(text, postcode), AREAS_ELSEWHERE[begins])
    if postcode is None and (partial := _partial(index, text)) is not None:
        return partial
    shown = _shown(text, postcode)
    near = nearest_in_letters(index, written)
    if near is None:
        said = f"{shown} is no postcode that is known here, and none is within two letters of it."
        return NoSuchPlaceError("no postcode that the index holds, nor nearly one", said)
    kind = f"no postcode that the index holds; the nearest is {_letters(near.letters)} away"
    others = f" ({near.others} more {'is' if near.others == 1 else 'are'} as near)" if near.others else ""
    nearest = f"{near.postcode}, {_letters(near.letters)} away"
    return NoSuchPlaceError(kind, f"{shown} is no postcode that is known here. The nearest is {nearest}{others}.", nearest)


def _partial(index: PostcodeIndex, text: str) -> NoSuchPlaceError | None:
    """What is said of the beginning of a postcode; None where none begins so.

    Where nobody has set a blank, ``NR12`` is a district before it is a part of one.
    """
    found = next((each for outward, rest in _beginnings(text.upper()) if (each := _first_of(index, outward, rest))), None)
    if found is None:
        return None
    first, how_many, written = found
    missing = len(squeezed(str(first))) - len(squeezed(text))
    kind = f"a part of a postcode: {_letters(missing)} missing"
    nearest = f"{first}, {_letters(missing)} more"
    said = f"{written} is only a part of a postcode. {how_many:,} in use begin so. The first is {nearest}."
    return NoSuchPlaceError(kind, said, nearest)


def _beginnings(text: str) -> Iterator[tuple[str, str]]:
    """How a text may be a district and the first characters of an inward part."""
    written, parts = squeezed(text), text.split()
    for rest in range(3) if len(parts) == 1 else (len(parts[-1]),):
        outward, inward = written[: len(written) - rest], written[len(written) - rest :]
        digit_first = not inward or (inward[0].isdigit() and all(each in INWARD_LETTERS for each in inward[1:]))
        if OUTWARD.fullmatch(outward) and digit_first:
            yield outward, inward


def _first_of(index: PostcodeIndex, outward: str, rest: str) -> tuple[Postcode, int, str] | None:
    """The first postcode in use that begins so, how many do, and the beginning as it is written."""
    inwards, known = index.in_district(outward)
    begin = [number for number in inwards[usable(known)].tolist() if inward_of(number).startswith(rest)]
    return (Postcode(outward, inward_of(begin[0])), len(begin), f"{outward} {rest}".strip()) if begin else None


def _ended(index: PostcodeIndex, entry: Entry) -> NoSuchPlaceError:
    assert entry.ended is not None
    year, month = entry.ended
    when = f"since {MONTHS[month - 1]} {year}"
    kind, said, nearest = f"a postcode out of use {when}", f"{entry.postcode} is out of use {when}.", ""
    near = index.nearest_in_use(entry.easting, entry.northing)
    if near is not None and near[1] <= NEAR_ENOUGH_METRES:
        other = near[0].postcode
        apart = int(letters_apart(squeezed(str(entry.postcode)).encode(), np.array([squeezed(str(other))], dtype="S7"))[0])
        said += f" The nearest in use is {other}, {near[1]:,.0f} metres and {_letters(apart)} away."
        kind += f"; the nearest in use is {near[1]:,.0f} metres and {_letters(apart)} away"
        nearest = f"{other}, {_letters(apart)} away"
    return NoSuchPlaceError(kind, said, nearest)


def _elsewhere(shown: str, country: str) -> NoSuchPlaceError:
    return NoSuchPlaceError(f"a postcode of {country}", f"{shown} is a postcode of {country}. Only England is known here.")


def _nowhere(shown: str) -> NoSuchPlaceError:
    said = f"{shown} stands for an organisation or a post box. It is no place. Give the postcode of the building."
    return NoSuchPlaceError("a postcode without a place", said)


def _shown(text: str, postcode: Postcode | None) -> str:
    text = " ".join(text.split())
    return str(postcode) if postcode else repr(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def _letters(count: int) -> str:
    return "1 letter" if count == 1 else f"{count} letters"
