"""A case as a problem of plain arrays, for the search in strict order.

An item is a package, or something that is whole or not: a round, or a person whose care is divided into parts. A package's
choices are where it is now, wherever every rule lets it go on the day, and nowhere. What is whole has a choice for each way of
being so, which saves what being broken (not kept) costs, and costs as much again for each of its packages that is not as it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from optimiser.domain.person_records import NOT_SUITABLE
from optimiser.domain.records import HARMS
from optimiser.judging.candidates import neutral_hash
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.base import Level as LevelRule
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Charges, Group, Ints, Pairs
from optimiser.solving.problem import UNPLACED, BoolArray, IntArray, Level, Problem, Terms
from optimiser.transferring.relieving.relief_case import UNCOVERED, Case

LEFT, ASSESSED, NOT_KEPT, BROKEN = "protected_uncovered", "protected_not_kept", "people_not_kept", "rounds_broken"


def uncovered(harm: str) -> str:
    """The name of the level of those whom a missed visit would harm so much."""
    return f"uncovered_{harm}"


Part = tuple[Sequence[int], Sequence[int], int]
"""Choices, coefficients and a constant: what they add up to counts where it is above 0."""


@dataclass(frozen=True)
class Model:
    """A problem with the way back."""

    case: Case
    problem: Problem
    contract: IntArray
    """Per choice of a package its contract or ``UNCOVERED``; of what is whole the provider that it goes to, or ``UNCOVERED``."""
    links: dict[int, list[list[int]]]
    """Per choice of what is whole: per package of it the choices of which it has one then."""

    def __repr__(self) -> str:
        return f"<Model of {self.case!r}: {self.problem!r}>"

    def where(self, plan: IntArray) -> dict[int, int]:
        """Per member the contract that a plan has it on, or ``UNCOVERED``."""
        return {
            member: int(self.contract[choice])
            for member, choice in zip(self.case.members, plan[: len(self.case.members)], strict=True)
        }

    def choices(self, where: dict[int, int]) -> IntArray:
        """The plan that has every member on a contract, with all that is whole then."""
        case, items = self.case, self.problem.choice_item
        place = {member: item for item, member in enumerate(case.members)}
        taken = {(int(item), int(to)): choice for choice, (item, to) in enumerate(zip(items, self.contract, strict=True))}
        plan = np.full(self.problem.item_count, UNPLACED, dtype=np.int64)
        for member, to in where.items():
            plan[place[member]] = taken[place[member], to]
        held = self.problem.chosen(plan)
        for choice, others in self.links.items():
            if plan[items[choice]] == UNPLACED and all(held[each].any() for each in others):
                plan[items[choice]] = choice
        return plan


@dataclass
class _Choices:
    """The choices, item by item, and what they may add up to."""

    item: list[int] = field(default_factory=list)
    contract: list[int] = field(default_factory=list)
    rows: list[tuple[Sequence[int], Sequence[int], int]] = field(default_factory=list)
    """Choices, coefficients, capacity."""
    links: list[tuple[int, list[int]]] = field(default_factory=list)
    """A choice, and some others of which one must be taken with it."""
    items: int = 0

    def add_item(self, contracts: Iterable[int]) -> range:
        """A further item with a choice for each contract; the choices."""
        first = len(self.item)
        self.contract += contracts
        self.item += [self.items] * (len(self.contract) - first)
        self.items += 1
        return range(first, len(self.item))

    def at_most(self, choices: Sequence[int], coefficients: Sequence[int], capacity: int) -> None:
        self.rows.append((choices, coefficients, capacity))

    def only_with(self, one: int, others: list[int]) -> None:
        """One choice is taken only with one of some others, of which only one can be."""
        self.links.append((one, others))


def build(case: Case) -> Model:
    """The problem of a case, beginning with the plan made as it is done by hand."""
    made = _Choices()
    options = {member: made.add_item(_in_neutral_order(case, member)) for member in case.members}
    package = np.array([member for member in case.members for _ in options[member]], dtype=np.int64)
    contract = np.array(made.contract, dtype=np.int64)
    _limits(case, made, options)
    counted = _counted(case, package, contract)
    parted = [parts for parts in case.people.values() if len(parts) > 1]
    spared = {name: [_spared(made, options, parts, mask) for parts in parted] for name, mask in counted.items()}
    rounds = [_whole_round(case, made, options, round_id, members) for round_id, members in case.rounds.items()]
    count = len(made.item)
    levels = [
        *(_uncovered(case, package, contract, count, harm) for harm in HARMS),
        *(_people(case, name, package, mask, spared[name], count) for name, mask in counted.items()),
        Level(BROKEN, Fraction(len(rounds)), _minus(count, [z for choices in rounds for z in choices]), (), unit="rounds"),
    ]
    by_rule, rule_parts = _by_rule(case, package, contract, count)
    parts_made, own = _links(made, {name: {choice[0] for choice in choices} for name, choices in spared.items()})
    levels = [
        *(replace(level, part_cost=(*own.get(level.name, _nothing(parts_made)), *_nothing(rule_parts))) for level in levels),
        *(replace(level, part_cost=(*_nothing(parts_made), *level.part_cost)) for level in by_rule),
    ]
    all_parts = [*parts_made, *rule_parts]
    problem = Problem(
        item_count=made.items,
        must_place=np.array([item < len(case.members) for item in range(made.items)], dtype=np.bool_),
        choice_item=np.array(made.item, dtype=np.int64),
        limits=_terms([(choices, coefficients) for choices, coefficients, _ in made.rows]),
        limit_capacity=np.array([capacity for *_, capacity in made.rows], dtype=np.int64),
        parts=_terms([(choices, coefficients) for choices, coefficients, _ in all_parts]),
        part_constant=np.array([constant for *_, constant in all_parts], dtype=np.int64),
        levels=tuple(levels),
        start=np.full(made.items, UNPLACED, dtype=np.int64),
    )
    links_of: dict[int, list[list[int]]] = {}
    for one, others in made.links:
        links_of.setdefault(one, []).append(others)
    model = Model(case, problem, np.array(made.contract, dtype=np.int64), links_of)
    return replace(model, problem=replace(problem, start=model.choices(dict.fromkeys(case.members, UNCOVERED))))


def _in_neutral_order(case: Case, member: int) -> list[int]:
    """Where it is now, nowhere, and wherever it may go: those in the order of a neutral hash, not of anybody's name."""
    name, contracts = case.county.packages[member].package_id, case.county.contracts
    others = sorted(case.may_go_to[member], key=lambda to: neutral_hash(case.county, name, contracts[to].contract_id))
    return [case.now[member], UNCOVERED, *others]


