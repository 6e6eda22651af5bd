"""The index of postcodes: one file, made once from official files and only read afterwards, in place, by every process at once.

Behind a heading in JSON stand three tables, all little-endian: the districts in the order of the alphabet, each with where its
postcodes begin and the box around those in use; then of every postcode its inward part (a number, two bytes); then what is known
of it (eight bytes: see ``FIELDS``). Ten bytes a postcode: about 27 MB for the whole of the United Kingdom.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.geography.postcodes.spelling import Postcode, inward_number, inward_of

MAGIC = b"postcodes of optimiser, format 1\n"
COUNTRIES = ("", "England", "Scotland", "Wales", "Northern Ireland", "the Channel Islands or the Isle of Man")
ENGLAND = 1
NO_PLACE = 9
"""The quality of a position that there is none of."""
ROUGHEST = 5
"""The worst quality of a position that is used: estimated from its neighbours."""
EPOCH = 1970
"""Months are counted from January of this year on; 0 is a postcode in use."""

Numbers = NDArray[np.int64]
DISTRICT = np.dtype([("name", "S4"), ("begins", "<u4"), ("west", "<i4"), ("south", "<i4"), ("east", "<i4"), ("north", "<i4")])

FIELDS = {"easting": (0, 20), "northing": (20, 21), "quality": (41, 4), "country": (45, 3), "ended": (48, 15), "large": (63, 1)}
"""Of the eight bytes: how far each figure stands to the left, and its bits. Metres of the National Grid; quality from 1 (within
the building) to 6 (the middle of a sector), 8 (of an old postcode, unknown) and 9 (no position); ended: a month, 0 while in use;
large: of one user with much post, such as a post box, which often has the position of a sorting office."""


class NotAnIndexError(Exception):
    """The file is no index of postcodes, or not a whole one; says what it is instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of a postcode. Metres of the National Grid."""

    postcode: Postcode
    easting: int
    northing: int
    quality: int
    country: str
    ended: tuple[int, int] | None
    """The year and month in which it went out of use; None: in use."""

    @property
    def has_place(self) -> bool:
        return self.quality != NO_PLACE


def packed(
    easting: int, northing: int, quality: int, country: int, ended: tuple[int, int] | None = None, *, large: bool = False
) -> int:
    """What is known of a postcode, as the index keeps it."""
    months = 0 if ended is None else max(1, (ended[0] - EPOCH) * 12 + ended[1])
    figures = {"easting": easting, "northing": northing, "quality": quality, "country": country}
    figures |= {"ended": months, "large": int(large)}
    together = 0
    for name, (shift, bits) in FIELDS.items():
        if not 0 <= figures[name] < 1 << bits:
            raise ValueError(f"{name} is beyond what the index can hold")
        together |= figures[name] << shift
    return together


def figure(name: str, known: Any) -> Any:
    """One figure out of eight bytes, or of each in an array."""
    shift, bits = FIELDS[name]
    return (known >> shift) & ((1 << bits) - 1)


def usable(known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which postcodes are in use, of England, and at a place that is good enough: those that may be named to somebody."""
    good = figure("quality", known) <= ROUGHEST
    found: NDArray[np.bool_] = good & (figure("ended", known) == 0) & (figure("country", known) == ENGLAND)
    return found


def index_bytes(codes: Sequence[Postcode], known: Sequence[int], about: Mapping[str, Any]) -> bytes:
    """The file of an index. Each code once, in any order; ``known`` as ``packed`` gives it; ``about``: for the heading."""
    names = np.array([each.outward for each in codes], dtype="S4")
    return tables_bytes(names, np.array([inward_number(each.inward) for each in codes], dtype=np.uint16), known, about)


def tables_bytes(
    names: NDArray[np.bytes_], inwards: NDArray[np.uint16], known: Sequence[int] | NDArray[np.uint64], about: Mapping[str, Any]
) -> bytes:
    """The same from arrays: of each postcode its outward part and the number of its inward part."""
    values = np.asarray(known, dtype=np.uint64)
    order = np.lexsort((inwards, names))
    names, inwards, values = names[order], inwards[order], values[order]
    districts, begins = np.unique(names, return_index=True)
    table = np.zeros(len(districts), dtype=DISTRICT)
    table["name"], table["begins"] = districts, begins
    ends = [*begins[1:].tolist(), len(names)]
    for row, (first, last) in enumerate(zip(begins.tolist(), ends, strict=True)):
        here = values[first:last][usable(values[first:last])]
        east, north = figure("easting", here).astype(np.int64), figure("northing", here).astype(np.int64)
        box = (east.min(), north.min(), east.max(), north.max()) if len(here) else (1, 1, 0, 0)
        table["west"][row], table["south"][row], table["east"][row], table["north"][row] = box
    body = table.tobytes() + inwards.astype("<u2").tobytes() + values.astype("<u8").tobytes()
    in_use = int(np.count_nonzero(figure("ended", values) == 0))
    figures = {"districts": len(districts), "postcodes": len(names), "in_use": in_use, "ended": len(names) - in_use}
    heading = json.dumps({**about, **figures, "sha256": hashlib.sha256(body).hexdigest()}, sort_keys=True).encode()
    return MAGIC + struct.pack("<I", len(heading)) + heading + body


