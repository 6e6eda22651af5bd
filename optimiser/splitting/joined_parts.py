"""Several snapshots to one: the way back of a split. Records under one id in several are one, whose limits are added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.splitting.parts_of_a_county import PART_OF
from optimiser.splitting.shared_limits import LIMITS
from optimiser.splitting.where_to import NAMED_BY, WITH_A_PERSON, id_of

SETTINGS = ("as_of", "policy", "procurement", "quality", "meanwhile_settings", "enhanced", "transfer")
OWN_COUNCIL_ALONE = ("geometry", "go_live")
"""What of an area stands with its own council alone: empty elsewhere."""
OF_ONE = ("packages", *WITH_A_PERSON)
"""Kinds whose records are in one part each."""


class CannotJoinError(Exception):
    """The snapshots are not parts of one county; ``faults`` say why, a sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} fault(s)")


def joined(parts: Mapping[str, Snapshot], title: str | None = None) -> Snapshot:
    """``parts``: by name, as it is told of in faults; at least two. ``title``: None: that of the county which all are parts of.

    Raises ``CannotJoinError`` with every fault.
    """
    faults: list[str] = []
    first = next(iter(parts.values()))
    for name in SETTINGS:
        faults += [f"{name}: that of {part} is not that of {next(iter(parts))}" for part, snapshot in parts.items()
                   if getattr(snapshot, name) != getattr(first, name)]  # fmt: skip
    held: dict[str, Any] = {}
    extra: dict[str, OwnColumns] = {}
    for kind in NAMED_BY:
        held[kind] = _of_a_kind(kind, parts, faults)
        own = [snapshot.extra[kind] for snapshot in parts.values() if kind in snapshot.extra]
        if own:
            extra[kind] = _own(kind, own, faults)
    whole_title = title if title is not None else _title([snapshot.title for snapshot in parts.values()])
    if whole_title is None:
        faults.append("title: they are not parts of one county by their titles; say --title")
    if faults:
        raise CannotJoinError(faults)
    reserve = tuple(sorted({area for snapshot in parts.values() for area in snapshot.reserve_areas}))
    return replace(first, title=whole_title or "", reserve_areas=reserve, extra=extra, **held)


def shared_among(parts: Mapping[str, Snapshot]) -> list[tuple[str, str]]:
    """Kind and id of what is in several."""
    where: defaultdict[tuple[str, str], int] = defaultdict(int)
    for snapshot in parts.values():
        for kind in NAMED_BY:
            for record in getattr(snapshot, kind):
                where[kind, id_of(kind, record)] += 1
    return sorted(key for key, count in where.items() if count > 1)


def _title(titles: Sequence[str]) -> str | None:
    ends = {title.partition(PART_OF)[2] if PART_OF in title else None for title in titles}
    return ends.pop() if len(ends) == 1 else None


def _of_a_kind(kind: str, parts: Mapping[str, Snapshot], faults: list[str]) -> tuple[Any, ...]:
    copies: defaultdict[str, list[tuple[str, Any]]] = defaultdict(list)
    for part, snapshot in parts.items():
        for record in getattr(snapshot, kind):
            copies[id_of(kind, record)].append((part, record))
    made = {}
    for name, found in copies.items():
        if kind in OF_ONE and len(found) > 1:
            faults.append(f"{kind} {name}: in {' and in '.join(part for part, _ in found)}, and it can be in one alone")
        faults += _differences(kind, name, found)
        made[name] = found[0][1] if len(found) == 1 else _one_of(kind, [record for _, record in found])
    return tuple(sorted(made.values(), key=_order(kind)))


def _order(kind: str) -> Any:
    """As the reader of folders has them: by what names them."""
    return lambda record: id_of(kind, record)


def _differences(kind: str, name: str, found: Sequence[tuple[str, Any]]) -> Iterator[str]:
    first_part, first = found[0]
    for part, record in found[1:]:
        for each in fields(first):
            one, other = getattr(first, each.name), getattr(record, each.name)
            if each.name in LIMITS.get(kind, ()):
                if (one is None) != (other is None):
                    yield f"{kind} {name}: {each.name} is empty in one of {first_part} and {part}, and not in the other"
            elif kind == "areas" and each.name in OWN_COUNCIL_ALONE:
                if one is not None and other is not None and one != other:
                    yield f"{kind} {name}: {each.name} in {part} is not that in {first_part}"
            elif one != other:
                yield f"{kind} {name}: {each.name} in {part} is not that in {first_part}"


def _one_of(kind: str, records: Sequence[Any]) -> Any:
    changed: dict[str, Any] = {}
    for column in LIMITS.get(kind, ()):
        values = [value for record in records if (value := getattr(record, column)) is not None]
        changed[column] = sum(values[1:], values[0]) if values else None
    if kind == "areas":
        for column in OWN_COUNCIL_ALONE:
            changed[column] = next((value for record in records if (value := getattr(record, column)) is not None), None)
    return replace(records[0], **changed)


def _own(kind: str, own: Sequence[OwnColumns], faults: list[str]) -> OwnColumns:
    columns = tuple(dict.fromkeys(column for each in own for column in each.columns))
    cells: dict[str, Mapping[str, str]] = {}
    for each in own:
        for name, found in each.cells.items():
            if cells.setdefault(name, found) != found:
                faults.append(f"{kind} {name}: columns of the council's own differ between parts")
    return OwnColumns(columns, cells)
