"""Figures of very many lines added up for each group of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from optimiser.domain.actuals import Ints

WHOLE = 2**62
"""What combinations of keys are counted by is below this."""


def added_up(keys: Sequence[Ints], figures: Sequence[Ints]) -> dict[tuple[int, ...], list[int]]:
    """By each different combination of keys, in their order, how many lines have it and what each figure of these comes to."""
    if not len(keys[0]):
        return {}
    one = _as_one(keys)
    order = np.argsort(one, kind="stable")
    first = np.flatnonzero(np.diff(one[order], prepend=one[order[0]] - 1))
    groups = np.stack([key[order[first]] for key in keys], axis=1)
    count = np.diff(first, append=len(order))
    sums = np.stack([count, *(np.add.reduceat(figure[order], first) for figure in figures)], axis=1)
    return dict(zip(map(tuple, groups.tolist()), sums.tolist(), strict=True))


def alike_lines(keys: Sequence[Ints]) -> tuple[Ints, Ints]:
    """A line of each different combination of keys, and for every line the place of the one that is like it among these."""
    if not len(keys[0]):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    _, lines, alike = np.unique(_as_one(keys), return_index=True, return_inverse=True)
    return lines.astype(np.int64), alike.astype(np.int64)


def _as_one(keys: Sequence[Ints]) -> Ints:
    """A number for each line that is in the order of its keys; one that would be too large is made of places instead."""
    least = [int(key.min()) for key in keys]
    spans = [int(key.max()) - low + 1 for key, low in zip(keys, least, strict=True)]
    if math.prod(spans) >= WHOLE:
        places: Ints = np.unique(np.stack(keys), axis=1, return_inverse=True)[1].astype(np.int64)
        return places
    one = np.zeros(len(keys[0]), np.int64)
    for key, low, span in zip(keys, least, spans, strict=True):
        one = one * span + (key - low)
    return one
