"""From a county and its rules to the optimisation problem: the rules' model halves, compiled into arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.domain.plan import Plan
from optimiser.judging.candidates import Candidates, judge, neutral_hash
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.base import Level as LevelRule
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import Charges, Pairs
from optimiser.solving.greedy import by_hand
from optimiser.solving.problem import UNPLACED, IntArray, Level, Problem, Terms


@dataclass(frozen=True)
class Model:
    """A problem with the way back: which packages and contracts its items and choices stand for."""

    problem: Problem
    settled: Plan
    """Everybody whose place is not open, and nobody else."""
    item_packages: tuple[tuple[int, ...], ...]
    """Per item its package, or all that are placed together."""
    choice_contract: Ints

    def __repr__(self) -> str:
        return f"<Model of {self.problem!r}>"

    def plan_of(self, choices: IntArray) -> Plan:
        """The county's plan for a plan of the problem."""
        contracts = list(self.settled.contracts)
        for item, choice in enumerate(choices):
            for package in self.item_packages[item]:
                contracts[package] = None if choice == UNPLACED else int(self.choice_contract[choice])
        return Plan.of(contracts)

    def pairs(self) -> Iterator[tuple[int, int, int]]:
        """Every choice with each package that it places, and the contract."""
        for choice, (item, contract) in enumerate(
            zip(self.problem.choice_item.tolist(), self.choice_contract.tolist(), strict=True)
        ):
            for package in self.item_packages[item]:
                yield choice, package, contract

    def choice_minutes(self, county: County) -> Ints:
        """Per choice the minutes a week that it places."""
        each = [int(county.minutes[list(packages)].sum()) for packages in self.item_packages]
        return np.array(each, dtype=np.int64)[self.problem.choice_item]

    def choices_of(self, plan: Plan) -> IntArray:
        """The plan of the problem for a plan of the county that the model can hold."""
        chosen = np.ones(self.problem.choice_count, dtype=np.bool_)
        for choice, package, contract in self.pairs():
            chosen[choice] &= plan.contracts[package] == contract
        taken = np.flatnonzero(chosen)
        choices = np.full(self.problem.item_count, UNPLACED, dtype=np.int64)
        choices[self.problem.choice_item[taken]] = taken
        return choices

    def starting_from(self, plan: Plan) -> Model:
        """The same model with a plan to begin from."""
        return replace(self, problem=replace(self.problem, start=self.choices_of(plan)))


def build_model(county: County, rules: RuleBook) -> Model:
    """The model of an allocation, or of a re-optimisation: everyone whom no incumbent rule settles is open.

    Running care that is open has its present contract among its choices, and has to have one of them.
    """
    settled: dict[int, int | None] = {}
    for rule in rules.standing:
        settled.update(rule.settled(county))
    asked = np.array([package for package in range(len(county.packages)) if package not in settled], dtype=np.int64)
    candidates = judge(county, rules, asked)
    usage = Usage.of(county, rules, entry_plan(county))
    if rules.moving:
        settled.update(_with_nowhere_to_go(county, candidates, usage))
    open_packages = [int(package) for package in asked if int(package) not in settled]
    # Items and choices stand in the order of a neutral hash: what the solver meets first is nobody's name.
    open_packages.sort(key=lambda package: neutral_hash(county, county.packages[package].package_id))
    items = _items(open_packages, rules.groups(county))
    item, contract = _choices(county, candidates, items)
    place, package, where = _open_pairs(items, item, contract)
    fixed = [(package, where) for package, where in sorted(settled.items()) if where is not None]
    packages = np.array(open_packages, dtype=np.int64)
    runs = (county.running_on[packages] != NOWHERE) & bool(rules.moving)
    pairs = Pairs(
        package=np.concatenate((package, _column(fixed, 0))),
        contract=np.concatenate((where, _column(fixed, 1))),
        open_count=len(package),
        open_packages=packages[~runs],
    )
    fold = Fold(place, len(item))
    limits, capacity = _limits(county, rules, usage, pairs, fold)
    levels, parts, constants = charged_levels(county, rules.levels, pairs, fold)
    must_place = [bool(rules.moving) and county.running_on[first] != NOWHERE for first, *_ in items]
    problem = Problem(
        item_count=len(items),
        must_place=np.array(must_place, dtype=np.bool_),
        choice_item=item,
        limits=limits,
        limit_capacity=capacity,
        parts=parts,
        part_constant=constants,
        levels=levels,
        start=np.full(len(items), UNPLACED, dtype=np.int64),
    )
    model = Model(
        problem,
        Plan.of(settled.get(package) for package in range(len(county.packages))),
        items,
        contract,
    )
    start = list(entry_plan(county).contracts)
    for waiting in packages[~runs].tolist():
        start[waiting] = None
    for waiting, chosen in by_hand(county, candidates.only(packages[~runs]), usage, rules.groups(county)).items():
        start[waiting] = chosen
    return model.starting_from(Plan.of(start))


