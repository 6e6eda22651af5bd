"""A case as a problem of plain arrays for the search in strict order: an item a person, a choice one contract with some visits.

The three alternatives share all of it but the order of their levels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimiser.bridging.alternatives import (
    DAYS_WAITED,
    PEOPLE_WITH_NOTHING,
    Alternative,
    not_whole,
    nothing,
    own_rules,
    uncovered,
)
from optimiser.bridging.bridge_case import Case, Waiting
from optimiser.bridging.options import Option, Part, options_of
from optimiser.county import County, Ints
from optimiser.domain.records import HARMS
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Group, Pairs
from optimiser.solving.formulation import Fold, charged_levels, sparse_terms
from optimiser.solving.problem import UNPLACED, IntArray, Level, Problem, Terms


@dataclass(frozen=True)
class Model:
    """The problem of all alternatives, with the way back. ``problem`` has every level once, in no order."""

    case: Case
    options: tuple[Option, ...]
    """Per choice what it stands for."""
    problem: Problem
    by_rule: tuple[str, ...]
    """The names of the levels of the rule book, in their order."""

    def __repr__(self) -> str:
        return f"<Model of {self.case!r}: {self.problem!r}>"

    def ordered(self, alternative: Alternative, start: IntArray) -> Problem:
        """The problem with the levels of an alternative, in its order, and a plan to begin with."""
        level = {each.name: each for each in self.problem.levels}
        levels = tuple(level[name] for name in (*alternative.own_levels, *self.by_rule))
        return replace(self.problem, levels=levels, start=start)

    def taken(self, plan: IntArray) -> dict[str, Option]:
        """Per person's id what a plan chooses; who has nothing is not in it."""
        options = [self.options[choice] for choice in plan.tolist() if choice != UNPLACED]
        return {option.person.person_id: option for option in options}


def build(case: Case) -> Model:
    """The problem, beginning with nobody."""
    by_person = options_of(case)
    options = [option for found in by_person.values() for option in found]
    items = [item for item, found in enumerate(by_person.values()) for _ in found]
    county, pairs, fold = _parts_on_contracts(case, options)
    limits, capacity = _limits(county, pairs, fold)
    ruled, parts, constants = charged_levels(county, own_rules(), pairs, fold)
    minutes = np.array([option.minutes_per_week for option in options], dtype=np.int64)
    no_parts = (Fraction(0),) * len(constants)
    own = [
        *_per_harm(case, options, uncovered, lambda each: each.minutes_per_week, minutes, "minutes a week"),
        *_per_harm(case, options, nothing, _counts_with_nothing, _each(options, _counts_with_nothing), "people"),
        *_per_harm(case, options, not_whole, lambda _: 1, np.array([each.is_whole for each in options]), "people"),
        _saved(PEOPLE_WITH_NOTHING, case, _counts_with_nothing, _each(options, _counts_with_nothing), "people"),
        _saved(DAYS_WAITED, case, _days_waited, _each(options, _days_waited), "days"),
    ]
    levels = [*(replace(each, part_cost=no_parts) for each in own), *(_within(case, each) for each in ruled)]
    problem = Problem(
        item_count=len(by_person),
        must_place=np.zeros(len(by_person), dtype=np.bool_),
        choice_item=np.array(items, dtype=np.int64),
        limits=limits,
        limit_capacity=capacity,
        parts=parts,
        part_constant=constants,
        levels=tuple(levels),
        start=np.full(len(by_person), UNPLACED, dtype=np.int64),
    )
    return Model(case, tuple(options), problem, tuple(each.name for each in ruled))


def _parts_on_contracts(case: Case, options: Sequence[Option]) -> tuple[County, Pairs, Fold]:
    """Every package of every choice as the part that it would be, so that the rule book can charge for it and count it."""
    place: dict[Part, int] = {}
    choice, contract, virtual = [], [], []
    first = len(case.county.packages)
    for index, option in enumerate(options):
        for part in option.parts:
            choice.append(index)
            contract.append(option.contract)
            virtual.append(place.setdefault(part, first + len(place)))
    records = case.county.snapshot.packages
    parts = tuple(
        replace(
            records[part.package],
            package_id=f"{records[part.package].package_id} {number}",
            bundle_id="",
            minutes_per_week=part.minutes_per_week,
            visits_per_week=part.visits_per_week,
        )
        for part, number in place.items()
    )
    snapshot = replace(case.county.snapshot, packages=(*records, *parts))
    county = County.of(snapshot, travel=case.county.travel)
    settled = [(package, on) for package, on in enumerate(entry_plan(county).contracts) if on is not None]
    pairs = Pairs(
        np.array([*virtual, *(package for package, _ in settled)], dtype=np.int64),
        np.array([*contract, *(on for _, on in settled)], dtype=np.int64),
        len(virtual),
        np.empty(0, dtype=np.int64),
    )
    return county, pairs, Fold(np.array(choice, dtype=np.int64), len(options))


def _limits(county: County, pairs: Pairs, fold: Fold) -> tuple[Terms, IntArray]:
    """Every limit with what running care, accepted offers and holds leave of it."""
    entry, rows, capacity = entry_plan(county), [], []
    package, contract = pairs.package[: pairs.open_count], pairs.contract[: pairs.open_count]
    for limit in standard_rules().all_limits(county):
        counted = fold(county.minutes[package] * limit.counts_many(county, package, contract))
        if counted.any():
            rows.append(counted)
            capacity.append(max(0, limit.whole_minutes - used_minutes(county, limit, entry)))
    return sparse_terms(rows), np.array(capacity, dtype=np.int64)


def _counts_with_nothing(person: Waiting) -> int:
    return int(not person.has_some_care)


def _days_waited(person: Waiting) -> int:
    return person.days_overdue * _counts_with_nothing(person)


def _each(options: Sequence[Option], saves: Callable[[Waiting], int]) -> Ints:
    return np.array([saves(option.person) for option in options], dtype=np.int64)


def _saved(name: str, case: Case, without: Callable[[Waiting], int], saves: Ints, unit: str, harm: str = "") -> Level:
    """What people add up to without a bridge, less what each choice saves; of one harm, where it is named."""
    total = sum(without(person) for person in case.people if harm in ("", person.counted_as))
    return Level(name, Fraction(total), -saves.astype(np.int64), (), group=Group.WAITING, unit=unit)


def _per_harm(
    case: Case, options: Sequence[Option], name: Callable[[str], str], without: Callable[[Waiting], int], saves: Ints, unit: str
) -> list[Level]:
    counted = np.array([option.person.counted_as for option in options], dtype=object)
    return [_saved(name(harm), case, without, saves * (counted == harm), unit, harm) for harm in HARMS]


def _within(case: Case, level: Level) -> Level:
    """A level of the rule book; the cost is measured by the minutes that are looked for here."""
    policy = case.county.policy
    if level.group is not Group.COST:
        return replace(level, tolerance=0)
    return replace(
        level,
        tolerance=case.urgent_minutes // policy.tolerance_pence_divisor,
        proof_gap=case.urgent_minutes // policy.proof_pence_divisor,
    )
