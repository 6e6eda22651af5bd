"""A transfer as plain numbers: which round on which wave, under which limits. Knows neither people nor contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

STAYS = -1
"""In a choice: on no wave."""

Choice = tuple[int, ...]
"""Per round: the index of its wave, or STAYS."""


@dataclass(frozen=True)
class Limit:
    """The weights of the rounds of ``weights`` that move on one of ``waves`` add up to at most ``room``.

    A weight below 0 is that of a round that makes room by leaving.
    """

    rule: str
    subject: str
    weights: dict[int, int]
    waves: frozenset[int]
    room: int
    sentence: str
    """What it is, as it stands in a reason."""

    def used(self, choice: Choice) -> int:
        return sum(weight for index, weight in self.weights.items() if choice[index] in self.waves)

    @cached_property
    def counts_both_ways(self) -> bool:
        """Whether some round makes room under it by leaving."""
        return any(weight < 0 for weight in self.weights.values())


@dataclass(frozen=True)
class Payment:
    """A contract's weekly pence: its care, or what is guaranteed if that is more. ``change``: what each round moved adds."""

    base_pence: int
    guaranteed_pence: int
    change: dict[int, int]

    def pence(self, choice: Choice) -> int:
        delivered = self.base_pence + sum(pence for index, pence in self.change.items() if choice[index] != STAYS)
        return max(delivered, self.guaranteed_pence)


@dataclass(frozen=True)
class Linear:
    """A constant and a weight for each round that moves, once or for each wave that it waits."""

    constant: int
    weights: tuple[int, ...]
    times_wave: bool = False

    def value(self, choice: Choice) -> int:
        moved = ((weight, wave) for weight, wave in zip(self.weights, choice, strict=True) if wave != STAYS)
        return self.constant + sum(weight * (wave if self.times_wave else 1) for weight, wave in moved)


@dataclass(frozen=True)
class OwnLevel:
    """A preference that a problem brings along."""

    name: str
    unit: str
    linear: Linear
    to_a_share: bool = False
    """Whether it counts as proven when all but a share of it (``distance_proof_divisor``) is."""


@dataclass(frozen=True)
class Problem:
    """All that is chosen by and judged on. Arrays have one entry per candidate round."""

    minutes: tuple[int, ...]
    towards_mark: tuple[int, ...]
    """The minutes of each that will be with the area's principal in the end; none where it moves to one that is replaced."""
    people: tuple[int, ...]
    metres: tuple[int, ...]
    waves: tuple[tuple[int, ...], ...]
    """The waves that each may move on; none: it stays."""
    excludes: tuple[tuple[int, ...], ...]
    """Sets of rounds of which at most one may move: different cuts of the same one."""
    limits: tuple[Limit, ...]
    short_minutes: int
    """Minutes short of all marks together before anything moves."""
    moved_from: dict[str, dict[int, int]]
    """Per provider: its rounds and their minutes."""
    before_minutes: dict[str, int]
    """Per provider: all its minutes in the county."""
    payments: tuple[Payment, ...]
    fixed: dict[int, int]
    """Rounds whose move is agreed, with their wave."""
    earlier: Choice | None = None
    """In a re-plan: where each round was, STAYS where it may not be now."""
    earlier_elsewhere: frozenset[int] = frozenset()
    """Those whose round was on a wave of another candidate's: whether it has changed is counted there."""
    changes_tolerance: int = 0
    distance_proof_divisor: int = 10_000
    cost_proof_pence: int = 0
    cost_tolerance_pence: int = 0
    own_levels: tuple[OwnLevel, ...] = ()
    """In a hand-back: its own preferences, before the cost."""

    def __repr__(self) -> str:
        return f"<Problem of {len(self.minutes)} candidate rounds, {len(self.limits)} limits>"

    def shares(self, choice: Choice) -> dict[str, Fraction]:
        """The share of each provider's minutes that moves."""
        return {
            name: Fraction(sum(m for index, m in rounds.items() if choice[index] != STAYS), self.before_minutes[name])
            for name, rounds in self.moved_from.items()
        }

    def breaks(self, choice: Choice) -> list[str]:
        """What a choice breaks: nothing, for one that may be."""
        broken = list(dict.fromkeys(limit.sentence for limit in self.limits if limit.used(choice) > limit.room))
        broken += [f"round {i}" for i, wave in enumerate(choice) if wave != STAYS and wave not in self.waves[i]]
        broken += [f"agreed round {i}" for i, wave in self.fixed.items() if choice[i] != wave]
        broken += [f"cuts {group}" for group in self.excludes if sum(choice[i] != STAYS for i in group) > 1]
        return broken

    def moved(self, choice: Choice, weights: Sequence[int]) -> int:
        return sum(weight for weight, wave in zip(weights, choice, strict=True) if wave != STAYS)
