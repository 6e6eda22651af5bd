"""The files beside a snapshot that say what is known of moves: ``--history``, ``--agreed``, ``--refused``, ``--wishes``,
``--limits``; an earlier transfer plan, read back from its folder; the placements of an earlier allocation; and the pins of a run
(``--pins``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from optimiser.domain.brief import WAITING
from optimiser.domain.plan import AgreedLimit, AgreedMove, EarlierMove, Known
from optimiser.domain.records import CARE_STEP_MINUTES
from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import BadCellError, Column, date, decimal, identifier, minutes_of_hours, one_of, optional
from optimiser.io.cells import line as words_on_a_line
from optimiser.io.csv_tables import Row, read_table
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings, InputRefusedError, Note, shown
from optimiser.io.headings import by_looks, nearest
from optimiser.io.spreadsheets import unescaped, unescaping

HISTORY = (
    Column("date", date),
    Column("package_id", identifier),
    Column("from_provider_id", identifier),
    Column("hours_per_week", minutes_of_hours),
)


def copied(cell: str) -> str:
    """An id that somebody may have copied from a table of ours, where an apostrophe keeps spreadsheets from computing it."""
    identifier(unescaped(cell))
    return cell


def minutes_of_a_provider(cell: str) -> int:
    """Hours of all of a provider's care, in quarter hours, as minutes; 0 is possible."""
    value = _hours(cell) * 60
    if value % CARE_STEP_MINUTES:
        raise BadCellError("hours in quarter hours, such as 120.25", "not in quarter hours", code=Code.TOO_PRECISE)
    return int(value)


_hours = decimal(0, 100_000)


AGREED = (Column("round_id", copied), Column("date", date))
REFUSED = (Column("package_id", copied), Column("refused_by", one_of("", "family", "social_worker"), optional=True))
WISHES = (Column("package_id", copied), Column("wish", one_of("direct_payment")))
LIMITS = (
    Column("provider_id", copied),
    Column("share", optional(decimal(0, 1)), optional=True),
    Column("hours_per_week", optional(minutes_of_a_provider), optional=True),
    Column("reason", words_on_a_line),
)
PINS = (Column("package_id", copied), Column("contract_id", copied))
TRANSFERS = "transfers.csv"
EARLIER = (
    Column("round_id", unescaping(identifier)),
    Column("decision", one_of("transfer", "stay")),
    Column("date", optional(date)),
)


def read_history(file: Path, snapshot: Snapshot) -> tuple[tuple[EarlierMove, ...], tuple[Note, ...]]:
    """The moves made earlier, and what was odd. Raises ``InputRefusedError`` with every fault found."""
    known, notes = read_known(snapshot, history=file)
    return known.history, notes


def read_known(
    snapshot: Snapshot,
    *,
    history: Path | None = None,
    agreed: Path | None = None,
    refused: Path | None = None,
    wishes: Path | None = None,
    limits: Path | None = None,
) -> tuple[Known, tuple[Note, ...]]:
    """Read the files given. Raises ``InputRefusedError`` with every fault of all of them."""
    findings = Findings()
    known = Known(
        history=_history(history, snapshot, findings),
        agreed=_agreed(agreed, snapshot, findings),
        refused=_people(refused, REFUSED, snapshot, findings),
        wishes=_people(wishes, WISHES, snapshot, findings),
        limits=_limits(limits, snapshot, findings),
    )
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return known, findings.notes


def read_pins(file: Path | None, given: Iterable[str] = ()) -> dict[str, str | None]:
    """The pins of a file and those ``given`` (``PACKAGE=CONTRACT``): per package a contract, or None for one that stays waiting.

    Ids are not looked up here. Raises ``InputRefusedError`` with every fault found.
    """
    findings, pins = Findings(), dict[str, str | None]()
    lines: list[tuple[str, int, str, str]] = []
    for text in given:
        package_id, _, contract_id = text.partition("=")
        if package_id and contract_id:
            lines.append(("--pin", 0, package_id, contract_id))
        else:
            findings.fault("--pin", 0, "", f"PACKAGE=CONTRACT or PACKAGE={WAITING}", text)
    for row in _rows(file, PINS, findings):
        assert file is not None
        lines.append((file.name, row.line, unescaped(row.values[0]), unescaped(row.values[1])))
    for name, line, package_id, contract_id in lines:
        if package_id in pins:
            findings.fault(name, line, "package_id", "each package once", package_id)
        pins[package_id] = None if contract_id == WAITING else contract_id
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return pins


def _rows(path: Path | None, columns: tuple[Column, ...], findings: Findings) -> list[Row]:
    return [] if path is None else read_table(path.parent, path.name, columns, findings)


def _history(path: Path | None, snapshot: Snapshot, findings: Findings) -> tuple[EarlierMove, ...]:
    """In the order of date and package, whatever the order of the rows."""
    moves: dict[tuple[dt.date, str], EarlierMove] = {}
    for row in _rows(path, HISTORY, findings):
        move = EarlierMove(*row.values)
        assert path is not None
        if move.date > snapshot.as_of:
            findings.fault(path.name, row.line, "date", f"a date up to {snapshot.as_of}, the snapshot's date", str(move.date))
        if (move.date, move.package_id) in moves:
            findings.fault(path.name, row.line, "package_id", "each move once", "the same package on the same day again")
        moves[move.date, move.package_id] = move
    if path is not None:
        _note_strangers(path.name, moves.values(), snapshot, findings)
    return tuple(moves[key] for key in sorted(moves))


