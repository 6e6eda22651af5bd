"""The people of a bridge, the trade-off and the figures of ``bridge.json``, counted again from the rows of the visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from optimiser.bridging.check_case import HOW, Case
from optimiser.bridging.check_people import Row, Waits, told_hours
from optimiser.county import County
from optimiser.domain.records import HARMS, PRIORITIES
from optimiser.version import FORMAT, SOFTWARE

Cases = Mapping[str, Case]
Counted = dict[str, int | str]


def people_faults(cases: Cases, county: County, waits: Waits, rows: list[Row]) -> Iterator[str]:
    """Everybody stands once in the list of people, most harm first, with what is recorded and what each alternative does."""
    if sorted(row["person_id"] for row in rows) != sorted(waits.people):
        yield "the list of people holds others than those who may have a bridge"
        return
    if [row["person_id"] for row in rows] != waits.in_order:
        yield "the list of people is not in its order"
    for row in rows:
        right = _person(cases, county, waits, row["person_id"])
        yield from (f"{row['person_id']}: {name} is {row[name]!r}" for name, value in right.items() if row[name] != value)


def _person(cases: Cases, county: County, waits: Waits, person: str) -> Row:
    records = [county.packages[county.package_index[name]] for name in waits.packages[person]]
    recorded = {record.if_missed for record in records}
    due = min(records, key=lambda record: county.as_of if record.start_by is None else record.start_by).start_by
    right = {
        "package_ids": ";".join(waits.packages[person]),
        "priority": next(each for each in PRIORITIES if any(record.priority == each for record in records)),
        "start_by": "" if due is None else due.isoformat(),
        "days_overdue": str(waits.days_overdue[person]),
        "if_missed": next((harm for harm in HARMS if harm in recorded), ""),
        "counted_as": waits.counted_as[person],
        "has_some_care": str(person in waits.with_some_care).lower(),
        "hours_that_cannot_wait": told_hours(waits.wanted[person]),
        "differs": str(differs(cases, person)).lower(),
    }
    for name, case in cases.items():
        right[f"{name}_covers"] = case.covers(person)
        right[f"{name}_hours"] = told_hours(case.minutes[person])
        right[f"{name}_contract_id"] = case.contract_ids.get(person, "")
    return right


def differs(cases: Cases, person: str) -> bool:
    """Whether alternatives cover different visits of somebody."""
    return len({case.visits[person] for case in cases.values()}) > 1


def trade_off(cases: Cases, waits: Waits) -> list[Counted]:
    """How many people of each harm have all, some and none of their visits in each alternative, and the hours."""
    found: list[Counted] = []
    for name, case in cases.items():
        for harm in HARMS:
            those = [person for person in waits.people if waits.counted_as[person] == harm]
            found.append({"alternative": name, "counted_as": harm, **_counted(case, waits, those)})
    return found


def _counted(case: Case, waits: Waits, those: Sequence[str]) -> Counted:
    """How many of these people have all, some and none of their visits, and the hours."""
    covered, wanted = sum(case.minutes[each] for each in those), sum(waits.wanted[each] for each in those)
    return {
        "people": len(those),
        **{f"people_{how}": sum(case.covers(person) == how for person in those) for how in HOW},
        "hours_covered": told_hours(covered),
        "hours_not_covered": told_hours(wanted - covered),
    }


def by_group(case: Case, county: County, waits: Waits) -> list[Counted]:
    """The same by hours of all of somebody's care, and by whether any of it takes two care workers."""
    minutes_a_week: Counter[str] = Counter()
    with_two = set()
    for record in county.packages:
        person = record.part_of or record.package_id
        minutes_a_week[person] += record.minutes_per_week
        if record.workers == 2:
            with_two.add(person)
    groups: list[tuple[str, str, list[str]]] = [
        ("hours", name, [each for each in waits.people if least < minutes_a_week[each] <= most])
        for name, least, most in (
            ("up to 7 hours", 0, 420), ("above 7 to 15 hours", 420, 900), ("above 15 hours", 900, 7 * 24 * 60 * 2),
        )
    ]  # fmt: skip
    groups.append(("workers", "one care worker", [each for each in waits.people if each not in with_two]))
    groups.append(("workers", "two care workers", [each for each in waits.people if each in with_two]))
    return [{"by": table, "group": name, **_counted(case, waits, those)} for table, name, those in groups if those]


def instead(cases: Cases, waits: Waits) -> list[Counted]:
    """For how many one alternative does more than another, and for how many less, with the hours; those that do the same are not
    in it.
    """
    found: list[Counted] = []
    for one, other in permutations(cases, 2):
        apart = [cases[one].minutes[person] - cases[other].minutes[person] for person in waits.people]
        more, less = [each for each in apart if each > 0], [-each for each in apart if each < 0]
        if more or less:
            row: Counted = {
                "alternative": one,
                "instead_of": other,
                "people_more": len(more),
                "hours_more": told_hours(sum(more)),
            }
            found.append(row | {"people_less": len(less), "hours_less": told_hours(sum(less))})
    return found


def table_faults(table: str, rows: Sequence[Row], right: Sequence[Counted]) -> Iterator[str]:
    """Where a table says otherwise than was counted: a fault a row."""
    if len(rows) != len(right):
        yield f"{table} has {len(rows)} rows, and {len(right)} were counted"
    for number, (row, counted) in enumerate(zip(rows, right, strict=False), start=1):
        wrong = [name for name, value in counted.items() if row[name] != str(value)]
        yield from (f"{table}, row {number}: {name} is {row[name]!r}, counted {counted[name]!r}" for name in wrong)


TEXTS = ("notes", "sentence", "levels")
"""What is no figure, or checked by itself."""


def record_faults(cases: Cases, county: County, waits: Waits, told: Mapping[str, Any]) -> Iterator[str]:
    """The figures of ``bridge.json``."""
    rows = trade_off(cases, waits)
    proven = all(level["proven"] for each in told["alternatives"] for level in each["levels"])
    right: dict[str, Any] = {
        "format": FORMAT,
        "software": SOFTWARE,
        "command": "bridge",
        "snapshot_digest": county.snapshot.digest(),
        "as_of": county.as_of.isoformat(),
        "chosen": None,
        "settings": county.snapshot.meanwhile_settings.of_bridges(),
        "complete": told["complete"] is True and proven,  # it went to its end only where all is proven
        "people": len(waits.people),
        "hours_that_cannot_wait": told_hours(sum(waits.wanted.values())),
        "people_for_whom_alternatives_differ": sum(differs(cases, person) for person in waits.people),
        "instead": instead(cases, waits),
        "others_waiting": dict(Counter(waits.others.values())),
    }
    yield from _apart(told, right, but=("alternatives", *TEXTS))
    for each in told["alternatives"]:
        case = cases[each["alternative"]]
        own: dict[str, Any] = {
            "alternative": case.name,
            "hours_covered": told_hours(sum(case.minutes.values())),
            "by_harm": [row for row in rows if row["alternative"] == case.name],
            "by_group": by_group(case, county, waits),
        }
        yield from (f"{case.name}: {fault}" for fault in _apart(each, own, but=TEXTS))


def _apart(told: Mapping[str, Any], right: Mapping[str, Any], but: Sequence[str]) -> Iterator[str]:
    for name in sorted((told.keys() | right.keys()) - set(but)):
        if name not in right:
            yield f"bridge.json: nobody has counted {name}"
        elif told.get(name, ...) != right[name]:
            yield f"bridge.json: {name} is {told.get(name)!r}, counted {right[name]!r}"
