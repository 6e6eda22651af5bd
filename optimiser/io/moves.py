"""The files beside a snapshot that a transfer plan may be given: ``--history``, ``--agreed``, ``--refused``, ``--wishes``."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from optimiser.domain.moves import AgreedMove, EarlierMove, Known
from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import Column, date, identifier, minutes_of_hours, one_of
from optimiser.io.csv_tables import Row, read_table
from optimiser.io.faults import Findings, InputRefusedError, Note
from optimiser.io.spreadsheets import unescaped

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


AGREED = (Column("round_id", copied), Column("date", date))
REFUSED = (Column("package_id", copied), Column("refused_by", one_of("", "family", "social_worker"), optional=True))
WISHES = (Column("package_id", copied), Column("wish", one_of("direct_payment")))


def read_known(
    snapshot: Snapshot,
    *,
    history: Path | None = None,
    agreed: Path | None = None,
    refused: Path | None = None,
    wishes: Path | None = None,
) -> tuple[Known, tuple[Note, ...]]:
    """Read the files given. Raises ``InputRefusedError`` with every fault of all of them."""
    findings = Findings()
    known = Known(
        history=_history(history, snapshot, findings),
        agreed=_agreed(agreed, snapshot, findings),
        refused=_people(refused, REFUSED, snapshot, findings),
        wishes=_people(wishes, WISHES, snapshot, findings),
    )
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return known, findings.notes


def _rows(path: Path | None, columns: tuple[Column, ...], findings: Findings) -> list[Row]:
    return [] if path is None else read_table(path.parent, path.name, columns, findings)


def _history(path: Path | None, snapshot: Snapshot, findings: Findings) -> tuple[EarlierMove, ...]:
    known = {provider.provider_id for provider in snapshot.providers}
    moves = []
    for row in _rows(path, HISTORY, findings):
        move = EarlierMove(*row.values)
        assert path is not None
        if move.provider_id not in known:
            findings.fault(path.name, row.line, "from_provider_id", "a known provider_id", move.provider_id)
        if move.date > snapshot.as_of:
            findings.fault(path.name, row.line, "date", f"a date up to {snapshot.as_of}, the day of the snapshot", str(move.date))
        moves.append(move)
    return tuple(sorted(moves, key=lambda move: (move.date, move.package_id, move.provider_id, move.minutes_per_week)))


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
