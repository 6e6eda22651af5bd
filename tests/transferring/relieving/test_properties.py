"""On tiny counties drawn at random: the plan is what trying every plan finds, level by level, and the check agrees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import HARMS, Package
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Group
from optimiser.transferring.relieving.report import relief_files
from tests.making import at
from tests.transferring.relieving.worlds import DAY, losing, on_dale, relieved, values

PLACES = [at(), at(2_000), at(9_000)]


@st.composite
def people(draw: st.DrawFn) -> list[Package]:
    """Two to five people with DALE, in two rounds or none; the last may be a part of the first one's care."""
    count = draw(st.integers(2, 5))
    drawn = [
        on_dale(
            f"P{number}",
            place=draw(st.sampled_from(PLACES)),
            hours=draw(st.sampled_from([2.5, 5, 7.5])),
            if_missed=draw(st.sampled_from(["", *HARMS])),
            round_id=draw(st.sampled_from(["", "R1", "R2"])),
            protected=draw(st.sampled_from(["", "", "autism"])),
            transfer_decision=draw(st.sampled_from(["", "suitable", "not_suitable"])),
            excluded_provider_ids=draw(st.sampled_from([(), ("ELM",)])),
        )
        for number in range(count)
    ]
    if draw(st.booleans()):
        drawn[-1] = replace(drawn[-1], part_of="P0", latitude=drawn[0].latitude, longitude=drawn[0].longitude)
    return drawn


def every_value(county: County, people: list[Package], hours: float) -> list[tuple[int, ...]]:
    """The levels of every plan that breaks nothing, worked out one by one from the records."""
    that_day, rules = county.moving_on(DAY, move_pending=True, move="relieve"), standard_rules()
    entry, found = entry_plan(county), []
    ways = [[*range(len(county.contracts)), None] for _ in people]
    for choice in product(*ways):
        if _is_allowed(that_day, choice, hours):
            plan = list(entry.contracts)
            for package, contract in enumerate(choice):
                plan[package] = contract
            limits = rules.all_limits(that_day)
            if all(used_minutes(county, limit, Plan.of(plan)) <= limit.minutes for limit in limits):
                found.append(_values(that_day, choice, Plan.of(plan)))
    return found


def _is_allowed(county: County, choice: tuple[int | None, ...], hours: float) -> bool:
    kept = 0
    for package, contract in enumerate(choice):
        if contract == county.running_on[package]:
            kept += county.packages[package].minutes_per_week
        elif contract is not None and not all(
            rule.waived_on_hand_back or rule.finding(county, package, contract).passed for rule in standard_rules().eligibility
        ):
            return False
    return kept <= hours * 60


def _values(county: County, choice: tuple[int | None, ...], plan: Plan) -> tuple[int, ...]:
    records, rules = county.packages, standard_rules()
    uncovered = [
        sum(p.minutes_per_week for p, to in zip(records, choice, strict=True) if to is None and (p.if_missed or "red") == harm)
        for harm in HARMS
    ]

    def people(those: Iterable[Package]) -> set[str]:
        return {p.part_of or p.package_id for p in those}

    left = [p for p, to in zip(records, choice, strict=True) if to is None]
    gone = [p for i, (p, to) in enumerate(zip(records, choice, strict=True)) if to != county.running_on[i]]
    protected = people(p for p in records if p.protected)
    against = protected | people(p for p in gone if p.transfer_decision == "not_suitable")
    rounds: dict[str, set[str]] = {}
    for record, to in zip(records, choice, strict=True):
        if record.round_id:
            rounds.setdefault(record.round_id, set()).add("" if to is None else county.contracts[to].provider_id)
    own = [rules.level(group).value(county, plan) for group in (Group.EXCEPTION, Group.COST, Group.TRAVEL)]
    return (
        *uncovered,
        len(people(left) & protected),
        len(people(gone) & against),
        len(people(gone)),
        sum(len(providers) > 1 or "" in providers for providers in rounds.values()),
        *own,
    )


@settings(max_examples=25, deadline=None)
@given(people(), st.sampled_from([0, 2.5, 5, 10, 12.5]), st.sampled_from([0, 5, 10]), st.sampled_from([0, 5]))
def test_no_plan_is_better_and_the_check_agrees(drawn: list[Package], hours: float, elm: int, oak: int) -> None:
    made = losing(drawn, elm=elm, oak=oak)
    plan = relieved(made, hours)
    assert plan.all_proven
    assert relief_files(plan, {})
    left = every_value(County.of(made), drawn, hours)
    open_pence = plan.case.excess_minutes // plan.before.policy.proof_pence_divisor
    for place, level in enumerate(plan.levels):
        best = min(each[place] for each in left)
        may_be_open = Fraction(open_pence if place == 8 else best / Fraction(10_000) if place == 9 else 0)
        assert level.bound <= best <= level.best <= best + may_be_open, level.name
        left = [each for each in left if each[place] <= best + level.tolerance]
    assert tuple(values(plan).values()) in left
