"""On tiny counties drawn at random: each alternative is what trying every plan finds, level by level, and the check agrees."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.bridging.report import bridge_files
from optimiser.bridging.story import plan_bridge
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import HARMS, Package, Visit
from optimiser.judging.checking import findings
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Group
from tests.bridging.waiting import county, someone
from tests.making import at, days

Person = tuple[Package, list[Visit]]
Choice = tuple[int, tuple[Visit, ...]] | None


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    """One to three people with one or two visits that cannot wait."""
    drawn = [
        someone(
            f"P{number}",
            draw(st.integers(1, 2)),
            place=draw(st.sampled_from([at(), at(9_000)])),
            if_missed=draw(st.sampled_from(["", *HARMS])),
            start_by=draw(st.sampled_from([None, days(-3), days(-1)])),
            excluded_provider_ids=draw(st.sampled_from([(), (), ("ELM",)])),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    if draw(st.booleans()):  # one visit is shorter
        person, own = drawn[0]
        own[0] = replace(own[0], duration_minutes=15)
        drawn[0] = replace(person, minutes_per_week=person.minutes_per_week - 105), own
    return drawn


def every_value(made: County, drawn: list[Person]) -> list[dict[str, int]]:
    """The levels of every plan that breaks nothing, worked out one by one from the records."""
    ways: list[list[Choice]] = [
        [None, *((k, some) for k in range(len(made.contracts)) for n in range(len(own)) for some in combinations(own, n + 1))]
        for _, own in drawn
    ]
    return [found for choice in product(*ways) if (found := _values(made, drawn, choice)) is not None]


def _values(made: County, drawn: list[Person], choice: tuple[Choice, ...]) -> dict[str, int] | None:
    packages, contracts = list(made.snapshot.packages), list(entry_plan(made).contracts)
    minutes = []
    for (person, _), taken in zip(drawn, choice, strict=True):
        minutes.append(sum(each.duration_minutes * 7 for each in taken[1]) if taken else 0)
        if taken:
            index = made.package_index[person.package_id]
            packages[index] = replace(packages[index], minutes_per_week=minutes[-1], visits_per_week=7 * len(taken[1]))
            contracts[index] = taken[0]
    county_of, plan = County.of(replace(made.snapshot, packages=tuple(packages)), like=made), Plan.of(contracts)
    if findings(county_of, standard_rules(), plan)[0]:
        return None
    found = dict.fromkeys([f"{kind}_{harm}" for kind in ("uncovered", "nothing", "not_whole") for harm in HARMS], 0)
    found |= {"people_with_nothing": 0, "days_waited": 0}
    for (person, own), covered in zip(drawn, minutes, strict=True):
        wanted, harm = sum(each.duration_minutes * 7 for each in own), person.if_missed or "red"
        found[f"uncovered_{harm}"] += wanted - covered
        found[f"nothing_{harm}"] += not covered
        found[f"not_whole_{harm}"] += covered < wanted
        found["people_with_nothing"] += not covered
        found["days_waited"] += (made.as_of - person.start_by).days if person.start_by and not covered else 0
    by_exception = standard_rules().level(Group.EXCEPTION)
    return found | {by_exception.name: by_exception.value(county_of, plan)}


@settings(max_examples=8, deadline=None)
@given(people(), st.sampled_from([0, 1.75, 3.5, 7, 10.5]), st.sampled_from([0, 3.5]))
def test_no_plan_is_better_and_the_check_agrees(drawn: list[Person], elm: float, oak: float) -> None:
    made = county(drawn, elm=elm, oak=oak)
    bridge = plan_bridge(made)
    assert bridge.all_proven
    assert bridge_files(bridge, {})
    every = every_value(bridge.case.county, drawn)
    for plan in bridge.plans:
        left = every
        for level in plan.levels:
            best = min(each[level.name] for each in left)
            assert level.bound == best == level.best == level.value, (plan.name, level.name)
            left = [each for each in left if each[level.name] == best]
