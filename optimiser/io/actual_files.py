"""``actuals.csv``: what call monitoring recorded, read whole or refused whole, with corrections as chains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from optimiser.domain.actuals import NEVER, NONE, OUTCOMES, REPEATS, WHO, WHY, WITHDRAWN, Actuals, Ints, Truths
from optimiser.domain.dates import LONDON, instant_of
from optimiser.io.cells import BadCellError, Column, date, identifier, moment, one_of, optional, text, whole
from optimiser.io.csv_columns import Places, ToNumber, read_columns
from optimiser.io.faults import Findings, InputRefusedError, Note

maybe_id = optional(identifier, "")
MOST_WORKERS = 2
ONCE = "each record corrected once; correct the correction"
SKIPPED, TWICE = 2**50, 2**51
"""Marks on an instant while a file is read: clocks did not show the time, or showed it twice."""


def _pseudonyms(cell: str) -> tuple[str, ...]:
    keys = tuple(sorted({identifier(part.strip()) for part in text(cell).split(";") if part.strip()}))
    if len(keys) > MOST_WORKERS:
        raise BadCellError(f"at most {MOST_WORKERS} pseudonyms, separated by ';'", "more")
    return keys


ACTUALS = (
    Column("actual_id", identifier),
    Column("package_id", identifier),
    Column("date", date),
    Column("visit_id", maybe_id),
    Column("planned_start", optional(moment)),
    Column("planned_minutes", optional(whole(1, 1440))),
    Column("arrived", optional(moment)),
    Column("left", optional(moment)),
    Column("workers", whole(1, MOST_WORKERS)),
    Column("worker_keys", _pseudonyms, personal=True, optional=True),
    Column("outcome", one_of(*OUTCOMES)),
    Column("who", one_of("", *WHO), optional=True),
    Column("why", one_of("", *WHY), personal=True, optional=True),
    Column("contract_id", maybe_id, optional=True),
    Column("corrects", maybe_id, optional=True),
)
COLUMN = {column.name: column for column in ACTUALS}
MOMENTS = ("planned_start", "arrived", "left")
"""Columns that hold a day with a time."""
NAMES = ("package_id", "visit_id", "worker_keys", "contract_id")


Earlier = Callable[[Collection[str]], Mapping[str, str]]
"""Asked for ids, tells which of them are records that are known from before: by each the record that corrects it, or ""."""


def none_earlier(_: Collection[str]) -> Mapping[str, str]:
    """The file has every record."""
    return {}


def read_actuals(path: Path, earlier: Earlier = none_earlier) -> tuple[Actuals, tuple[Note, ...]]:
    """The records of a file, and what was odd about its form. Raises ``InputRefusedError`` with every fault.

    ``earlier``: records that the file may correct though it does not hold them.
    """
    findings = Findings()
    places = {name: Places(COLUMN[name]) for name in NAMES}
    to_numbers: dict[str, ToNumber | None] = {
        "actual_id": None,
        "date": lambda cell: date(cell).toordinal(),
        "planned_start": _instant,
        "planned_minutes": _or_none(COLUMN["planned_minutes"]),
        "arrived": _instant,
        "left": _instant,
        "workers": COLUMN["workers"].parse,
        "outcome": _place_in("outcome", OUTCOMES),
        "who": _place_in("who", WHO),
        "why": _place_in("why", WHY),
        "corrects": None,
        **places,
    }
    read = read_columns(path.parent, path.name, ACTUALS, [to_numbers[name] for name in COLUMN], findings)
    if read is None:
        raise InputRefusedError(findings.faults)
    lines, columns = read
    found: dict[str, Any] = dict(zip(COLUMN, columns, strict=True))
    ids = found["actual_id"]
    known = _known_once(path.name, ids, lines, findings)
    before = earlier({each for each in found["corrects"] if each and each not in known})
    replaced = _replaced(path.name, ids, found["corrects"], known, before, lines, findings)
    _withdrawn_alone(path.name, found, lines, findings)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    planned, _, skipped_start = _unmarked(found["planned_start"])
    arrived, twice_arrived, skipped_arrival = _unmarked(found["arrived"])
    left, twice_left, skipped_end = _unmarked(found["left"])
    arrived, left = _shortest(arrived, left, (twice_arrived, twice_left))
    actuals = Actuals(
        ids=ids,
        packages=found["package_id"],
        package_names=places["package_id"].values,
        days=found["date"],
        visits=found["visit_id"],
        visit_names=places["visit_id"].values,
        contracts=found["contract_id"],
        contract_names=places["contract_id"].values,
        planned_start=planned,
        planned_minutes=found["planned_minutes"],
        arrived=arrived,
        left=left,
        workers=found["workers"],
        keys=found["worker_keys"],
        key_lists=places["worker_keys"].values,
        outcomes=found["outcome"],
        who=found["who"],
        why=found["why"],
        replaced=replaced,
        repeated=twice_arrived | twice_left,
        skipped=skipped_start | skipped_arrival | skipped_end,
    )
    return actuals, findings.notes


def _or_none(column: Column) -> ToNumber:
    def number(cell: str) -> int:
        value = column.parse(cell)
        return NONE if value is None else int(value)

    return number


def _place_in(name: str, words: Sequence[str]) -> ToNumber:
    parse = COLUMN[name].parse

    def place(cell: str) -> int:
        word = parse(cell)
        return words.index(word) if word else NONE

    return place


def _instant(cell: str) -> int:
    """Seconds since 1970 in UTC, with a mark where clocks show the time twice (the first is meant) or skip it (an hour later)."""
    if not cell:
        return int(NEVER)
    shown = moment(cell)
    if shown.microsecond:
        raise BadCellError("a time to the second", "a part of a second")
    midnight, steady = _day(shown.date())
    if steady:
        return midnight + shown.hour * 3600 + shown.minute * 60 + shown.second
    first, second = (shown.replace(tzinfo=LONDON, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    mark = TWICE if first < second else SKIPPED if first > second else 0
    return int(first.timestamp()) + mark


def _unmarked(instants: Ints) -> tuple[Ints, Truths, Truths]:
    """The instants without their marks; which were shown twice, and which were skipped."""
    twice, skipped = instants >= TWICE, (instants >= SKIPPED) & (instants < TWICE)
    return instants - twice * TWICE - skipped * SKIPPED, twice, skipped


@cache
def _day(day: dt.date) -> tuple[int, bool]:
    """Local midnight in seconds since 1970, and whether clocks are left alone on that day."""
    midnight = dt.datetime.combine(day, dt.time())
    begins = int(instant_of(midnight).timestamp())
    return begins, day < dt.date.max and int(instant_of(midnight + dt.timedelta(days=1)).timestamp()) - begins == 86400


def _known_once(name: str, ids: list[str | None], lines: Ints, findings: Findings) -> dict[str | None, int]:
    known = dict(zip(ids, range(len(ids)), strict=True))
    if len(known) < len(ids):
        seen = set[str | None]()
        for actual_id, line in zip(ids, lines, strict=True):
            if actual_id is not None and actual_id in seen:
                findings.fault(name, int(line), "actual_id", "each actual_id once", actual_id)
            seen.add(actual_id)
    return known


def _replaced(
    name: str,
    ids: list[str | None],
    corrects: list[str],
    known: dict[str | None, int],
    earlier: Mapping[str, str],
    lines: Ints,
    findings: Findings,
) -> Truths:
    """Which records a correction stands in place of: at most one for each, and never in a circle."""
    replaced, by = np.zeros(len(ids), np.bool_), dict[int, int]()
    by_earlier = dict(earlier)
    for at in [at for at, corrected in enumerate(corrects) if corrected]:
        corrected = corrects[at]
        before = known.get(corrected)
        if before is None and corrected in by_earlier:
            if by_earlier[corrected] not in ("", ids[at]):
                findings.fault(name, int(lines[at]), "corrects", ONCE, corrected)
            by_earlier[corrected] = ids[at] or ""
        elif before is None:
            findings.fault(name, int(lines[at]), "corrects", "an actual_id of this file", corrected)
        elif before in by:
            findings.fault(name, int(lines[at]), "corrects", ONCE, corrected)
        else:
            by[before] = at
            replaced[before] = True
    for at in by:
        chain, each = {at}, by.get(at)
        while each is not None and each not in chain:
            chain.add(each)
            each = by.get(each)
        if each is not None:
            findings.fault(name, int(lines[at]), "corrects", "corrections that do not go round in a circle", ids[at] or "")
    return replaced


def _withdrawn_alone(name: str, found: dict[str, Any], lines: Ints, findings: Findings) -> None:
    """Withdrawn is what a correction says: a record that withdraws nothing says nothing."""
    for at in np.flatnonzero(found["outcome"] == OUTCOMES.index(WITHDRAWN)).tolist():
        if not found["corrects"][at]:
            findings.fault(name, int(lines[at]), "outcome", f"{WITHDRAWN} in a correction alone: name the record it corrects")


def _shortest(arrived: Ints, left: Ints, twice: tuple[Truths, Truths]) -> tuple[Ints, Ints]:
    """Arrivals and ends; where a time was shown twice that night, the readings that make the shorter visit."""
    both = (arrived != NEVER) & (left != NEVER)
    late = twice[0] & both & ~twice[1] & (arrived + REPEATS <= left)
    second = twice[1] & both & (left < arrived)
    return arrived + late * REPEATS, left + second * REPEATS
