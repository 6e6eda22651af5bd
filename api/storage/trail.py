"""How entries of the audit trail are chained, and whether the trail still says what was written.

Every edit, removal, reordering and unaccounted destruction is found.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, select

from api.storage import table_schema
from api.storage.database import county_row

BEGINNING = "0" * 64
A_MINUTE = dt.timedelta(minutes=1)
FORGET = "audit.forget"
"""The action of an entry that lists the entries whose personal part was destroyed with it."""


@dataclass(frozen=True)
class Head:
    """An entry's number and hash: whoever notes them can tell later whether the trail up to there is still the same."""

    seq: int
    hash: str


def canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def commitment(salt: bytes, subject: str, details: str) -> str:
    return hashlib.sha256(salt + canonical([subject, details])).hexdigest()


def entry_hash(previous: str, public: Sequence[Any]) -> str:
    return hashlib.sha256(previous.encode() + canonical(list(public))).hexdigest()


def public_part(row: Mapping[str, Any] | RowMapping) -> list[Any]:
    names = ("seq", "at", "actor", "role", "action", "subject_kind", "rule_book", "commitment")
    return [row[name] for name in names]


def spans(numbers: Iterable[int]) -> list[list[int]]:
    """Whole numbers as first and last of each row without a gap: ``[[3, 5], [9, 9]]``."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


@dataclass(frozen=True)
class Break:
    """Where the trail does not hold, and why."""

    seq: int
    problem: str


@dataclass(frozen=True)
class Backwards:
    """An entry that says an earlier moment than the one before it: a clock was wrong, then or there. Both as they are written."""

    seq: int
    at: str
    before: str


@dataclass(frozen=True)
class Checked:
    """What a walk along the trail found."""

    entries: int
    destroyed: int
    last: Head
    breaks: list[Break]
    backwards: list[Backwards]
    """The trail holds all the same: nobody has changed what a wrong clock wrote."""


def verify(connection: Connection, noted: Head | None = None) -> Iterator[Break]:
    """Every place where the trail does not hold; none when it does. See ``check``."""
    yield from check(connection, noted).breaks


def check(connection: Connection, noted: Head | None = None, behind: dt.timedelta = A_MINUTE) -> Checked:
    """Walk the whole trail. ``noted``: a head that was written down elsewhere and must still be part of it. ``behind``: how far
    an entry may be behind the one before it: the clocks of two machines differ a little.
    """
    walk = _Walk(noted, behind)
    question = select(table_schema.audit).order_by(table_schema.audit.c.seq).execution_options(yield_per=1000)
    for row in connection.execute(question).mappings():
        walk.step(row)
    county = county_row(connection)
    return walk.end(Head(int(county.audit_seq), str(county.audit_hash)))


class _Walk:
    """From entry to entry, with what each has to follow from, and the destroyed ones that nothing accounts for yet."""

    def __init__(self, noted: Head | None, behind: dt.timedelta) -> None:
        self._noted, self._last = noted, Head(0, BEGINNING)
        self._behind, self._at, self._backwards = behind, "", list[Backwards]()
        self._unaccounted: set[int] = set()
        self._destroyed: set[int] = set()
        self._entries, self._breaks = 0, list[Break]()
        self._see_noted()

    def step(self, row: RowMapping) -> None:
        seq = int(row["seq"])
        if seq != self._last.seq + 1:
            self._missed(seq, f"entries {self._last.seq + 1} to {seq - 1} are missing")
        if row["previous"] != self._last.hash:
            self._missed(seq, "does not follow from the entry before it")
        if row["hash"] != entry_hash(row["previous"], public_part(row)):
            self._missed(seq, "was changed")
        self._look_inside(seq, row)
        self._look_at_time(seq, str(row["at"]))
        self._entries, self._last = self._entries + 1, Head(seq, str(row["hash"]))
        self._see_noted()

    def _look_at_time(self, seq: int, at: str) -> None:
        before, now = _moment(self._at), _moment(at)
        if before is not None and now is not None and before - now > self._behind:
            self._backwards.append(Backwards(seq, at, self._at))
        self._at = at

    def _look_inside(self, seq: int, row: RowMapping) -> None:
        gone = [row[name] is None for name in ("salt", "subject", "details")]
        if any(gone):
            self._destroyed.add(seq)
            self._unaccounted.add(seq)
            if not all(gone):
                self._missed(seq, "is only in part destroyed")
        elif row["commitment"] != commitment(row["salt"], row["subject"], row["details"]):
            self._missed(seq, "says something else than was committed to")
        elif row["action"] == FORGET:
            self._account(seq, orjson.loads(row["details"])["destroyed"])

    def _account(self, seq: int, destroyed: list[list[int]]) -> None:
        for first, last in destroyed:
            accounted = set(range(first, last + 1))
            self._unaccounted -= accounted
            for each in sorted(accounted - self._destroyed):
                self._missed(each, f"was destroyed by entry {seq}, and is there again or gone altogether")

    def _see_noted(self) -> None:
        noted, last = self._noted, self._last
        if noted is not None and noted.seq == last.seq and noted.hash != last.hash:
            self._missed(last.seq, "is not the one that was noted elsewhere: the trail was written anew")

    def end(self, known: Head) -> Checked:
        for seq in sorted(self._unaccounted):
            self._missed(seq, "is destroyed, and no forgetting accounts for it")
        if known != self._last:
            self._missed(self._last.seq, f"is not the last one: the county knows of {known.seq}")
        if self._noted is not None and self._noted.seq > self._last.seq:
            self._missed(self._noted.seq, "was noted elsewhere and is missing: the end of the trail was cut off")
        breaks = sorted(self._breaks, key=lambda found: found.seq)
        return Checked(self._entries, len(self._destroyed), self._last, breaks, self._backwards)

    def _missed(self, seq: int, problem: str) -> None:
        self._breaks.append(Break(seq, problem))


def _moment(at: str) -> dt.datetime | None:
    """None for what is no moment in UTC: whoever wrote that is found by the entry's hash."""
    try:
        found = dt.datetime.fromisoformat(at)
    except ValueError:
        return None
    return None if found.tzinfo is None else found
