"""A county's choices, limits and levels as rows of whole numbers, for who proves a bound again.

Who may go where, what limits count and what is settled is asked of the rules' check halves, package by package. What a level
charges is written once, by its rule; ``disagreements`` holds it against the level's check half on plans.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.base import Level
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import Charges, Pairs

Coefficients = Mapping[int, int]
"""By choice; a choice that is not in it has 0."""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """What the choices taken may add up to at most ``room``, in minutes a week. Coefficients are never negative."""

    rule: str
    subject: str
    """The id of the contract, provider or restriction."""
    room: int
    minutes: Coefficients


@dataclass(frozen=True, slots=True)
class PartRow:
    """``cost`` x max(0, constant + coefficients of the choices taken)."""

    cost: int
    constant: int
    coefficients: Coefficients


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level times ``scale``: constant + costs of the choices taken + parts, all whole. Its value is that / scale, half up."""

    rule: Level
    scale: int
    constant: int
    costs: Coefficients
    parts: tuple[PartRow, ...]
    step: int
    """Every plan's scaled value is the constant plus a multiple of this; 0: no choice changes it."""

    def whole(self, scaled: int) -> int:
        """The value of a scaled one."""
        return (2 * scaled + self.scale) // (2 * self.scale)

    def scaled(self, taken: Sequence[int]) -> int:
        """The scaled value of a plan that takes these choices."""
        parts = (each.cost * max(0, each.constant + sum(each.coefficients.get(c, 0) for c in taken)) for each in self.parts)
        return self.constant + sum(self.costs.get(c, 0) for c in taken) + sum(parts)


@dataclass(frozen=True)
class CountyRows:
    """Items are packages, or bundles of them; choices are an item on a contract, those of an item together."""

    county: County
    items: tuple[tuple[int, ...], ...]
    choices: tuple[tuple[int, int], ...]
    """Per choice its item and its contract."""
    choices_of: tuple[range, ...]
    """Per item."""
    limits: tuple[LimitRow, ...]
    levels: tuple[LevelRow, ...]

    def plan(self, taken: Sequence[int]) -> Plan:
        """The county's plan for some choices, everything settled in it."""
        contracts = list(entry_plan(self.county).contracts)
        for choice in taken:
            item, contract = self.choices[choice]
            for package in self.items[item]:
                contracts[package] = contract
        return Plan.of(contracts)


def rows_of(county: County, rules: RuleBook) -> CountyRows:
    """The rows of an allocation: who waits and is not settled is open, everybody else is where they are."""
    settled = entry_plan(county)
    waiting = [p for p in range(len(county.packages)) if not any(each.finding(county, p, None) for each in rules.standing)]
    items = _items(waiting, rules.groups(county))
    choices: list[tuple[int, int]] = []
    choices_of = []
    for number, members in enumerate(items):
        allowed = [k for k in range(len(county.contracts)) if all(_may_go(county, rules, p, k) for p in members)]
        choices_of.append(range(len(choices), len(choices) + len(allowed)))
        choices += [(number, contract) for contract in allowed]
    usage = Usage.of(county, rules, settled)
    limits = []
    for limit, used in zip(usage.limits, usage.on_entry, strict=True):
        minutes = {}
        for choice, (number, contract) in enumerate(choices):
            if contract in limit.contracts:
                counted = (p for p in items[number] if limit.counts(county, p, contract))
                minutes[choice] = sum(county.packages[p].minutes_per_week for p in counted)
        held = {choice: amount for choice, amount in minutes.items() if amount}
        limits.append(LimitRow(limit.rule, limit.subject, max(limit.whole_minutes, used) - used, held))
    opened = [(choice, p, contract) for choice, (number, contract) in enumerate(choices) for p in items[number]]
    fixed = list(settled.placed())
    pairs = Pairs(
        package=np.array([p for _, p, _ in opened] + [p for p, _ in fixed], dtype=np.int64),
        contract=np.array([k for _, _, k in opened] + [k for _, k in fixed], dtype=np.int64),
        open_count=len(opened),
        open_packages=np.array(waiting, dtype=np.int64),
    )
    levels = tuple(_level(county, rule, pairs, [choice for choice, _, _ in opened]) for rule in rules.levels)
    return CountyRows(county, items, tuple(choices), tuple(choices_of), tuple(limits), levels)


def disagreements(rows: CountyRows, plans: Sequence[Sequence[int]]) -> Iterator[str]:
    """The levels whose rows give a plan another value than its check half does."""
    for level in rows.levels:
        for taken in plans:
            here, there = level.whole(level.scaled(taken)), level.rule.value(rows.county, rows.plan(taken))
            if here != there:
                yield f"{level.rule.name}: rows {here}, check {there}"


def _may_go(county: County, rules: RuleBook, package: int, contract: int) -> bool:
    return all(rule.finding(county, package, contract).passed for rule in rules.eligibility)


def _items(waiting: Sequence[int], groups: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """The packages one by one, those of a group as one; a group of which some are settled is none."""
    together = {member: group for group in groups if set(group) <= set(waiting) for member in group}
    return tuple(dict.fromkeys(tuple(sorted(together.get(package, (package,)))) for package in waiting))


def _level(county: County, rule: Level, pairs: Pairs, choice_of: Sequence[int]) -> LevelRow:
    charges = Charges()
    rule.charge(county, pairs, charges)
    each = np.asarray(np.sum(charges.per_pair, axis=0, dtype=np.int64)) if charges.per_pair else np.zeros(len(pairs), np.int64)
    constant = Fraction(charges.constant) + int(each[pairs.open_count :].sum())
    costs = {choice: Fraction(cost) for choice, cost in _folded(each, choice_of).items()}
    for package, cost in charges.per_unplaced:  # said as a constant, and a saving for whoever is placed
        constant += cost
        for pair in np.flatnonzero(pairs.package[: pairs.open_count] == package).tolist():
            costs[choice_of[pair]] = costs.get(choice_of[pair], Fraction(0)) - cost
    scale = math.lcm(constant.denominator, *(c.denominator for c in costs.values()), *(p.cost.denominator for p in charges.parts))
    always, parts = int(constant * scale), list[PartRow]()
    for part in charges.parts:
        row = PartRow(
            cost=int(part.cost * scale),
            constant=part.constant + int(part.coefficient[pairs.open_count :].sum()),
            coefficients=_folded(part.coefficient, choice_of),
        )
        if row.coefficients:
            parts.append(row)
        else:  # no choice changes it
            always += row.cost * max(0, row.constant)
    whole = {choice: int(cost * scale) for choice, cost in costs.items()}
    step = math.gcd(*whole.values(), *(p.cost * math.gcd(p.constant, *p.coefficients.values()) for p in parts))
    return LevelRow(rule, scale, always, whole, tuple(parts), step)


def _folded(amounts: np.ndarray[tuple[int, ...], np.dtype[np.int64]], choice_of: Sequence[int]) -> dict[int, int]:
    """Amounts per pair as amounts per choice."""
    found: dict[int, int] = {}
    for pair in np.flatnonzero(amounts[: len(choice_of)]).tolist():
        found[choice_of[pair]] = found.get(choice_of[pair], 0) + int(amounts[pair])
    return found
