"""Nothing is kept that could not be exported and read again: records are checked by the rules that check a snapshot's files.

Only what touches the records that are written is checked again, so that a county's size is not paid for inside a transaction.
What was wrong before (a fault that the passing of days has made) is nobody's fault now: only new faults refuse a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.state.state import State
from api.state.store import Change
from api.state.stored_records import area_body
from optimiser.io.area_files import MAY_BE_MISSING, PROPERTIES, area_of
from optimiser.io.cells import MOST_OWN_COLUMNS
from optimiser.io.faults import Fault, Findings, InputRefusedError
from optimiser.io.record_cells import EXTRA, FILE_OF, KINDS, Lines, cells_of, id_column, record_of
from optimiser.io.schema import OF_PEOPLE
from optimiser.io.validating import check_together

Records = Mapping[tuple[str, str], Any]
"""By kind and id; None: the record is gone."""
Bodies = Mapping[tuple[str, str], Mapping[str, Any] | None]
"""The same in the form of a file's cells."""
Written = dict[tuple[str, str], Mapping[str, Any] | None]
"""Such bodies, while they are put together."""

NAMED_BY_CARE = ("rounds",)
"""Kinds of which the first record makes every package that names another one wrong: until then nobody knows which there are."""


def put_checked(change: Change, written: Bodies) -> None:
    """Write bodies (None: take out) in the form of a file's cells. Raises ``InputRefusedError`` with every fault.

    They are judged beside all that the change has written so far.
    """
    records, faults = _judged(change.as_if(), written)
    if faults:
        raise InputRefusedError(faults)
    for (kind, record_id), body in written.items():
        if body is None:
            change.remove(kind, record_id)
        else:
            change.put(kind, record_id, {**body, **_cells_of(kind, records[kind, record_id])})


def faults_in(state: State, written: Bodies) -> list[Fault]:
    """What bodies would be refused for if they were written now."""
    return _judged(state, written)[1]


def _judged(state: State, written: Bodies) -> tuple[dict[tuple[str, str], Any], list[Fault]]:
    records: dict[tuple[str, str], Any] = {}
    faults: list[Fault] = []
    for (kind, record_id), body in written.items():
        try:
            records[kind, record_id] = None if body is None else _record_of(kind, body)
        except InputRefusedError as error:
            faults += error.faults
    return records, faults or [*new_faults(state, records), *_too_many_columns(state, written)]


def _record_of(kind: str, body: Mapping[str, Any]) -> Any:
    """The record of a body. Raises ``InputRefusedError`` for what the file would be refused for."""
    if kind != "areas":
        return record_of(kind, body)
    return area_of({name: body.get(name) for name, _ in PROPERTIES}, body.get("geometry"))


def _cells_of(kind: str, record: Any) -> Mapping[str, Any]:
    return cells_of(kind, record) if kind != "areas" else dict.fromkeys(MAY_BE_MISSING) | area_body(record)


def _too_many_columns(state: State, written: Bodies) -> list[Fault]:
    """A fault for each kind that would have more columns of the council's own than a file may have."""
    named: dict[str, set[str]] = {}
    for (kind, _), body in written.items():
        named.setdefault(kind, set()).update((body or {}).get(EXTRA, {}))
    known = {kind: set(own.columns) for kind, own in state.snapshot.extra.items()}
    many = {kind: len(names | known.get(kind, set())) for kind, names in named.items() if names - known.get(kind, set())}
    expected = f"at most {MOST_OWN_COLUMNS} columns of your own in all {{}}"
    return [Fault(kind, 0, EXTRA, expected.format(kind), str(n)) for kind, n in many.items() if n > MOST_OWN_COLUMNS]


def new_faults(state: State, records: Records) -> list[Fault]:
    """The faults that a state would have with some records written, and has not without them."""
    packages = {_package_of(kind, record_id, record, state) for (kind, record_id), record in records.items()}
    packages |= {record.part_of for (kind, _), record in records.items() if kind == "packages" and record is not None}
    if any(kind in NAMED_BY_CARE and not state.stock[kind] for kind, _ in records):
        packages |= set(state.stock["packages"])
    held = {kind: {getattr(record, id_column(kind)): record for record in _touched(state, kind, packages)} for kind in KINDS}
    held["areas"] = {area.area_id: area for area in state.snapshot.areas}
    before = set(_faults(state, held))
    for (kind, record_id), record in records.items():
        held[kind][record_id] = record
    return [fault for fault in _faults(state, held) if fault not in before]


def _faults(state: State, held: Mapping[str, Mapping[str, Any]]) -> list[Fault]:
    parts: dict[str, tuple[Any, ...]] = {}
    for kind, found in held.items():
        parts[kind] = tuple(found[each] for each in sorted(found) if found[each] is not None)
    findings = Findings()
    check_together(parts, _Anywhere(), state.as_of, findings)
    return findings.faults


def faults_of_all(state: State) -> list[Fault]:
    """Every fault of a whole county, as a snapshot would be judged on the state's day."""
    parts = {"areas": state.snapshot.areas} | {kind: getattr(state.snapshot, kind) for kind in KINDS}
    findings = Findings()
    check_together(parts, _Anywhere(), state.as_of, findings)
    return findings.faults


def _touched(state: State, kind: str, packages: set[str]) -> Iterable[Any]:
    """The records of a kind that a change can make wrong, or be wrong by."""
    if kind == "packages":
        return [found.record for package_id in packages if (found := state.get("packages", package_id))]
    if kind in OF_PEOPLE:
        return [stored.record for stored in state.stock[kind].values() if stored.record.package_id in packages]
    return getattr(state.snapshot, kind)  # type: ignore[no-any-return]


def _package_of(kind: str, record_id: str, record: Any, state: State) -> str:
    if kind not in OF_PEOPLE:
        return ""
    stored = state.get(kind, record_id)
    of = record if record is not None else stored.record if stored else None
    return "" if of is None else str(of.package_id)


class _Anywhere(Lines):
    """Records that stand on no line of a file."""

    def of(self, record: Any) -> tuple[str, int]:
        return FILE_OF[type(record).__name__], 0
