"""A transfer plan: what was decided for every candidate round, on what, and what is proven of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from optimiser.county import County
from optimiser.domain.level_result import Amount, LevelResult
from optimiser.domain.person_records import TRANSFER
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.solving.outcome import Stopped
from optimiser.transferring.calendar import Wave
from optimiser.transferring.candidate_rounds import Candidate
from optimiser.transferring.problem import STAYS, Choice, Problem
from optimiser.transferring.targets import Target, carries_to

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
    moved_before: frozenset[str] = frozenset()
    """The rounds that the earlier plan moved: whoever of them stays now hears of it."""
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

    def share_that_may_go(self, provider_id: str) -> Fraction:
        """The part of a provider's hours that may leave it within twelve months, as for all or as agreed with it."""
        before = self.problem.before_minutes.get(provider_id, 0)
        return self.known.share_that_may_go(provider_id, before, self.policy.moved_share_limit(self.county.policy))

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

    @cached_property
    def told(self) -> tuple[int, ...]:
        """Per round, and per part that may be cut: the candidate that speaks for it, the one that moves or else its last."""
        speaks: dict[str, int] = {}
        for index, each in enumerate(self.candidates):
            if each.round_id not in speaks or self.choice[speaks[each.round_id]] == STAYS:
                speaks[each.round_id] = index
        return tuple(speaks.values())

    def candidates_of(self, round_id: str) -> list[int]:
        """The candidates of a round: one for each target that it may move to."""
        return [index for index, each in enumerate(self.candidates) if each.round_id == round_id]

    @property
    def days(self) -> dict[str, dt.date | None]:
        """Per round told of the day that it moves on; None: it stays."""
        waves = {self.candidates[index].round_id: self.wave_of(index) for index in self.told}
        return {round_id: None if wave is None else wave.date for round_id, wave in waves.items()}

    @cached_property
    def areas(self) -> tuple[int, ...]:
        """Per area the index of its last target, in the order of their ids."""
        return tuple(index for index, target in enumerate(self.targets) if target.is_last)

    def is_pending(self, package: int) -> bool:
        """Whether the social work decision on a package is still to come, for the move that is planned or would be."""
        provider_id, day = self._would_go.get(package, ("", self.county.as_of))
        return replace(self.county, move=TRANSFER, moves_on=day).decision_on(package, provider_id) == ""

    @cached_property
    def _would_go(self) -> dict[int, tuple[str, dt.date]]:
        """Per member of a candidate the provider that it moves to, or would, and the day."""
        found: dict[int, tuple[str, dt.date]] = {}
        for index in sorted(self.told, key=lambda each: self.choice[each] != STAYS):
            target, wave = self.targets[self.candidates[index].target], self.wave_of(index)
            day = wave.date if wave else target.first_day
            found |= dict.fromkeys(self.candidates[index].members, (self.county.provider(target.contract).provider_id, day))
        return found

    def target_after(self, area: int, wave: int | None) -> Target:
        """The target of an area (the index of its last one) on a wave (its index); its last at the end or before all waves."""
        last = self.targets[area]
        here = (target for target in self.targets if target.area_id == last.area_id and wave in target.waves)
        return next(here, last)

    def minutes_after(self, area: int, wave: int | None = None) -> int:
        """Minutes with an area's principal after a wave (its index), or at the end; what has carried over by then counts."""
        target, until = self.target_after(area, wave), len(self.waves) if wave is None else wave
        day = target.first_day if wave is None or wave < 0 else self.waves[wave].date
        moved = sum(
            self.candidates[index].minutes
            for index in self.moving
            if (to := self.targets[self.candidates[index].target]).area_id == target.area_id
            and carries_to(self.county, to.contract, target.contract, max(day, to.first_day))
            and self.choice[index] <= until
        )
        return target.running + moved

    def share_after(self, area: int, wave: int | None = None) -> Fraction:
        """The share of an area's minutes with its principal."""
        return Fraction(self.minutes_after(area, wave), max(1, self.targets[area].demand))
