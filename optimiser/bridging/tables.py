"""The tables of a bridge, a list of rows each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from optimiser.bridging.alternatives import ALTERNATIVES
from optimiser.bridging.bridge_case import Waiting
from optimiser.bridging.explain import Explainer
from optimiser.bridging.story import ALL, NONE, SOME, Bridge, Plan
from optimiser.domain.records import HARMS, PRIORITIES
from optimiser.domain.words import hours

Row = dict[str, object]

VISITS = (
    "alternative", "person_id", "package_id", "visit_id", "counted_as", "needs", "days", "earliest_start", "latest_start",
    "duration_minutes", "workers", "minutes_per_week", "covered", "contract_id", "provider_id", "in_rounds", "begins", "ends",
)  # fmt: skip
PEOPLE = (
    "person_id", "package_ids", "priority", "start_by", "days_overdue", "if_missed", "counted_as", "has_some_care",
    "hours_that_cannot_wait", "differs",
    *(f"{alternative.name}_{what}" for alternative in ALTERNATIVES for what in ("covers", "hours", "contract_id")),
)  # fmt: skip
TRADE_OFF = (
    "alternative", "counted_as", "people", "people_all", "people_some", "people_none", "hours_covered", "hours_not_covered",
)  # fmt: skip
INSTEAD = ("alternative", "instead_of", "people_more", "hours_more", "people_less", "hours_less")
OTHERS = ("package_id", "priority", "start_by", "if_missed", "hours_per_week", "reason")


def visit_rows(bridge: Bridge) -> Iterator[Row]:
    """A row per alternative and visit that cannot wait, most harm first."""
    case = bridge.case
    for plan in bridge.plans:
        for person in case.people:
            option = plan.taken.get(person.person_id)
            for place, each in enumerate(person.visits):
                visit = each.visit
                row: Row = {
                    "alternative": plan.name,
                    "person_id": person.person_id,
                    "package_id": visit.package_id,
                    "visit_id": visit.visit_id,
                    "counted_as": person.counted_as,
                    "needs": ";".join(visit.needs),
                    "days": ";".join(visit.days),
                    "earliest_start": f"{visit.earliest_start:%H:%M}",
                    "latest_start": f"{visit.latest_start:%H:%M}",
                    "duration_minutes": visit.duration_minutes,
                    "workers": visit.workers,
                    "minutes_per_week": each.minutes_per_week,
                    "covered": "false",
                }
                if option is not None and place in option.places:
                    contract = case.county.contracts[option.contract]
                    row |= {
                        "covered": "true",
                        "contract_id": contract.contract_id,
                        "provider_id": contract.provider_id,
                        "in_rounds": str(case.rounds_have(person, option.contract, option.minutes_per_week)).lower(),
                        "begins": case.begins(each.package),
                        "ends": case.ends(each.package),
                    }
                yield row


def people_rows(bridge: Bridge) -> Iterator[Row]:
    """A row per person, with what each alternative does for them. Of parts the first to be due, and the most urgent, counts."""
    county = bridge.case.county
    for person in bridge.case.people:
        records = [county.packages[package] for package in person.packages]
        row: Row = {
            "person_id": person.person_id,
            "package_ids": ";".join(record.package_id for record in records),
            "priority": min((record.priority for record in records), key=PRIORITIES.index),
            "start_by": min(records, key=lambda record: record.start_by or county.as_of).start_by or "",
            "days_overdue": person.days_overdue,
            "if_missed": person.if_missed,
            "counted_as": person.counted_as,
            "has_some_care": str(person.has_some_care).lower(),
            "hours_that_cannot_wait": hours(person.minutes_per_week),
            "differs": str(bridge.differs(person)).lower(),
        }
        for plan in bridge.plans:
            option = plan.taken.get(person.person_id)
            row[f"{plan.name}_covers"] = plan.covers(person)
            row[f"{plan.name}_hours"] = hours(plan.minutes(person))
            row[f"{plan.name}_contract_id"] = "" if option is None else county.contracts[option.contract].contract_id
        yield row


def trade_off_rows(bridge: Bridge) -> list[Row]:
    """A row per alternative and harm: how many people have all, some and none of their visits, and the hours."""
    return [_trade_off(bridge, plan, harm) for plan in bridge.plans for harm in HARMS]


def _trade_off(bridge: Bridge, plan: Plan, harm: str) -> Row:
    those = [person for person in bridge.case.people if person.counted_as == harm]
    return {"alternative": plan.name, "counted_as": harm, **how_many(plan, those)}


def how_many(plan: Plan, those: Sequence[Waiting]) -> Row:
    """How many of these people have all, some and none of their visits, and the hours."""
    covered = sum(map(plan.minutes, those))
    return {
        "people": len(those),
        **{f"people_{how}": sum(plan.covers(person) == how for person in those) for how in (ALL, SOME, NONE)},
        "hours_covered": hours(covered),
        "hours_not_covered": hours(sum(person.minutes_per_week for person in those) - covered),
    }


def instead_rows(bridge: Bridge) -> list[Row]:
    """A row per two alternatives that differ: for whom the one does more than the other, and for whom less, with the hours."""
    rows = []
    for one, other in permutations(bridge.plans, 2):
        more, less = _does_more(bridge.case.people, one, other), _does_more(bridge.case.people, other, one)
        if more or less:
            rows.append(
                {
                    "alternative": one.name,
                    "instead_of": other.name,
                    "people_more": len(more),
                    "hours_more": hours(sum(more)),
                    "people_less": len(less),
                    "hours_less": hours(sum(less)),
                }
            )
    return rows


def _does_more(people: tuple[Waiting, ...], one: Plan, other: Plan) -> list[int]:
    """How many minutes a week more, per person for whom it is any."""
    return [more for person in people if (more := one.minutes(person) - other.minutes(person)) > 0]


def other_rows(bridge: Bridge) -> list[Row]:
    """A row per package that waits and is not in it, in the order of their ids."""
    records = bridge.case.county.packages
    return [
        {
            "package_id": records[package].package_id,
            "priority": records[package].priority,
            "start_by": records[package].start_by or "",
            "if_missed": records[package].if_missed,
            "hours_per_week": hours(records[package].minutes_per_week),
            "reason": reason,
        }
        for package, reason in sorted(bridge.case.others, key=lambda each: records[each[0]].package_id)
    ]


def told_people(bridge: Bridge, explainer: Explainer) -> list[Row]:
    """The people of the page for whom the alternatives differ, with what each does in words."""
    return [
        {
            "person_id": person.person_id,
            "counted_as": person.counted_as,
            "hours": hours(person.minutes_per_week),
            "told": [(plan.name, plan.covers(person), explainer.reason(plan, person)) for plan in bridge.plans],
        }
        for person in bridge.case.people
        if bridge.differs(person)
    ]
