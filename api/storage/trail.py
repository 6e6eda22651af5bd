"""How entries of the audit trail are chained, and whether the trail still says what was written.

Every edit, removal, reordering and unaccounted destruction is found.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, column
from sqlalchemy.exc import SQLAlchemyError

from api.storage import table_schema
from api.storage.row_ledger import FILES, Break, RowLedger, apart, as_stored, why
from api.storage.runs_told import FORGET, RunsTold
from api.storage.sessions_told import SessionsTold
from api.storage.signed_heads import Verifier
from api.storage.visits_told import VisitsTold
from api.storage.whatever_the_bytes import whatever_the_bytes
from api.storage.whole_files import faults_of_files

BEGINNING = "0" * 64
A_MINUTE = dt.timedelta(minutes=1)
HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True)
class Head:
    """An entry's number and hash: whoever notes them can tell later whether the trail up to there is still the same."""

    seq: int
    hash: str

    @staticmethod
    def of(text: str) -> Head | None:
        """The head as ``SEQ:HASH`` says it; None for what is none."""
        found = HEAD.fullmatch(text)
        return None if found is None else Head(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


DAMAGED_NOTE = Head(2**62, "")
"""What a note says in which nothing can be read any more: no trail holds that."""


def canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def commitment(salt: bytes, subject: str, details: str) -> str:
    return hashlib.sha256(salt + canonical([subject, details])).hexdigest()


def entry_hash(previous: str, public: Sequence[Any]) -> str:
    return hashlib.sha256(previous.encode() + canonical(list(public))).hexdigest()


def public_part(row: Mapping[str, Any] | RowMapping) -> list[Any]:
    names = ("seq", "at", "actor", "role", "action", "subject_kind", "rule_book", "commitment")
    digests = row["row_digests"]
    return [row[name] for name in names] + ([] if digests is None else [digests])


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
    """Of entries in their order, then of rows that are not as the entries tell of them."""
    backwards: list[Backwards]
    """The trail holds all the same: nobody has changed what a wrong clock wrote."""
    good: Head
    """The last one before the first break in the chain: up to there it holds."""
    rows: int = 0
    """How many records, keys and settings were compared with what the entries tell of them."""
    signed: bool = False
    """Whether the head bears a signature that was asked for, and it holds."""


def verify(connection: Connection, noted: Head | None = None) -> Iterator[Break]:
    """Every place where the trail does not hold; none when it does. See ``check``."""
    yield from check(connection, noted).breaks


def check(
    connection: Connection,
    noted: Head | None = None,
    behind: dt.timedelta = A_MINUTE,
    signed_by: Verifier | None = None,
    acknowledged: Head | None = None,
) -> Checked:
    """Walk the whole trail, and compare the rows that are there with what it tells of them. Damaged rows and pages are breaks.

    ``noted``: a head that was written down elsewhere and must still be part of it. ``behind``: how far an entry may be behind the
    one before it: the clocks of two machines differ a little. ``signed_by``: the head must bear a signature by this key.
    ``acknowledged``: the head that the service has noted itself. Whether all else in the database can be read is told as well.
    """
    walk = _Walk([each for each in (noted, acknowledged) if each is not None], behind)
    with whatever_the_bytes(connection):
        try:
            with apart(connection):
                for row in connection.execute(as_stored(table_schema.audit).order_by(column("seq"))).mappings():
                    walk.step(row)
        except SQLAlchemyError as error:
            walk.ends_early(error)
        walk.end(_county(connection), signed_by)
        walk.compare_rows(connection)
        walk.look_over(connection)
        return walk.checked()


def _county(connection: Connection) -> RowMapping | None:
    """The county's row, None where there is none that can be read."""
    try:
        with apart(connection):
            mine = as_stored(table_schema.county).where(column("id") == table_schema.COUNTY_ID)
            return connection.execute(mine).mappings().first()
    except SQLAlchemyError:
        return None


TEXTS = ("at", "actor", "role", "action", "subject_kind", "rule_book", "commitment", "previous", "hash")
PERSONAL: Mapping[str, type] = {"salt": bytes, "subject": str, "details": str, "row_digests": str}
"""What else an entry holds, each of which may be missing."""


class _Walk:
    """From entry to entry, with what each has to follow from, and the destroyed ones that nothing accounts for yet."""

    def __init__(self, noted: Sequence[Head], behind: dt.timedelta) -> None:
        self._noted, self._last = noted, Head(0, BEGINNING)
        self._good = self._last
        self._behind, self._at, self._backwards = behind, "", list[Backwards]()
        self._unaccounted: set[int] = set()
        self._destroyed: set[int] = set()
        self._entries, self._breaks = 0, list[Break]()
        self._rows = RowLedger()
        self._runs, self._sessions, self._visits = RunsTold(), SessionsTold(), VisitsTold()
        self._files = list[Break]()
        self._whole, self._signed = True, False
        self._see_noted()

    def step(self, row: RowMapping) -> None:
        wrong = _damaged(row)
        if wrong:
            self._step_over(row, wrong)
            return
        seq = int(row["seq"])
        if seq != self._last.seq + 1:
            self._missed(seq, f"entries {self._last.seq + 1} to {seq - 1} are missing")
        if row["previous"] != self._last.hash:
            self._missed(seq, "does not follow from the entry before it")
        if row["hash"] != entry_hash(row["previous"], public_part(row)):
            self._missed(seq, "was changed")
        self._look_inside(seq, row)
        self._look_at_rows(seq, row)
        self._look_at_time(seq, str(row["at"]))
        self._look_at_runs(seq, row)
        self._sessions.take(row["action"], str(row["at"]), row["subject"], row["details"])
        self._entries, self._last = self._entries + 1, Head(seq, str(row["hash"]))
        self._see_noted()
        if not self._breaks:
            self._good = self._last

    def _look_at_runs(self, seq: int, row: RowMapping) -> None:
        try:
            self._runs.take(row["action"], seq, row["subject"], row["details"])
            self._visits.take(row["action"], seq, row["details"])
        except (TypeError, ValueError, KeyError):
            self._missed(seq, "is damaged: details")

    def _step_over(self, row: RowMapping, wrong: list[str]) -> None:
        """A damaged entry; what it tells of rows is taken all the same, so that these are not told of as well."""
        self._entries += 1
        self._missed(self._last.seq + 1, f"is damaged: {', '.join(wrong)}")
        if "row_digests" not in wrong:
            self._look_at_rows(self._last.seq + 1, row)
        if "seq" not in wrong and "hash" not in wrong:
            self._last = Head(row["seq"], row["hash"])

    def ends_early(self, error: SQLAlchemyError) -> None:
        """The rest cannot be read."""
        self._whole = False
        self._missed(self._last.seq + 1, f"cannot be read, nor any after it: {why(error)}")

    def compare_rows(self, connection: Connection) -> None:
        """What is there against what the entries tell of it, where these could be read."""
        if self._whole:
            holds = not self._breaks
            self._rows.compare(connection, chain_holds=holds)
            self._files += self._runs.compare(connection, chain_holds=holds)
            self._files += self._sessions.compare(connection, chain_holds=holds)
            self._files += self._visits.compare(connection, chain_holds=holds)

    def look_over(self, connection: Connection) -> None:
        """Whether all else can be read."""
        self._files += [Break(0, each, FILES) for each in faults_of_files(connection)]

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
            self._account(seq, row["details"])

    def _look_at_rows(self, seq: int, row: RowMapping) -> None:
        if row["row_digests"] is not None:
            try:
                self._rows.take(seq, row["action"], row["row_digests"])
            except (TypeError, ValueError, KeyError):
                self._missed(seq, "is damaged: row_digests")

    def _account(self, seq: int, details: str) -> None:
        try:
            spanned = [(int(first), int(last)) for first, last in orjson.loads(details)["destroyed"]]
        except (TypeError, ValueError, KeyError):
            self._missed(seq, "is damaged: details")
            return
        for first, last in spanned:
            accounted = set(range(max(first, 1), min(last, seq) + 1))
            self._unaccounted -= accounted
            for each in sorted(accounted - self._destroyed):
                self._missed(each, f"was destroyed by entry {seq}, and is there again or gone altogether")

    def _see_noted(self) -> None:
        last = self._last
        if any(noted.seq == last.seq and noted.hash != last.hash for noted in self._noted):
            self._missed(last.seq, "is not the one that was noted elsewhere: the trail was written anew")

    def end(self, county: RowMapping | None, signed_by: Verifier | None) -> None:
        """Whether the last entry is the last one."""
        for seq in sorted(self._unaccounted) if self._whole else ():
            self._missed(seq, "is destroyed, and no forgetting accounts for it")
        if county is None:
            self._missed(self._last.seq, "is not known to be the last one: the county's row cannot be read")
        elif self._whole and (county["audit_seq"], county["audit_hash"]) != (self._last.seq, self._last.hash):
            self._missed(self._last.seq, f"is not the last one: the county knows of {_number(county['audit_seq'])}")
        for noted in self._noted if self._whole else ():
            if noted == DAMAGED_NOTE:
                self._missed(self._last.seq, "is not known to be the last one: the file in which the head is noted is damaged")
            elif noted.seq > self._last.seq:
                self._missed(noted.seq, "was noted elsewhere and is missing: the end of the trail was cut off")
        self._signed = self._is_signed(county, signed_by)

    def checked(self) -> Checked:
        """What was found."""
        breaks = sorted(self._breaks, key=lambda found: found.seq) + self._rows.breaks + self._files
        told = self._rows.compared, self._signed
        return Checked(self._entries, len(self._destroyed), self._last, breaks, self._backwards, self._good, *told)

    def _is_signed(self, county: RowMapping | None, by: Verifier | None) -> bool:
        if by is None or county is None:
            return False
        signature = county["audit_signature"]
        if not signature:
            self._missed(self._last.seq, "is the last one, and not signed: it, or one before it, was written without the key")
            return False
        holds = by.holds(self._last.seq, self._last.hash, signature)
        if not holds:
            self._missed(
                self._last.seq,
                "is the last one, and its signature is not by this key: it, or one before it, was written past the service",
            )
        return holds

    def _missed(self, seq: int, problem: str) -> None:
        self._breaks.append(Break(seq, problem))


def _damaged(row: RowMapping) -> list[str]:
    """The columns of an entry in which stands what no such column can hold."""
    wrong = [] if type(row["seq"]) is int else ["seq"]
    wrong += [name for name in TEXTS if not _is_text(row[name])]
    for name, kind in PERSONAL.items():
        value = row[name]
        if value is not None and not (_is_text(value) if kind is str else isinstance(value, kind)):
            wrong.append(name)
    return wrong


def _number(cell: object) -> str:
    return str(cell) if isinstance(cell, int) else "no number"


def _is_text(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(value.encode() or True)
    except UnicodeEncodeError:
        return False


def _moment(at: str) -> dt.datetime | None:
    """None for what is no moment in UTC: whoever wrote that is found by the entry's hash."""
    try:
        found = dt.datetime.fromisoformat(at)
    except ValueError:
        return None
    return None if found.tzinfo is None else found
