"""Bounds from prices, in whole numbers. Any prices whatever give a true bound: wrong ones only a weaker one.

Every row is a sum over the choices taken that lies in a known interval whatever plan is made. So for any price of it

    level = (level - price x row) + price x row >= (level - price x row) + min(price x lowest, price x highest),

and what is left in brackets is least when every item takes its cheapest choice, or none (Lagrange; Geoffrion 1974,
*Lagrangean relaxation for integer programming*).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from optimiser.proving.exact_rows import Coefficients, CountyRows, LevelRow, LimitRow, PartRow

MOST_SUMS = 1 << 20
"""Where more sums than this might be reached, none is looked for."""


@dataclass(frozen=True)
class CutPrice:
    """Amounts per item on one limit: no whole filling of it has more than is found here."""

    limit: int
    amounts: Mapping[int, int]
    price: int


@dataclass(frozen=True)
class Prices:
    """Of each row, in units of the level at work a unit of the row, times ``denominator``."""

    denominator: int = 1
    limits: Mapping[int, int] = field(default_factory=dict)
    parts: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """By level and part."""
    levels: Mapping[int, int] = field(default_factory=dict)
    """Of earlier levels."""
    cuts: tuple[CutPrice, ...] = ()


NO_PRICES = Prices()


@dataclass(frozen=True)
class Case:
    """Why no plan is below a bound: by prices, one after the other, or else in both of two cases."""

    prices: tuple[Prices, ...] = ()
    split: Split | None = None


@dataclass(frozen=True)
class Split:
    """An item takes one of these choices, or it does not."""

    item: int
    choices: frozenset[int]
    taken: Case
    not_taken: Case


@dataclass(frozen=True)
class LevelCertificate:
    """What proves a level's bound: prices, and if these do not, why no plan is below it."""

    bound: int
    prices: tuple[Prices, ...] = ()
    below: Case | None = None


