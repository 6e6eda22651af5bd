"""Tiny random problems that use everything a problem can have: limits, parts, fractions, tolerances, running care."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from optimiser.solving import UNPLACED, IntArray, Level, Problem, Terms

SIZES = st.sampled_from([15, 30, 45, 60, 105])
AMOUNTS = st.integers(-40, 60)


@dataclass
class StopAfter:
    """Says stop to whoever has asked more often than that."""

    most: int
    calls: int = 0

    def __call__(self) -> bool:
        self.calls += 1
        return self.calls > self.most


def numbers(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)


def terms(rows: list[dict[int, int]]) -> Terms:
    """Sparse rows from plain dictionaries."""
    start = np.cumsum([0, *(len(row) for row in rows)])
    return Terms(
        start.astype(np.int64),
        numbers([choice for row in rows for choice in sorted(row)]),
        numbers([row[choice] for row in rows for choice in sorted(row)]),
    )


@st.composite
def problems(draw: st.DrawFn, most_items: int = 5, without_parts: bool = False) -> Problem:
    """A problem with a legal start plan."""
    counts = draw(st.lists(st.integers(0, 4), min_size=1, max_size=most_items))
    item = [index for index, count in enumerate(counts) for _ in range(count)]
    size = draw(st.lists(SIZES, min_size=len(counts), max_size=len(counts)))
    some = st.sets(st.sampled_from(range(len(item))), max_size=len(item)) if item else st.just(set[int]())
    limits = [{choice: size[item[choice]] for choice in draw(some)} for _ in range(draw(st.integers(0, 4)))]
    start = []
    for index in range(len(counts)):
        own = [choice for choice in range(len(item)) if item[choice] == index]
        start.append(draw(st.sampled_from([UNPLACED, *own])))
    must = [choice != UNPLACED and draw(st.booleans()) for choice in start]
    load = [sum(row.get(choice, 0) for choice in start) for row in limits]
    room = [used + draw(st.integers(0, 120)) for used in load]
    parts = [{choice: draw(AMOUNTS) for choice in draw(some)} for _ in range(0 if without_parts else draw(st.integers(0, 3)))]
    levels = tuple(draw(one_level(index, len(item), len(parts))) for index in range(draw(st.integers(1, 4))))
    return Problem(
        len(counts),
        np.array(must, dtype=np.bool_),
        numbers(item),
        terms(limits),
        numbers(room),
        terms(parts),
        numbers([draw(AMOUNTS) for _ in parts]),
        levels,
        numbers(start),
    )


@st.composite
def one_level(draw: st.DrawFn, index: int, choices: int, parts: int) -> Level:
    """A level that no plan can bring below nil, as all the levels of the county are."""
    cost = draw(st.lists(AMOUNTS, min_size=choices, max_size=choices))
    shares = st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 3), Fraction(5, 7), Fraction(2)])
    offset = draw(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(2, 7)]))
    return Level(
        f"level {index}",
        Fraction(sum(-amount for amount in cost if amount < 0)) + offset,
        numbers(cost),
        tuple(draw(st.lists(shares, min_size=parts, max_size=parts))),
        tolerance=draw(st.sampled_from([0, 0, 1, 10])),
        proof_gap=draw(st.sampled_from([0, 0, 3])),
        proof_share=draw(st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 100)])),
    )