def _with_nowhere_to_go(county: County, candidates: Candidates, usage: Usage) -> dict[int, int]:
    """Running care that no plan worth having moves, with its contract: no rule lets it go elsewhere, or its going helps nobody.

    Its going helps only where it makes room: where a limit that counts it cannot hold all who might come.
    """
    row, contract = np.nonzero(candidates.allowed)
    package = candidates.packages[row]
    now = county.running_on[package]
    elsewhere = (now != NOWHERE) & (now != contract)
    tight: set[int] = set()
    for limit, used in zip(usage.limits, usage.on_entry, strict=True):
        coming = (now != contract) & limit.counts_many(county, package, contract)
        if used + int(county.minutes[np.unique(package[coming])].sum()) > max(limit.whole_minutes, used):
            there = (now == contract) & limit.counts_many(county, package, contract)
            tight.update(package[there].tolist())
    may_go: set[int] = tight.intersection(package[elsewhere].tolist())
    running = candidates.packages[county.running_on[candidates.packages] != NOWHERE].tolist()
    return {each: int(county.running_on[each]) for each in running if each not in may_go}


def _column(pairs: list[tuple[int, int]], which: int) -> Ints:
    return np.array([pair[which] for pair in pairs], dtype=np.int64)


def _items(packages: Sequence[int], groups: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """The packages one by one, those of a group as one item where the first of them stands."""
    group_of = {member: group for group in groups for member in group}
    open_groups = {group for group in groups if set(group) <= set(packages)}
    items: dict[tuple[int, ...], None] = {}
    for package in packages:
        group = group_of.get(package)
        if group in open_groups:
            items.setdefault(tuple(member for member in packages if member in group))
        else:
            items[(package,)] = None
    return tuple(items)


def _choices(county: County, candidates: Candidates, items: Sequence[tuple[int, ...]]) -> tuple[Ints, Ints]:
    """Per choice its item and its contract, which all packages of the item may go to; in the order of a neutral hash."""
    numbers: list[int] = []
    contracts: list[int] = []
    for number, (first, *others) in enumerate(items):
        name = county.packages[first].package_id
        allowed = set(candidates.of(first).tolist()).intersection(*(candidates.of(other).tolist() for other in others))
        numbers += [number] * len(allowed)
        contracts += sorted(allowed, key=lambda contract: neutral_hash(county, name, county.contracts[contract].contract_id))
    return np.array(numbers, dtype=np.int64), np.array(contracts, dtype=np.int64)


def _open_pairs(items: Sequence[tuple[int, ...]], item: Ints, contract: Ints) -> tuple[Ints, Ints, Ints]:
    """Every package of every choice: the choice, the package, the contract."""
    found = [(choice, package) for choice, number in enumerate(item.tolist()) for package in items[number]]
    place = _column(found, 0)
    return place, _column(found, 1), contract[place]


@dataclass(frozen=True)
class Fold:
    """From pairs to choices: what the packages that a choice places together add up to."""

    choice_of: Ints
    choices: int

    def __call__(self, row: IntArray) -> IntArray:
        if len(self.choice_of) == self.choices:
            return row  # nothing is placed together
        folded = np.zeros(self.choices, dtype=np.int64)
        np.add.at(folded, self.choice_of, row)
        return folded


def _limits(county: County, rules: RuleBook, usage: Usage, pairs: Pairs, fold: Fold) -> tuple[Terms, IntArray]:
    """Every limit over the choices, with the capacity that is left; a limit exceeded on entry has no more than what may leave it.

    Last come the limits on moving, where anybody may move.
    """
    package, contract = pairs.package[: pairs.open_count], pairs.contract[: pairs.open_count]
    present = county.running_on[package] == contract
    rows, capacity = [], []
    for limit, used in zip(usage.limits, usage.on_entry, strict=True):
        counted = county.minutes[package] * limit.counts_many(county, package, contract)
        rows.append(fold(counted))
        capacity.append(max(limit.whole_minutes, used) - used + int(counted[present].sum()))
    for rule in rules.moving:
        for amounts, most in rule.rows(county, package, contract):
            if amounts.any():
                rows.append(fold(amounts))
                capacity.append(most)
    return sparse_terms(rows), np.array(capacity, dtype=np.int64)


def charged_levels(
    county: County, rules: Sequence[LevelRule], pairs: Pairs, fold: Fold
) -> tuple[tuple[Level, ...], Terms, IntArray]:
    """Some levels with their charges, and the parts of all of them in one list, each with its constant."""
    spoken = []
    for rule in rules:
        charges = Charges()
        rule.charge(county, pairs, charges)
        spoken.append(_spelled_out(charges, pairs))
    count = sum(len(charges.parts) for charges in spoken)
    rows = [fold(part.coefficient[: pairs.open_count]) for charges in spoken for part in charges.parts]
    constants = [part.constant + int(part.coefficient[pairs.open_count :].sum()) for charges in spoken for part in charges.parts]
    levels, first = [], 0
    for rule, charges in zip(rules, spoken, strict=True):
        part_cost = [Fraction(0)] * count
        part_cost[first : first + len(charges.parts)] = [part.cost for part in charges.parts]
        first += len(charges.parts)
        levels.append(_level(county, rule, charges, pairs, fold, tuple(part_cost)))
    return tuple(levels), sparse_terms(rows), np.array(constants, dtype=np.int64)


def _spelled_out(charges: Charges, pairs: Pairs) -> Charges:
    """Charges for staying unplaced, said as a constant and a saving per choice; as parts where they are not whole."""
    saving = np.zeros(len(pairs), dtype=np.int64)
    for package, cost in charges.per_unplaced:
        own = np.flatnonzero(pairs.package[: pairs.open_count] == package)
        if cost.denominator == 1:
            charges.always(cost)
            saving[own] -= int(cost)
        else:
            placed = np.zeros(len(pairs), dtype=np.int64)
            placed[own] = 1
            charges.shortfall(placed, under=1, cost=cost)
    charges.each(saving)
    return charges


def _level(county: County, rule: LevelRule, charges: Charges, pairs: Pairs, fold: Fold, part_cost: tuple[Fraction, ...]) -> Level:
    per_pair: IntArray = np.asarray(np.sum(charges.per_pair, axis=0, dtype=np.int64))
    proof_gap, proof_share = rule.proof(county)
    return Level(
        name=rule.name,
        constant=charges.constant + int(per_pair[pairs.open_count :].sum()),
        choice_cost=fold(per_pair[: pairs.open_count]),
        part_cost=part_cost,
        tolerance=rule.tolerance(county),
        proof_gap=proof_gap,
        proof_share=proof_share,
        group=rule.group,
        unit=rule.unit,
    )


def sparse_terms(rows: Sequence[IntArray]) -> Terms:
    """Dense rows over the choices as sparse ones."""
    found = [np.flatnonzero(row) for row in rows]
    start = np.concatenate(([0], np.cumsum([len(row) for row in found]))).astype(np.int64)
    empty = np.empty(0, dtype=np.int64)
    return Terms(
        start=start,
        choice=np.concatenate((empty, *found)),
        coefficient=np.concatenate((empty, *(row[where] for row, where in zip(rows, found, strict=True)))),
    )