class PostcodeIndex:
    """An index, opened. It is read where it lies: opening takes a few hundredths of a second, a look-up some microseconds."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        """Raises ``NotAnIndexError``."""
        start = len(MAGIC) + 4
        if content[: len(MAGIC)] != MAGIC or len(content) < start:
            raise NotAnIndexError("no index of postcodes of this version: make it with 'optimiser postcodes build'")
        (length,) = struct.unpack("<I", content[len(MAGIC) : start])
        try:
            self.about: dict[str, Any] = json.loads(content[start : start + length])
            districts, postcodes, digest = (self.about[name] for name in ("districts", "postcodes", "sha256"))
            whole = start + length + districts * DISTRICT.itemsize + postcodes * 10 == len(content)
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole or hashlib.sha256(memoryview(content)[start + length :]).hexdigest() != digest:
            raise NotAnIndexError("an index of postcodes that is damaged or not whole: make it again")
        after = start + length + districts * DISTRICT.itemsize
        table = np.frombuffer(content, DISTRICT, districts, start + length)
        self._inwards = np.frombuffer(content, "<u2", postcodes, after)
        self._known = np.frombuffer(content, "<u8", postcodes, after + 2 * postcodes)
        self.names: NDArray[np.bytes_] = table["name"]
        """The districts, in the order of the alphabet."""
        ends = [*table["begins"][1:].tolist(), postcodes]
        self._spans = dict(
            zip(map(bytes.decode, self.names.tolist()), zip(table["begins"].tolist(), ends, strict=True), strict=True)
        )
        self._boxes: Numbers = np.stack([table[side] for side in ("west", "south", "east", "north")], axis=1).astype(np.int64)

    @staticmethod
    def opened(path: Path) -> PostcodeIndex:
        """The index in a file. Raises ``NotAnIndexError``, ``OSError``."""
        with path.open("rb") as file:
            if not path.stat().st_size:
                raise NotAnIndexError("an empty file")
            return PostcodeIndex(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def find(self, postcode: Postcode) -> Entry | None:
        """What is known of a postcode; None where the index does not hold it."""
        first, last = self._spans.get(postcode.outward, (0, 0))
        number = inward_number(postcode.inward)
        place = first + int(np.searchsorted(self._inwards[first:last], number))
        return self._entry(postcode, place) if place < last and self._inwards[place] == number else None

    def in_district(self, outward: str) -> tuple[NDArray[np.uint16], NDArray[np.uint64]]:
        """The inward parts of a district, as numbers in their order, and what is known of each; empty where there is none."""
        first, last = self._spans.get(outward, (0, 0))
        return self._inwards[first:last], self._known[first:last]

    def nearest_in_use(self, easting: float, northing: float) -> tuple[Entry, float] | None:
        """The postcode in use in England that is nearest to a place, and the metres; of several the first by the alphabet.

        Those of large users are passed over: nobody lives there.
        """
        west, south, east, north = self._boxes.T
        beside = np.hypot(
            np.maximum(0, np.maximum(west - easting, easting - east)),
            np.maximum(0, np.maximum(south - northing, northing - north)),
        )
        beside[west > east] = np.inf
        best: tuple[float, Postcode, int] | None = None
        for row in np.argsort(beside, kind="stable").tolist():
            if beside[row] == np.inf or (best is not None and beside[row] > best[0]):
                break
            outward = self.names[row].decode()
            first, _ = self._spans[outward]
            _, known = self.in_district(outward)
            east_of, north_of = (figure(name, known).astype(np.float64) for name in ("easting", "northing"))
            metres = np.hypot(east_of - easting, north_of - northing)
            metres[~usable(known) | (figure("large", known) == 1)] = np.inf
            at = int(metres.argmin())
            if metres[at] == np.inf:
                continue
            found = float(metres[at]), Postcode(outward, inward_of(int(self._inwards[first + at]))), first + at
            best = found if best is None else min(best, found)
        return None if best is None else (self._entry(best[1], best[2]), best[0])

    def _entry(self, postcode: Postcode, place: int) -> Entry:
        known = int(self._known[place])
        easting, northing, quality, country, months = (figure(name, known) for name in FIELDS if name != "large")
        ended = (EPOCH + (months - 1) // 12, (months - 1) % 12 + 1) if months else None
        return Entry(postcode, easting, northing, quality, COUNTRIES[country] if country < len(COUNTRIES) else "", ended)