def _limits(case: Case, made: _Choices, options: dict[int, range]) -> None:
    """The hours that are left, and every limit on whoever takes people on, with the room that today's care leaves."""
    county, rules, contract = case.county, standard_rules(), made.contract
    for place, loss in enumerate(case.losses):
        stay = [options[member][0] for member in case.members if case.loss_of[member] == place]
        made.at_most(stay, [case.minutes(m) for m in case.members if case.loss_of[m] == place], loss.minutes)
    entry = entry_plan(county)
    for limit in rules.all_limits(county):
        counted = [
            (choice, case.minutes(member))
            for member in case.members
            for choice in options[member][2:]
            if contract[choice] in limit.contracts and limit.counts(county, member, contract[choice])
        ]
        if counted:
            room = max(0, limit.whole_minutes - used_minutes(county, limit, entry))
            made.at_most([choice for choice, _ in counted], [minutes for _, minutes in counted], room)


def _counted(case: Case, package: Ints, contract: Ints) -> dict[str, BoolArray]:
    """Per level about people the choices that count on it: protected and left without care (where the setting says so), not kept
    though an assessment is against a move, and not kept at all. Whoever is left without care is not kept: else a plan had fewer
    moves that leaves more people, or fragile ones, without anybody.
    """
    left = contract == UNCOVERED
    moves = ~left & (contract != np.array([case.now[member] for member in package.tolist()]))
    frail = {m for parts in case.people.values() if any(case.county.packages[m].protected for m in parts) for m in parts}
    protected = np.array([member in frail for member in package.tolist()], dtype=np.bool_)
    refused = [
        bool(moved and case.decision_on(member, to) == NOT_SUITABLE) or bool(gone and case.found_not_suitable(member))
        for moved, gone, member, to in zip(moves, left, package.tolist(), contract.tolist(), strict=True)
    ]
    found = {LEFT: left & protected, ASSESSED: ((moves | left) & protected) | refused, NOT_KEPT: moves | left}
    return found if case.policy.relieve_protected_covered_first else {name: found[name] for name in (ASSESSED, NOT_KEPT)}


def _spared(made: _Choices, options: dict[int, range], parts: list[int], counted: BoolArray) -> range:
    """The choice of a person whose care is in parts that none of them is on a choice that counts."""
    choices = made.add_item([UNCOVERED])
    for part in parts:
        made.only_with(choices[0], [choice for choice in options[part] if not counted[choice]])
    return choices


def _whole_round(case: Case, made: _Choices, options: dict[int, range], round_id: str, members: list[int]) -> range:
    """The choices by which a round stays whole: everybody stays, or everybody goes to one provider."""
    county, by_provider = case.county, []
    if not case.stays_in_round(round_id):
        goes = [{int(county.provider_of[to]) for to in case.may_go_to[member]} for member in members]
        by_provider = sorted(
            set.intersection(*goes), key=lambda p: neutral_hash(county, round_id, county.providers[p].provider_id)
        )
    choices = made.add_item([UNCOVERED, *by_provider])
    for member in members:
        made.only_with(choices[0], [options[member][0]])
        for choice, provider in zip(choices[1:], by_provider, strict=True):
            there = [each for each in options[member][2:] if county.provider_of[made.contract[each]] == provider]
            made.only_with(choice, there)
    return choices


