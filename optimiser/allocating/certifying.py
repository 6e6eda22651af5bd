"""Certificates of an allocation's bounds: prices looked for once more, level by level, and kept where they prove what was told.

The relaxation with cuts of one limit at a time, then few cases: an item on some of its contracts, or on none of them. Each
step leaves fewer choices (reduced costs), so that limits hold less and the next prices prove more. Every bound is worked out by
``optimiser.proving``, as it will be by whoever verifies it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from optimiser.allocating.priced_program import Cut, PricedProgram
from optimiser.county import County
from optimiser.domain.level_result import LevelResult
from optimiser.proving.exact_bounds import NO_PRICES, Case, LevelCertificate, Prices, Proof, Split
from optimiser.proving.exact_rows import CountyRows, rows_of
from optimiser.rules.book import RuleBook
from optimiser.solving.engine import EngineError

WORK = 1_200_000
WORK_ON_CASES = 200_000
"""So many coefficients, those of each linear program counted, are looked at for the prices of a level, and for its cases."""
AFTER_AN_OPEN_ONE = 10
"""Levels after one that is not proven here get so many times less: theirs are larger programs, and hardly ever end."""
CUT_ROUNDS = 30
CUT_ROUNDS_OF_A_CASE = 8
STALL_ROUNDS = 12
STALL_SHARE = 0.02
"""The cut rounds end when so many together add less than this share of what all have won."""
TURNS = 3
WORTH_A_TURN = 0.1
"""The program is made anew where at least this share of its choices is gone."""
LEAST_TORN = 1e-6
"""A point may be whole and yet no plan: what earlier levels come to there is more than its choices make."""
MULTIPLES = (10**3, 10**6, 10**9)
"""Of prices that show that there is no plan, so that no cost matters beside them."""


class _SpentError(Exception):
    """The work for a level is done."""


def certify(
    county: County, rules: RuleBook, levels: Sequence[LevelResult[int]]
) -> tuple[CountyRows, tuple[LevelCertificate, ...]]:
    """Per level what proves its bound, or as much of it as is cheap. ``county`` and ``rules``: those of the run."""
    rows = rows_of(county, rules)
    search, made = _Search(rows), []
    for told in levels:
        made.append(search.level(told))
    return rows, tuple(made)


class _Search:
    """Level after level, as the proof goes on."""

    def __init__(self, rows: CountyRows) -> None:
        self._rows = rows
        self._proof = Proof(rows)
        self._cuts: list[Cut] = []
        self._work = 0
        self._divisor = 1

    def level(self, told: LevelResult[int]) -> LevelCertificate:
        index, level = len(self._proof.between), self._rows.levels[len(self._proof.between)]
        highest = self._proof.highest_of(index, told.best + told.tolerance)
        wanted = min(told.bound, told.best - math.floor(level.rule.proof_may_leave(self._rows.county, told.best)))
        below = self._proof.highest_of(index, wanted - 1)
        trial = self._proof.copy()
        lowest, case = trial.learn(NO_PRICES, highest), None
        prices: tuple[Prices, ...] = ()
        if level.step and lowest <= below:
            self._work = WORK // self._divisor
            prices, reached = self._root(trial, highest, below)
            if max(lowest, reached) <= below:
                self._work = WORK_ON_CASES // self._divisor
                case = self._case(trial.copy(), below, CUT_ROUNDS)
        made = LevelCertificate(wanted if case else told.bound, prices, case)
        proven = self._proof.prove(made, told.best, told.tolerance)
        if proven < wanted:
            self._divisor = AFTER_AN_OPEN_ONE
        return replace(made, bound=min(made.bound, proven))

    def _root(self, proof: Proof, highest: int, below: int) -> tuple[tuple[Prices, ...], int]:
        """Prices one after the other, and the least value that they prove."""
        kept: list[Prices] = []
        lowest = proof.learn(NO_PRICES, highest)
        for turn in range(TURNS):
            before = sum(proof.alive)
            try:
                found = self._best_prices(proof, highest, below, self._cuts, CUT_ROUNDS if not turn else CUT_ROUNDS // 2)
            except _SpentError:
                break
            if found is None:
                break
            prices, program = found
            self._cuts = program.tight()
            kept.append(prices)
            lowest = max(lowest, proof.learn(prices, highest))
            if lowest > below or before - sum(proof.alive) < WORTH_A_TURN * before:
                break
        return tuple(kept), lowest

    def _case(self, proof: Proof, below: int, rounds: int) -> Case | None:
        """Why no plan of a case is at ``below`` or less; None where that was not found in time."""
        try:
            return self._refuted(proof, below, self._cuts, rounds)
        except (_SpentError, EngineError):
            return None

    def _refuted(self, proof: Proof, below: int, cuts: Sequence[Cut], rounds: int) -> Case:
        kept: list[Prices] = []
        if proof.copy().learn(NO_PRICES, below) > below:
            return Case((NO_PRICES,))
        for _ in range(TURNS):
            before = sum(proof.alive)
            found = self._best_prices(proof, below, below, cuts, rounds)
            if found is None:
                return Case((*kept, self._no_plan(proof, below, cuts)))
            prices, program = found
            kept.append(prices)
            if proof.learn(prices, below) > below:
                return Case(tuple(kept))
            cuts = program.tight()
            if before - sum(proof.alive) < WORTH_A_TURN * before:
                break
        item, choices = self._undecided(proof, program)
        one, other = proof.split(item, choices)
        taken = self._refuted(one, below, cuts, CUT_ROUNDS_OF_A_CASE)
        return Case(tuple(kept), Split(item, choices, taken, self._refuted(other, below, cuts, CUT_ROUNDS_OF_A_CASE)))

    def _best_prices(
        self, proof: Proof, highest: int, below: int, cuts: Sequence[Cut], rounds: int
    ) -> tuple[Prices, PricedProgram] | None:
        """Of a program with more and more cuts the prices that prove most; None where it has no answer."""
        program, best, found = PricedProgram(proof), None, None
        values: list[float] = []
        more = list(cuts)
        for turn in range(rounds + 1):
            self._work -= program.entries
            if self._work < 0:
                break
            try:
                prices = program.solve(more)
            except EngineError:
                break
            lowest = proof.copy().learn(prices, highest)
            if best is None or lowest > best:
                best, found = lowest, prices
            values.append(program.value)
            stalls = turn > STALL_ROUNDS and values[-1] - values[-1 - STALL_ROUNDS] <= STALL_SHARE * (values[-1] - values[0])
            if best > below or stalls or not (more := program.broken()):
                break
        if found is None and self._work < 0:
            raise _SpentError
        return None if found is None else (found, program)

    def _no_plan(self, proof: Proof, below: int, cuts: Sequence[Cut]) -> Prices:
        """Prices that show that a case holds no plan at all. Raises ``EngineError`` and ``_SpentError`` where there are none."""
        prices = PricedProgram(proof, elastic=True).solve(cuts)
        for multiple in MULTIPLES:
            many = _times(prices, multiple)
            if proof.copy().learn(many, below) > below:
                return many
        raise _SpentError

    def _undecided(self, proof: Proof, program: PricedProgram) -> tuple[int, frozenset[int]]:
        """The item, weighed by its minutes, that the point is least decided on, and the choices that it is torn between."""
        part = dict(zip(program.choices, program.columns.tolist(), strict=False))
        best, found = 0.0, None
        for item, choices in enumerate(self._rows.choices_of):
            parts = {choice: part.get(choice, 0.0) for choice in choices if proof.alive[choice]}
            if len(parts) + (not proof.needed[item]) < 2:
                continue
            placed = sum(parts.values())
            if not proof.needed[item] and 0.02 < placed < 0.98:  # whether it is placed at all says more than with whom
                torn, of = 1 + min(placed, 1 - placed), frozenset(parts)
            else:
                choice = max(parts, key=lambda each: (min(parts[each], 1 - parts[each]), parts[each]))
                torn, of = max(min(parts[choice], 1 - parts[choice]), LEAST_TORN), frozenset({choice})
            torn *= sum(self._rows.county.packages[package].minutes_per_week for package in self._rows.items[item])
            if torn > best:
                best, found = torn, (item, of)
        if found is None:
            raise _SpentError
        return found


def _times(prices: Prices, multiple: int) -> Prices:
    return replace(
        prices,
        limits={row: multiple * price for row, price in prices.limits.items()},
        parts={row: multiple * price for row, price in prices.parts.items()},
        levels={row: multiple * price for row, price in prices.levels.items()},
        cuts=tuple(replace(cut, price=multiple * cut.price) for cut in prices.cuts),
    )