def _note_strangers(name: str, moves: Iterable[EarlierMove], snapshot: Snapshot, findings: Findings) -> None:
    """A provider may have left since; or its id is mistyped, and what it lost would limit nobody."""
    known = {provider.provider_id for provider in snapshot.providers}
    looks = by_looks(known)
    for stranger in (move.from_provider_id for move in moves if move.from_provider_id not in known):
        near = nearest(stranger, looks)
        meant = f" (nearest: {shown(near)})" if near else ""
        findings.note(name, f"provider {shown(stranger)} is not in the snapshot{meant}; what it lost limits nobody")


def _agreed(path: Path | None, snapshot: Snapshot, findings: Findings) -> tuple[AgreedMove, ...]:
    known = {each.round_id for each in snapshot.rounds} | {package.round_id for package in snapshot.packages}
    moves: dict[str, AgreedMove] = {}
    for row in _rows(path, AGREED, findings):
        move = AgreedMove(_as_known(row.values[0], known), row.values[1])
        assert path is not None
        if move.round_id in moves:
            findings.fault(path.name, row.line, "round_id", "each round once", move.round_id)
        moves[move.round_id] = move
    return tuple(moves[name] for name in sorted(moves))


def _limits(path: Path | None, snapshot: Snapshot, findings: Findings) -> tuple[AgreedLimit, ...]:
    """By provider, whatever the order of the rows."""
    known = {provider.provider_id for provider in snapshot.providers}
    found: dict[str, AgreedLimit] = {}
    for row in _rows(path, LIMITS, findings):
        assert path is not None
        named, share, minutes, reason = row.values
        provider_id = _as_known(named, known)
        if provider_id not in known:
            findings.fault(path.name, row.line, "provider_id", "a known provider_id", provider_id)
        if provider_id in found:
            findings.fault(path.name, row.line, "provider_id", "each provider once", provider_id)
        if (share is None) == (minutes is None):
            findings.fault(path.name, row.line, "share", "a share or hours_per_week, one of the two")
        if not reason.strip():
            findings.fault(path.name, row.line, "reason", "why it was agreed")
        found[provider_id] = AgreedLimit(provider_id, unescaped(reason).strip(), share, minutes)
    return tuple(found[name] for name in sorted(found))


def _people(path: Path | None, columns: tuple[Column, ...], snapshot: Snapshot, findings: Findings) -> frozenset[str]:
    known = {package.package_id for package in snapshot.packages}
    people = set()
    for row in _rows(path, columns, findings):
        assert path is not None
        package_id = _as_known(row.values[0], known)
        if package_id not in known:
            findings.fault(path.name, row.line, "package_id", "a known package_id", package_id)
        people.add(package_id)
    return frozenset(people)


def _as_known(named: str, known: Collection[str]) -> str:
    """The id as it stands, else as it was before it was escaped."""
    return named if named in known else unescaped(named)


def read_earlier(folder: Path) -> dict[str, dt.date | None]:
    """Per round of an earlier plan the day that it was to move on; None for one that was to stay.

    Raises ``InputRefusedError``.
    """
    findings = Findings()
    found: dict[str, dt.date | None] = {}
    for row in read_table(folder, TRANSFERS, EARLIER, findings):
        round_id, decision, day = row.values
        if round_id in found:
            findings.fault(TRANSFERS, row.line, "round_id", "each round once", round_id)
        if (decision == "transfer") != (day is not None):
            findings.fault(TRANSFERS, row.line, "date", "a date where the decision is transfer, and none otherwise")
        found[round_id] = day
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return found


FILE = "allocations.csv"
COLUMNS = (
    Column("package_id", identifier),
    Column("outcome", one_of("placed", "unmet", "pending")),
    Column("contract_id", optional(identifier, "")),
)


def with_placements(snapshot: Snapshot, folder: Path) -> Snapshot:
    """The snapshot as if every placement had begun. Raises ``InputRefusedError`` when the result is not one of this snapshot."""
    findings = Findings()
    packages = {package.package_id: package for package in snapshot.packages}
    contracts = {contract.contract_id for contract in snapshot.contracts}
    for row in read_table(folder, FILE, COLUMNS, findings):
        package_id, outcome, contract_id = row.values
        if package_id not in packages:
            findings.fault(FILE, row.line, "package_id", "a package of the snapshot", package_id)
        elif outcome == "placed" and contract_id not in contracts:
            findings.fault(FILE, row.line, "contract_id", "a contract of the snapshot", contract_id)
        elif outcome == "placed" and packages[package_id].contract_id != contract_id:
            # In no round yet: the round that somebody leaves is not theirs any more.
            packages[package_id] = replace(packages[package_id], status="active", contract_id=contract_id, round_id="")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return replace(snapshot, packages=tuple(packages[package.package_id] for package in snapshot.packages))
