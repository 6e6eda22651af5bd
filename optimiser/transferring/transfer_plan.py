"""A transfer plan: what was decided for every candidate round, on what, and what is proven of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from optimiser.county import County
from optimiser.domain.level_result import Amount, LevelResult
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.solving.outcome import Stopped
from optimiser.transferring.calendar import Wave
from optimiser.transferring.candidate_rounds import Candidate
from optimiser.transferring.problem import STAYS, Choice, Problem
from optimiser.transferring.targets import Target

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Change:
    """A round whose place differs from the earlier plan."""

    round_id: str
    before: str
    """The day that it was to move on; empty: it was to stay."""
    after: str
    why: str


@dataclass(frozen=True)
class TransferPlan:
    """Everything that the outputs are made from."""

    county: County
    policy: TransferPolicy
    known: Known
    waves: tuple[Wave, ...]
    targets: tuple[Target, ...]
    candidates: tuple[Candidate, ...]
    problem: Problem
    choice: Choice
    levels: tuple[LevelResult[Amount], ...]
    stopped: Stopped
    changes: tuple[Change, ...] | None = None
    """What differs from the earlier plan; None where there was none."""
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<TransferPlan of {self.county!r}: {len(self.moving)} of {len(self.candidates)} rounds move>"

    @property
    def all_proven(self) -> bool:
        return all(level.proven for level in self.levels)

    def to_frame(self) -> DataFrame:
        """A row per round, for pandas."""
        from optimiser.io.frames import frame
        from optimiser.transferring.tables import TRANSFERS, transfer_rows

        return frame(transfer_rows(self), columns=TRANSFERS)

    def wave_of(self, candidate: int) -> Wave | None:
        """The wave that a candidate moves on, or None when it stays."""
        wave = self.choice[candidate]
        return None if wave == STAYS else self.waves[wave]

    @cached_property
    def moving(self) -> tuple[int, ...]:
        """The candidates that move."""
        return tuple(index for index, wave in enumerate(self.choice) if wave != STAYS)

    @cached_property
    def used_waves(self) -> tuple[Wave, ...]:
        """The waves up to the last one that somebody moves on; at least the first."""
        last = max((self.choice[index] for index in self.moving), default=0)
        return self.waves[: last + 1]

    def is_pending(self, package: int) -> bool:
        """Whether the social work decision on a package is still to come."""
        return self.county.packages[package].transfer_decision == ""

    def minutes_after(self, target: int, wave: int | None = None) -> int:
        """Minutes with a target's principal after a wave (its index), or at the end."""
        last = len(self.waves) if wave is None else wave
        moved = sum(
            self.candidates[index].minutes
            for index in self.moving
            if self.candidates[index].target == target and self.choice[index] <= last
        )
        return self.targets[target].running + moved

    def share_after(self, target: int, wave: int | None = None) -> Fraction:
        """The principal's share of its area's minutes after a wave, or at the end."""
        return Fraction(self.minutes_after(target, wave), max(1, self.targets[target].demand))
