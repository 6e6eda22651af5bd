"""Pattern blocks: items that share parts, with every whole pattern of their tied choices written out.

A part (a share, a deviation) ties the choices in its row together: in the county, an area's own contracts. A block has few
such choices, and their limits allow few patterns, so all can be listed, each with the exact value of its parts. A relaxation
that mixes whole patterns can sell neither half a package nor a share that no whole package makes. This is the reformulation
of Dantzig and Wolfe (1960) by area; the patterns are those of Gilmore and Gomory (1961), few enough to be priced one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.solving.linear_program import FloatArray, row_of_each
from optimiser.solving.problem import BoolArray, IntArray, Problem

MOST_PATTERNS = 100_000
"""A block with more patterns than this is left as it is."""


@dataclass(frozen=True, slots=True)
class PatternBlock:
    """The tied choices of some items: in a plan, exactly one of the patterns is what is taken of them."""

    columns: IntArray
    """The choices, then the parts (as columns of a level's program)."""
    patterns: FloatArray
    """Per pattern and column: 1 for a choice taken, a part's value."""


def pattern_blocks(
    problem: Problem, capacity: IntArray, alive: BoolArray, wanted: BoolArray, placed: BoolArray
) -> list[PatternBlock]:
    """All blocks that are small enough to be written out.

    ``wanted``: the parts that matter. ``placed``: items known to have one of their choices in every plan that counts.
    """
    tied = np.zeros(problem.choice_count, dtype=np.bool_)
    part_of = row_of_each(problem.parts)
    tied[problem.parts.choice[wanted[part_of]]] = True
    loose = np.unique(problem.choice_item[alive & ~tied])
    needed = placed.copy()
    needed[loose] = False
    found = []
    for parts in _tied_parts(problem, part_of, wanted, alive):
        choices = np.unique(problem.parts.choice[np.isin(part_of, parts)])
        choices = choices[alive[choices]]
        taken = _patterns(problem, capacity, choices, needed)
        if taken is not None:
            columns = np.concatenate((choices, problem.choice_count + parts))
            patterns = np.empty((len(taken), len(columns)))
            patterns[:, : len(choices)] = taken
            for place, part in enumerate(parts.tolist(), len(choices)):
                patterns[:, place] = _part_values(problem, part, choices, patterns[:, : len(choices)])
            found.append(PatternBlock(columns, patterns))
    return found


def _tied_parts(problem: Problem, part_of: IntArray, wanted: BoolArray, alive: BoolArray) -> list[IntArray]:
    """The wanted parts, in groups that have no item in common."""
    group = np.arange(len(problem.parts), dtype=np.int64)
    first: dict[int, int] = {}
    counts = wanted[part_of] & alive[problem.parts.choice]
    items = problem.choice_item[problem.parts.choice[counts]]
    for part, item in zip(part_of[counts].tolist(), items.tolist(), strict=True):
        other = first.setdefault(item, part)
        if group[other] != group[part]:
            group[group == group[part]] = group[other]
    return [np.flatnonzero(wanted & (group == root)) for root in np.unique(group[wanted]).tolist()]


def _patterns(problem: Problem, capacity: IntArray, choices: IntArray, needed: BoolArray) -> NDArray[np.int8] | None:
    """Every legal way to take the choices, one a row; None when there are too many."""
    limit_of = row_of_each(problem.limits)
    inside = np.isin(problem.limits.choice, choices)
    rows, row = np.unique(limit_of[inside], return_inverse=True)
    sizes = np.zeros((len(choices), len(rows)), dtype=np.int64)
    sizes[np.searchsorted(choices, problem.limits.choice[inside]), row] = problem.limits.coefficient[inside]
    options: dict[int, list[int]] = defaultdict(list)
    for position, item in enumerate(problem.choice_item[choices].tolist()):
        options[item].append(position)
    left = capacity[rows][np.newaxis, :].astype(np.int64)
    with_none = np.vstack((sizes, np.zeros((1, len(rows)), dtype=np.int64)))
    steps: list[tuple[IntArray, IntArray]] = []
    # Large items first: they leave the least room for others.
    for item in sorted(options, key=lambda item: (-int(sizes[options[item]].max(initial=0)), item)):
        fits = [_fitting(left, sizes[position]) for position in options[item]]
        without = 0 if needed[item] else len(left)
        if without + sum(map(len, fits)) > MOST_PATTERNS:
            return None
        before = np.concatenate((np.arange(without), *fits))
        choice = np.repeat([-1, *options[item]], [without, *map(len, fits)])
        left = left[before] - with_none[choice]
        steps.append((before, choice))
    return _written_out(steps, len(left), len(choices))


def _fitting(left: IntArray, size: IntArray) -> IntArray:
    """Which patterns leave the room for a further choice."""
    used = np.flatnonzero(size)
    return np.flatnonzero((left[:, used] >= size[used]).all(axis=1))


def _written_out(steps: list[tuple[IntArray, IntArray]], count: int, width: int) -> NDArray[np.int8]:
    """Patterns from how they came about: per item, what each grew from and the choice that it took then (-1: none).

    Only a block that is kept is written out: of one with too many patterns the wide table is never made.
    """
    taken = np.zeros((count, width), dtype=np.int8)
    at = np.arange(count)
    for before, choice in reversed(steps):
        chosen = choice[at]
        held = np.flatnonzero(chosen >= 0)
        taken[held, chosen[held]] = 1
        at = before[at]
    return taken


def _part_values(problem: Problem, part: int, choices: IntArray, taken: FloatArray) -> FloatArray:
    """What a part is, pattern by pattern: sums of whole numbers far too small to be rounded."""
    span = slice(problem.parts.start[part], problem.parts.start[part + 1])
    weight = np.zeros(problem.choice_count)
    weight[problem.parts.choice[span]] = problem.parts.coefficient[span]
    counted = np.flatnonzero(weight[choices])  # of a block's many choices a part has few
    total = np.einsum("ij,j->i", taken[:, counted], weight[choices[counted]])
    return np.asarray(np.maximum(0.0, total + problem.part_constant[part]))
