"""A provider can deliver only so many hours from a day: who is kept, who goes where, and which visits nobody delivers.

The hours that are left serve first those whom a missed visit would harm most; whoever of these cannot be kept is placed first.
A package is kept, moved or left uncovered whole. Nothing here ends anybody's care: it is a plan, for people to decide on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from optimiser.county import County
from optimiser.domain.level_result import LevelResult
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.records import HARMS
from optimiser.domain.snapshot import Snapshot
from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Effort, Progress, Solution, Stopped
from optimiser.solving.problem import Level
from optimiser.transferring.relieving.by_hand import by_hand
from optimiser.transferring.relieving.formulation import Model, build
from optimiser.transferring.relieving.loss import Loss, faults_of
from optimiser.transferring.relieving.relief_case import UNCOVERED, Case, case_of
from optimiser.transferring.story import CannotPlanError, need_a_calendar

STANDARD_EFFORT = Effort()
LARGEST_PACKING = 1_500
"""What is left of a provider's hours holds a hundred people and is filled to the minute in countless ways: as a limit beside the
rooms of the others, not as a packing of its own, a plan that took 24 s of processor takes 5 (and was not proven before)."""
DIVED = 60
"""How many relaxations dives may solve on a level: three dives or so, of which the first is near its bound as a rule."""
SEARCHED = 9.0
"""How much constraint programming a level may take. Who of hundreds goes into which of a hundred small rooms is a packing to the
minute: its bound is soon known, a plan that meets it is found in a moment or not at all."""


@dataclass(frozen=True)
class Relief:
    """Where everybody's care is from the day on."""

    before: County
    """As it is today."""
    case: Case
    where: dict[int, int]
    """Per member: the contract that it is on from the day on, or ``UNCOVERED``."""
    levels: tuple[LevelResult[int], ...]
    stopped: Stopped

    def __repr__(self) -> str:
        return f"<Relief of {self.case!r}>"

    @property
    def all_proven(self) -> bool:
        return all(level.proven for level in self.levels)

    def is_kept(self, member: int) -> bool:
        return self.where[member] == self.case.now[member]

    def is_uncovered(self, member: int) -> bool:
        return self.where[member] == UNCOVERED

    def moves(self, member: int) -> bool:
        return not self.is_kept(member) and not self.is_uncovered(member)

    @property
    def moved(self) -> list[int]:
        return [member for member in self.case.members if self.moves(member)]

    @property
    def kept(self) -> list[int]:
        return [member for member in self.case.members if self.is_kept(member)]

    @property
    def uncovered(self) -> list[int]:
        return [member for member in self.case.members if self.is_uncovered(member)]

    def is_pending(self, member: int) -> bool:
        """Whether a social work decision about somebody who moves is still to be made."""
        protected = self.case.county.packages[member].protected
        return self.moves(member) and not protected and self.case.decision_on(member, self.where[member]) == ""

    def needs_own_plan(self, member: int) -> bool:
        """Whether the move of somebody needs a plan of its own from a social worker first."""
        return self.moves(member) and self.case.is_against_assessment(member, self.where[member])

    def most_harm_first(self, members: Sequence[int]) -> list[int]:
        """Those first whom a missed visit would harm most, then in the order of their ids."""
        records = self.case.county.packages
        return sorted(members, key=lambda m: (HARMS.index(self.case.harm(m)), records[m].package_id))

    def providers_of(self, members: Sequence[int]) -> set[str]:
        """Who delivers the care of some members from the day on; the empty id where nobody does."""
        county = self.case.county
        return {"" if self.is_uncovered(m) else county.provider(self.where[m]).provider_id for m in members}

    def is_whole(self, round_id: str) -> bool:
        """Whether everybody of a round has one provider from the day on."""
        providers = self.providers_of(self.case.rounds[round_id])
        stays = all(self.is_kept(member) for member in self.case.rounds[round_id])
        return len(providers) == 1 and "" not in providers and (stays or not self.case.stays_in_round(round_id))


def plan_relief(
    snapshot: Snapshot,
    losses: Sequence[Loss],
    day: dt.date,
    policy: TransferPolicy,
    *,
    effort: Effort = STANDARD_EFFORT,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Relief:
    """The best plan in strict order. Raises ``CannotPlanError`` with everything that does not fit the county."""
    county = County.of(snapshot)
    need_a_calendar(county.as_of, day)
    problems = list(faults_of(county, losses, day))
    if problems:
        raise CannotPlanError(problems)
    case = case_of(county, policy, losses, day)
    model = build(case)
    problem = replace(model.problem, start=by_hand(model))
    effort = replace(effort, block_states=LARGEST_PACKING, constraint_work=SEARCHED, dives=DIVED)
    solution = solve(problem, effort=effort, report=report, should_stop=should_stop)
    where = model.where(solution.plan)
    return Relief(county, case, where, _levels_of(model, where, solution), solution.stopped)


def _levels_of(model: Model, where: dict[int, int], solution: Solution) -> tuple[LevelResult[int], ...]:
    """The levels of where everybody is, with all that is whole then: a search that ended early has not said so of everything."""
    values = model.problem.values(model.choices(where))
    found = zip(solution.levels, model.problem.levels, values, strict=True)
    return tuple(_with_best(told, level, min(told.best, value)).of_plan(value) for told, level, value in found)


def _with_best(told: LevelResult[int], level: Level, best: int) -> LevelResult[int]:
    return replace(told, best=best, proven=told.proven or level.is_proven(best, told.bound))
