"""The linear program whose prices a certificate holds: the rows of a proof so far, and cuts from one limit at a time.

It only suggests prices: what they prove is worked out in whole numbers by ``optimiser.proving``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.proving.exact_bounds import CutPrice, Prices, Proof
from optimiser.proving.exact_rows import LimitRow
from optimiser.solving.engine import EngineError, LinearEngine
from optimiser.solving.knapsack_separation import Knapsack, separate
from optimiser.solving.linear_program import FloatArray, Program, Rows

DENOMINATOR = 10**8
"""Prices are rounded to parts of this: what rounding costs is less than a unit of any level."""
FINE_DENOMINATOR = 10**12
"""The same of an elastic program: its prices are multiplied, and with them what rounding costs."""
LARGEST_PRICE = 1e12
"""Of a program in trouble; such prices prove nothing."""
Key = tuple[str, int, int]
"""What a row is: its kind, its number, and of a part the turn."""


@dataclass(frozen=True)
class Cut:
    """Amounts per item that whole fillings of a limit have at most ``most`` of."""

    limit: int
    amounts: Mapping[int, int]
    most: int


class _Table:
    """Rows and columns while they are put together."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.lowest: list[float] = []
        self.highest: list[float] = []
        self.keys: list[Key | None] = []
        self._row: list[int] = []
        self._column: list[int] = []
        self._value: list[float] = []

    def column(self, cost: float, upper: float) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, key: Key | None, lowest: float, highest: float, entries: Mapping[int, float]) -> None:
        self._row += [len(self.keys)] * len(entries)
        self._column += entries.keys()
        self._value += entries.values()
        self.lowest.append(lowest)
        self.highest.append(highest)
        self.keys.append(key)

    def rows(self) -> Rows:
        row, column = np.array(self._row, dtype=np.int64), np.array(self._column, dtype=np.int64)
        return Rows(np.array(self.lowest), np.array(self.highest), row, column, np.array(self._value, dtype=np.float64))

    def program(self) -> Program:
        count = len(self.cost)
        return Program(np.zeros(count), np.array(self.upper), np.zeros(count, np.bool_), np.array(self.cost), self.rows())


