"""Random numbers that repeat: a generator whose whole state is one number, so that work can stop and go on anywhere; compiled.

Marsaglia (2003, *Xorshift RNGs*), on 64 bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from optimiser.rounds.problem import Ints
from optimiser.rounds.solve.compiled import compiled


def seeded(seed: int) -> Ints:
    """The state to begin with; equal seeds give equal runs."""
    return np.array([(seed + 1) * 0x9E3779B97F4A7C15 & 0x7FFFFFFFFFFFFFFF | 1], dtype=np.int64)


@compiled
def _next(state) -> Any:  # type: ignore[no-untyped-def]
    """The shifts are 13, 7 and 17."""
    number = np.uint64(state[0])
    number ^= number << np.uint64(13)
    number ^= number >> np.uint64(7)
    number ^= number << np.uint64(17)
    state[0] = np.int64(number)
    return number


@compiled
def below(state, count) -> int:  # type: ignore[no-untyped-def]
    """A whole number from 0 to count - 1."""
    return np.int64((_next(state) >> np.uint64(11)) % np.uint64(count))  # type: ignore[return-value]


@compiled
def uniform(state) -> float:  # type: ignore[no-untyped-def]
    """A number from 0 up to, but not, 1."""
    return (_next(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)  # type: ignore[no-any-return]
