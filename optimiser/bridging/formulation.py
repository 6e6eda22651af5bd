"""A case as a problem of plain arrays for the search in strict order: an item a person, a choice one contract with some visits.

The three alternatives share all of it but the order of their levels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from optimiser.bridging.options import Option, Part
from optimiser.county import County, Ints
from optimiser.domain.records import HARMS
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Group, Pairs
from optimiser.solving.formulation import Fold, charged_levels, sparse_terms
from optimiser.solving.problem import UNPLACED, IntArray, Level, Problem, Terms

ByPerson = Mapping[str, Sequence[Option]]
"""Per person's id what may be chosen, in the order of a neutral hash."""


@dataclass(frozen=True)
class Parts:
    """The county with every part that a bridge may make of a package, as a package of its own that the rule book can judge."""

    county: County
    place: Mapping[Part, int]

    def __repr__(self) -> str:
        return f"<Parts: {len(self.place)}>"

    @staticmethod
    def of(case: Case, options: Sequence[Option]) -> Parts:
        place: dict[Part, int] = {}
        records = case.county.snapshot.packages
        for option in options:
            for part in option.parts:
                place.setdefault(part, len(records) + len(place))
        made = tuple(
            replace(
                records[part.package],
                package_id=f"{records[part.package].package_id} {number}",
                bundle_id="",
                minutes_per_week=part.minutes_per_week,
                visits_per_week=part.visits_per_week,
            )
            for part, number in place.items()
        )
        snapshot = replace(case.county.snapshot, packages=(*records, *made))
        return Parts(County.of(snapshot, travel=case.county.travel), place)

    def pairs(self, options: Sequence[Option]) -> tuple[Pairs, Fold]:
        """Every part of every choice, those that are settled after them; and how they add up to choices."""
        found = [(index, self.place[part], option.contract) for index, option in enumerate(options) for part in option.parts]
        settled = [(package, on) for package, on in enumerate(entry_plan(self.county).contracts) if on is not None]
        pairs = Pairs(
            np.array([*(part for _, part, _ in found), *(package for package, _ in settled)], dtype=np.int64),
            np.array([*(contract for *_, contract in found), *(on for _, on in settled)], dtype=np.int64),
            len(found),
            np.empty(0, dtype=np.int64),
        )
        return pairs, Fold(np.array([index for index, *_ in found], dtype=np.int64), len(options))


@dataclass(frozen=True)
class Model:
    """A problem with the way back."""

    case: Case
    options: tuple[Option, ...]
    """Per choice what it stands for."""
    problem: Problem
    by_rule: tuple[str, ...]
    """The names of the levels of the rule book."""

    def __repr__(self) -> str:
        return f"<Model of {self.case!r}: {self.problem!r}>"

    def ordered(self, alternative: Alternative) -> Problem:
        """The problem with the levels of an alternative, in its order."""
        level = {each.name: each for each in self.problem.levels}
        return replace(self.problem, levels=tuple(level[name] for name in (*alternative.own_levels, *self.by_rule)))

    def taken(self, plan: IntArray) -> dict[str, Option]:
        """Per person's id what a plan chooses; who has nothing is not in it."""
        options = [self.options[choice] for choice in plan.tolist() if choice != UNPLACED]
        return {option.person.person_id: option for option in options}


def build(case: Case, by_person: ByPerson) -> Model:
    """The problem with the levels of every alternative, each once and in no order; nobody has anything to begin with."""
    options = [option for found in by_person.values() for option in found]
    parts = Parts.of(case, options)
    pairs, fold = parts.pairs(options)
    limits, capacity = _limits(parts.county, pairs, fold)
    minutes = np.array([option.minutes_per_week for option in options], dtype=np.int64)
    ruled, terms, constants = charged_levels(parts.county, own_rules(), pairs, fold)
    own = (
        *_per_harm(case, options, uncovered, lambda each: each.minutes_per_week, minutes, "minutes a week"),
        *_per_harm(case, options, nothing, _counts_with_nothing, _each(options, _counts_with_nothing), "people"),
        *_per_harm(
            case, options, not_whole, lambda _: 1, np.array([each.is_whole for each in options], dtype=np.int64), "people"
        ),
        _saved(PEOPLE_WITH_NOTHING, case, _counts_with_nothing, _each(options, _counts_with_nothing), "people"),
        _saved(DAYS_WAITED, case, _days_waited, _each(options, _days_waited), "days"),
    )
    no_parts = (Fraction(0),) * len(constants)
    problem = Problem(
        item_count=len(by_person),
        must_place=np.zeros(len(by_person), dtype=np.bool_),
        choice_item=np.array([item for item, found in enumerate(by_person.values()) for _ in found], dtype=np.int64),
        limits=limits,
        limit_capacity=capacity,
        parts=terms,
        part_constant=constants,
        levels=(*(replace(level, part_cost=no_parts) for level in own), *ruled),
        start=np.full(len(by_person), UNPLACED, dtype=np.int64),
    )
    return Model(case, tuple(options), problem, tuple(level.name for level in ruled))


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
    return Level(name, Fraction(total), -saves, (), group=Group.WAITING, unit=unit)


def _per_harm(
    case: Case, options: Sequence[Option], name: Callable[[str], str], without: Callable[[Waiting], int], saves: Ints, unit: str
) -> list[Level]:
    counted = [option.person.counted_as for option in options]
    return [
        _saved(name(harm), case, without, saves * np.array([each == harm for each in counted], dtype=np.int64), unit, harm)
        for harm in HARMS
    ]