class PricedProgram:
    """The next level of a proof over the choices that are left; with ``elastic`` how far these are from any plan, instead."""

    def __init__(self, proof: Proof, *, elastic: bool = False) -> None:
        self._proof, self._rows, self._elastic = proof, proof.rows, elastic
        self._index = len(proof.between)
        self._denominator = FINE_DENOMINATOR if elastic else DENOMINATOR
        level = self._rows.levels[self._index]
        self.choices = [choice for choice, alive in enumerate(proof.alive) if alive]
        self._column = {choice: column for column, choice in enumerate(self.choices)}
        self._table = _Table()
        for choice in self.choices:
            self._table.column(0.0 if elastic else level.costs.get(choice, 0) / level.scale, 1.0)
        self._knapsacks: list[tuple[int, Knapsack]] = []
        self._items()
        for number, limit in enumerate(self._rows.limits):
            self._limit(number, limit)
        self._levels()
        self._program = self._table.program()
        self._engine: LinearEngine | None = None
        self.cuts: list[Cut] = []
        self.columns: FloatArray = np.zeros(len(self._program.cost))
        """The latest point."""
        self._prices: FloatArray = np.zeros(0)

    @property
    def entries(self) -> int:
        """How many coefficients the rows have, without cuts: what a solve is counted as."""
        return len(self._program.rows.value)

    @property
    def value(self) -> float:
        """What the program comes to at the latest point."""
        return float((self.columns * self._program.cost).sum())

    def solve(self, more: Sequence[Cut]) -> Prices:
        """The prices at an optimal point, with some cuts more. Raises ``EngineError``."""
        self.cuts += more
        try:
            if self._engine is None:
                self._engine = self._fresh(careful=True)
            elif more:
                self._engine.add(self._cut_rows(more))
            vertex = self._engine.solve()
        except EngineError:
            self._engine = self._fresh(careful=self._engine is not None and not self._engine.careful)
            vertex = self._engine.solve()
        self.columns, self._prices = vertex.columns, vertex.prices
        if not np.abs(self._prices).max(initial=0.0) < LARGEST_PRICE:
            raise EngineError("prices out of all proportion")
        return self._rounded()

    def broken(self) -> list[Cut]:
        """Cuts that the point breaks."""
        found = []
        for limit, knapsack in self._knapsacks:
            for cut in separate([knapsack], self.columns):
                items = (self._rows.choices[self.choices[column]][0] for column in cut.choice.tolist())
                found.append(Cut(limit, dict(zip(items, cut.value.tolist(), strict=True)), cut.upper))
        return found

    def tight(self) -> list[Cut]:
        """The cuts that have a price."""
        prices = self._prices[len(self._table.keys) :]
        return [cut for cut, price in zip(self.cuts, prices, strict=False) if price < -1 / DENOMINATOR]

    def _items(self) -> None:
        for item, choices in enumerate(self._rows.choices_of):
            entries = {self._column[choice]: 1.0 for choice in choices if choice in self._column}
            if self._proof.needed[item]:
                if self._elastic:
                    entries[self._table.column(1.0, 1.0)] = 1.0
                self._table.row(None, 1.0, 1.0, entries)
            elif entries:
                self._table.row(None, -np.inf, 1.0, entries)

    def _limit(self, number: int, limit: LimitRow) -> None:
        """A limit that the choices left can pass."""
        choices = [choice for choice in limit.minutes if choice in self._column]
        if not choices:
            return
        unit, room = math.gcd(*(limit.minutes[choice] for choice in choices)), self._proof.room(limit)
        least: dict[int, int] = {}
        for choice in choices:
            item, size = self._rows.choices[choice][0], limit.minutes[choice] // unit
            least[item] = min(least.get(item, size), size)
        most = dict.fromkeys(least, 0)
        for choice in choices:
            item = self._rows.choices[choice][0]
            most[item] = max(most[item], limit.minutes[choice])
        if sum(most.values()) <= room:
            return
        self._table.row(
            ("limit", number, 0), -np.inf, float(room), {self._column[choice]: float(limit.minutes[choice]) for choice in choices}
        )
        place = {item: turn for turn, item in enumerate(least)}
        columns = np.array([self._column[choice] for choice in choices], dtype=np.int64)
        member = np.array([place[self._rows.choices[choice][0]] for choice in choices], dtype=np.int64)
        if sum(least.values()) > room // unit:
            weights = np.array(list(least.values()), dtype=np.int64)
            self._knapsacks.append((number, Knapsack(room // unit, weights, columns, member)))

    def _levels(self) -> None:
        """The parts of this level and of those before it, and what these lie between."""
        for number, level in enumerate(self._rows.levels[: self._index + 1]):
            now = number == self._index
            if not level.step:
                continue
            entries = {self._column[c]: cost / level.scale for c, cost in level.costs.items() if c in self._column}
            for turn in range(len(level.parts)):
                cost = level.parts[turn].cost / level.scale
                entries[self._part(number, turn, cost if now and not self._elastic else 0.0, held=not now)] = cost
            if now or not entries:
                continue
            if self._elastic:
                largest = max(map(abs, entries.values()))  # what it is off by is counted in these, as every row's is in ones
                entries |= {self._table.column(1.0, np.inf): sign * largest for sign in (-1.0, 1.0)}
            low, high = ((end - level.constant) / level.scale for end in self._proof.between[number])
            self._table.row(("level", number, 0), low, high, entries)

    def _part(self, number: int, turn: int, cost: float, *, held: bool) -> int:
        """The column of a part. It is no less than its row; where it is held from below, also no more than the chord over it."""
        part = self._rows.levels[number].parts[turn]
        low, high = self._proof.reach(part)
        column = self._table.column(cost, float(max(0, high)))
        own = {self._column[c]: float(amount) for c, amount in part.coefficients.items() if c in self._column}
        exact = float(part.constant) if low >= 0 else np.inf
        self._table.row(("part", number, turn), float(part.constant), exact, {column: 1.0, **{c: -a for c, a in own.items()}})
        if held and low < 0 < high:
            slope = high / (high - low)
            chord = {column: 1.0, **{c: -slope * amount for c, amount in own.items()}}
            self._table.row(("part", number, turn), -np.inf, slope * (part.constant - low), chord)
        return column

    def _fresh(self, *, careful: bool) -> LinearEngine:
        program = self._program
        rows = program.rows.and_then(self._cut_rows(self.cuts)) if self.cuts else program.rows
        return LinearEngine(Program(program.lower, program.upper, program.whole, program.cost, rows), careful=careful)

    def _cut_rows(self, cuts: Sequence[Cut]) -> Rows:
        table = _Table()
        for cut in cuts:
            shares = {
                self._column[choice]: amount / cut.most
                for choice in self._rows.limits[cut.limit].minutes
                if choice in self._column and (amount := cut.amounts.get(self._rows.choices[choice][0]))
            }
            table.row(None, -np.inf, 1.0, shares)
        return table.rows()

    def _rounded(self) -> Prices:
        """The prices of the rows in whole numbers; those of one part's rows add up."""
        found: dict[Key, int] = {}
        for key, price in zip(self._table.keys, self._prices, strict=False):
            if key is not None:
                found[key] = found.get(key, 0) + round(float(price) * self._denominator)
        of_cuts = zip(self.cuts, self._prices[len(self._table.keys) :], strict=True)
        cuts = [CutPrice(cut.limit, cut.amounts, round(float(price) / cut.most * self._denominator)) for cut, price in of_cuts]
        return Prices(
            self._denominator,
            limits={number: price for (kind, number, _), price in found.items() if kind == "limit" and price},
            parts={(number, turn): price for (kind, number, turn), price in found.items() if kind == "part" and price},
            levels={number: price for (kind, number, _), price in found.items() if kind == "level" and price},
            cuts=tuple(cut for cut in cuts if cut.price),
        )
