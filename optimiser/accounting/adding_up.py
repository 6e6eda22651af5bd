"""Figures of very many lines added up for each group of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimiser.domain.actuals import Ints


def added_up(keys: Sequence[Ints], figures: Sequence[Ints]) -> dict[tuple[int, ...], list[int]]:
    """By each different combination of keys, in their order, how many lines have it and what each figure of these comes to."""
    groups, group = np.unique(np.stack(keys), axis=1, return_inverse=True)
    sums = np.zeros((groups.shape[1], len(figures) + 1), np.int64)
    np.add.at(sums, group, np.stack([np.ones(len(group), np.int64), *figures], axis=1))
    return dict(zip(map(tuple, groups.T.tolist()), sums.tolist(), strict=True))
