"""Chances that depend on nothing but what they are for: a number for each draw, purpose and subject.

A counter-based generator (Salmon and others 2011, "Parallel random numbers: as easy as 1, 2, 3") with BLAKE2b as its function:
no stream is read in turn, so another draw, person or event changes no other number, whatever the order of rows, the number of
processes or the hash seed. The same numbers serve when a rate is moved, so that two runs differ by the rate alone.
"""

from __future__ import annotations

import math
from hashlib import blake2b

BITS = 53
"""As many as a float holds exactly."""


class Dice:
    """The chances of one draw. ``seed``: of the whole forecast; ``draw``: its number, from 0 on."""

    def __init__(self, seed: int, draw: int) -> None:
        self._key = f"forecast/{seed}/{draw}".encode()

    def chance(self, *what: str | int) -> float:
        """A number from 0 on and below 1, always the same for the same words."""
        digest = blake2b("\x1f".join(map(str, what)).encode(), digest_size=8, key=self._key).digest()
        return float((int.from_bytes(digest, "big") >> (64 - BITS)) / 2**BITS)


def poisson(chance: float, mean: float) -> int:
    """How many come where ``mean`` come on average: the least number whose cumulated probability is above the chance.

    By inversion, so that a greater mean never gives fewer for the same chance.
    """
    if mean <= 0:
        return 0
    probability = cumulated = math.exp(-mean)
    count = 0
    while cumulated <= chance and probability > 0:
        count += 1
        probability *= mean / count
        cumulated += probability
    return count