class Proof:
    """What is proven of level after level, or under an assumption about the one at work."""

    def __init__(self, rows: CountyRows) -> None:
        self.rows = rows
        self.alive = [all(limit.minutes.get(c, 0) <= limit.room for limit in rows.limits) for c in range(len(rows.choices))]
        """The choices that a plan may take which keeps the levels so far."""
        self.needed = [False] * len(rows.items)
        """The items that such a plan has to place."""
        self.between: list[tuple[int, int]] = []
        """Per level so far the lowest and highest scaled value."""

    def copy(self) -> Proof:
        """The same, to assume something more of it."""
        made = Proof.__new__(Proof)
        made.rows, made.alive, made.needed, made.between = self.rows, self.alive[:], self.needed[:], self.between[:]
        return made

    def prove(self, certificate: LevelCertificate, best: int, tolerance: int) -> int:
        """The whole bound of the next level; levels after it are proven among plans that keep it within best + tolerance."""
        index = len(self.between)
        level, highest = self.rows.levels[index], self.highest_of(index, best + tolerance)
        lowest = max(self.learn(prices, highest) for prices in (NO_PRICES, *certificate.prices))
        if certificate.below is not None:
            below = self.highest_of(index, certificate.bound - 1)
            if self.copy().refutes(certificate.below, below):
                lowest = max(lowest, _upwards(level, below + 1))
        self.between.append((lowest, highest))
        return level.whole(lowest)

    def refutes(self, case: Case, highest: int) -> bool:
        """Whether no plan of a case has the next level at ``highest`` (scaled) or below. What is learned stays in this proof."""
        if any(self.learn(prices, highest) > highest for prices in case.prices):
            return True
        if case.split is None:
            return False
        one, other = self.split(case.split.item, case.split.choices)
        return one.refutes(case.split.taken, highest) and other.refutes(case.split.not_taken, highest)

    def split(self, item: int, choices: Collection[int]) -> tuple[Proof, Proof]:
        """The two cases: an item takes one of these choices, or it does not."""
        one, other = self.copy(), self.copy()
        for choice in self.rows.choices_of[item]:
            (other if choice in choices else one).alive[choice] = False
        one.needed[item] = True
        return one, other

    def learn(self, prices: Prices, highest: int) -> int:
        """The least scaled value of the next level; more than ``highest`` where no plan is left.

        Choices that no plan up to ``highest`` takes are dropped, and items that every such plan places are needed from here on.
        """
        level = self.rows.levels[len(self.between)]
        rest, least, scale = self.priced(prices)
        cheapest = []
        for choices, needed in zip(self.rows.choices_of, self.needed, strict=True):
            costs = [rest[choice] for choice in choices if self.alive[choice]]
            if needed and not costs:
                return highest + 1
            cheapest.append(min(costs) if needed else min([0, *costs]))
        bound, most = least + sum(cheapest), highest * (scale // level.scale)
        for item, choices in enumerate(self.rows.choices_of):
            others = bound - cheapest[item]
            self.needed[item] |= others > most
            for choice in choices:
                self.alive[choice] &= others + rest[choice] <= most
        return _upwards(level, -(-bound * level.scale // scale))

    def highest_of(self, index: int, most: int) -> int:
        """The largest scaled value of a level that counts as ``most`` or less."""
        level = self.rows.levels[index]
        return _downwards(level, -(-level.scale * (2 * most + 1) // 2) - 1)

    def priced(self, prices: Prices) -> tuple[list[int], int, int]:
        """What is left of each choice's cost, and what rows, parts and the constant are worth at least; times what."""
        index = len(self.between)
        scale = prices.denominator * math.lcm(*(each.scale for each in self.rows.levels[: index + 1]))
        unit = scale // prices.denominator  # of a price
        rest = [0] * len(self.rows.choices)
        weight = {index: scale // self.rows.levels[index].scale}
        least = 0
        for number, price in prices.levels.items():
            low, high = self.between[number]
            each = price * unit // self.rows.levels[number].scale
            weight[number] = -each
            least += min(each * low, each * high)
        for number, factor in weight.items():
            level = self.rows.levels[number]
            least += factor * level.constant
            _add(rest, level.costs, factor)
            for turn, part in enumerate(level.parts):
                price = prices.parts.get((number, turn), 0) * unit
                lowest, highest = self.reach(part)
                ends = {lowest, highest, *([0] if lowest < 0 < highest else [])}
                least += price * part.constant + min(factor * part.cost * max(0, end) - price * end for end in ends)
                _add(rest, part.coefficients, price)
        for number, price in prices.limits.items():
            limit = self.rows.limits[number]
            least += min(0, price * unit * self.room(limit))
            _add(rest, limit.minutes, -price * unit)
        for cut in prices.cuts:
            limit = self.rows.limits[cut.limit]
            amounts = {c: cut.amounts[i] for c in limit.minutes if (i := self.rows.choices[c][0]) in cut.amounts}
            least += min(0, cut.price * unit * self._most_of(limit, amounts))
            _add(rest, amounts, -cut.price * unit)
        return rest, least, scale

    def reach(self, part: PartRow) -> tuple[int, int]:
        """Between what a part's row can be, before it is cut off at zero."""
        falling = {c: -amount for c, amount in part.coefficients.items() if amount < 0 and self.alive[c]}
        rising = {c: amount for c, amount in part.coefficients.items() if amount > 0 and self.alive[c]}
        return part.constant - self._most_together(falling), part.constant + self._most_together(rising)

    def _most_together(self, amounts: Coefficients) -> int:
        """What amounts, all above zero, can add up to: each item's largest, or what a limit on all of them allows."""
        largest: dict[int, int] = {}
        for choice, amount in amounts.items():
            item = self.rows.choices[choice][0]
            largest[item] = max(largest.get(item, 0), amount)
        most = sum(largest.values())
        for limit in self.rows.limits:
            if amounts and all(choice in limit.minutes for choice in amounts):
                # No choice has more of an amount for a minute of the limit than this one.
                top = max(amounts, key=lambda c: amounts[c] / limit.minutes[c])
                if all(amounts[c] * limit.minutes[top] <= amounts[top] * limit.minutes[c] for c in amounts):
                    most = min(most, amounts[top] * self.room(limit) // limit.minutes[top])
        return most

    def room(self, limit: LimitRow) -> int:
        """The largest sum of whole items that a limit has room for."""
        sizes = self._by_item(limit.minutes)
        most = min(limit.room, sum(max(each) for each in sizes))
        if not sizes or most == 0:
            return 0
        unit = math.gcd(*(size for each in sizes for size in each))
        if most // unit > MOST_SUMS:
            return most
        return unit * _largest_sum(({size // unit for size in each} for each in sizes), most // unit)

    def _by_item(self, amounts: Coefficients) -> list[set[int]]:
        """The different amounts of each item's choices alive."""
        found: dict[int, set[int]] = {}
        for choice, amount in amounts.items():
            if self.alive[choice]:
                found.setdefault(self.rows.choices[choice][0], set()).add(amount)
        return list(found.values())

    def _most_of(self, limit: LimitRow, amounts: Coefficients) -> int:
        """The most that a whole filling of a limit can have of some amounts (none below zero), by dynamic programming."""
        unit = math.gcd(*limit.minutes.values()) or 1
        options: dict[int, set[tuple[int, int]]] = {}
        for choice, amount in amounts.items():
            if self.alive[choice]:
                options.setdefault(self.rows.choices[choice][0], set()).add((limit.minutes[choice] // unit, amount))
        most = [0] * (self.room(limit) // unit + 1)
        for each in options.values():
            before = most
            most = before[:]
            for size, amount in each:
                for full in range(size, len(most)):
                    most[full] = max(most[full], before[full - size] + amount)
        return max(most)


def _upwards(level: LevelRow, scaled: int) -> int:
    """The least scaled value from here on that a plan may have."""
    return level.constant - (level.constant - scaled) // level.step * level.step if level.step else level.constant


def _downwards(level: LevelRow, scaled: int) -> int:
    """The largest scaled value up to here that a plan may have."""
    return level.constant + (scaled - level.constant) // level.step * level.step if level.step else level.constant


def _add(rest: list[int], coefficients: Coefficients, factor: int) -> None:
    for choice, coefficient in coefficients.items() if factor else ():
        rest[choice] += factor * coefficient


def _largest_sum(sizes: Iterable[Iterable[int]], most: int) -> int:
    """The largest sum up to ``most`` of one size of each item, or none: bit s of a number stands for the sum s."""
    reached, within = 1, (1 << (most + 1)) - 1
    for each in sizes:
        before = reached
        for size in each:
            reached |= before << size
        reached &= within
    return reached.bit_length() - 1