def _uncovered(case: Case, package: Ints, contract: Ints, count: int, harm: str) -> Level:
    """The minutes a week that nobody delivers of those whom a missed visit would harm so much."""
    cost = np.zeros(count, dtype=np.int64)
    those = np.array([case.harm(member) == harm for member in package.tolist()], dtype=np.bool_)
    cost[: len(package)] = case.county.minutes[package] * (those & (contract == UNCOVERED))
    return Level(uncovered(harm), Fraction(0), cost, (), group=Group.WAITING, unit="minutes a week")


def _people(case: Case, name: str, package: Ints, counted: BoolArray, spared: Sequence[range], count: int) -> Level:
    """How many people are on choices that count; whoever's care is in parts counts once."""
    alone = {parts[0] for parts in case.people.values() if len(parts) == 1}
    cost = _minus(count, [choices[0] for choices in spared])
    cost[: len(package)] = counted & np.array([member in alone for member in package.tolist()], dtype=np.bool_)
    return Level(name, Fraction(len(spared)), cost, (), group=Group.MOVES, unit="people")


def _minus(count: int, choices: Sequence[int]) -> IntArray:
    cost = np.zeros(count, dtype=np.int64)
    cost[list(choices)] = -1
    return cost


def own_rules() -> tuple[LevelRule, ...]:
    """The levels of the rule book that come after those of a relief."""
    rules = standard_rules()
    return tuple(rules.level(group) for group in (Group.EXCEPTION, Group.COST, Group.TRAVEL))


def _by_rule(case: Case, package: Ints, contract: Ints, count: int) -> tuple[list[Level], list[Part]]:
    """Care by exception, cost and travel, as the rule book charges for them."""
    somewhere = np.flatnonzero(contract != UNCOVERED)
    concerned = set(case.members)
    others = [(p, int(c)) for p, c in enumerate(entry_plan(case.county).contracts) if c is not None and p not in concerned]
    pairs = Pairs(
        np.concatenate((package[somewhere], np.array([p for p, _ in others], dtype=np.int64))),
        np.concatenate((contract[somewhere], np.array([c for _, c in others], dtype=np.int64))),
        len(somewhere),
        np.empty(0, dtype=np.int64),
    )
    spoken = []
    for rule in own_rules():
        charges = Charges()
        rule.charge(case.county, pairs, charges)
        spoken.append((rule, charges))
    number = sum(len(charges.parts) for _, charges in spoken)
    levels: list[Level] = []
    parts: list[Part] = []
    for rule, charges in spoken:
        per_pair: IntArray = np.asarray(np.sum(charges.per_pair, axis=0, dtype=np.int64))
        cost = np.zeros(count, dtype=np.int64)
        cost[somewhere] = per_pair[: len(somewhere)]
        part_cost = [Fraction(0)] * number
        for part in charges.parts:
            part_cost[len(parts)] = part.cost
            held = np.flatnonzero(part.coefficient[: len(somewhere)])
            settled = part.constant + int(part.coefficient[len(somewhere) :].sum())
            parts.append((somewhere[held].tolist(), part.coefficient[held].tolist(), settled))
        levels.append(
            Level(
                rule.name,
                charges.constant + int(per_pair[len(somewhere) :].sum()),
                cost,
                tuple(part_cost),
                tolerance=case.excess_minutes // case.county.policy.tolerance_pence_divisor if rule.group is Group.COST else 0,
                proof_gap=case.excess_minutes // case.county.policy.proof_pence_divisor if rule.group is Group.COST else 0,
                proof_share=rule.proof(case.county)[1],
                group=rule.group,
                unit=rule.unit,
            )
        )
    return levels, parts


def _nothing(parts: Sequence[Part]) -> tuple[Fraction, ...]:
    return (Fraction(0),) * len(parts)


def _links(made: _Choices, of_people: dict[str, set[int]]) -> tuple[list[Part], dict[str, tuple[Fraction, ...]]]:
    """What a choice costs beyond what it saves where it is taken without those that go with it; and at which level."""
    parts: list[Part] = [([one, *others], [1] + [-1] * len(others), 0) for one, others in made.links]
    level_of = {one: name for name, choices in of_people.items() for one in choices}
    return parts, {
        name: tuple(Fraction(level_of.get(one, BROKEN) == name) for one, _ in made.links)
        for name in (LEFT, ASSESSED, NOT_KEPT, BROKEN)
    }


def _terms(rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Terms:
    start = np.concatenate(([0], np.cumsum([len(choices) for choices, _ in rows]))).astype(np.int64)
    return Terms(
        start,
        np.array([choice for choices, _ in rows for choice in choices], dtype=np.int64),
        np.array([coefficient for _, each in rows for coefficient in each], dtype=np.int64),
    )
