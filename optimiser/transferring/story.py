"""The whole story of a transfer on one page: a snapshot and what is known go in, a plan comes out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from optimiser.county import County
from optimiser.domain.level_result import Amount
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.calendar import Wave, holiday_notes, on_or_after, waves
from optimiser.transferring.candidate_rounds import Candidate, candidates, is_movable_tier, pool
from optimiser.transferring.circles import with_circles
from optimiser.transferring.formulation import build_problem
from optimiser.transferring.frontier import Reached, ReachedUnder
from optimiser.transferring.problem import STAYS, Choice, Problem
from optimiser.transferring.recut import recut_candidates
from optimiser.transferring.replan import changes_between, earlier_choice, elsewhere_before
from optimiser.transferring.solve import completed_choice, solve
from optimiser.transferring.targets import NoPrincipalError, Target, principals_that_change, targets_of
from optimiser.transferring.transfer_plan import TransferPlan

EarlierPlan = Mapping[str, dt.date | None]
"""Per round of an earlier plan: the day that it was to move on, None for one that was to stay."""


LAST_DAY = dt.date(9900, 1, 1)
"""Dates end with the year 9999, and a plan reaches years on from the day of the snapshot."""


class CannotPlanError(Exception):
    """What was asked for cannot be planned; ``problems`` says why, and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


@dataclass(frozen=True)
class Search:
    """How a search is run."""

    wall_seconds: float | None = None
    report: Callable[[str, Amount, Amount], None] | None = None
    should_stop: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Prepared:
    """All that is known before anything is searched."""

    county: County
    calendar: tuple[Wave, ...]
    targets: tuple[Target, ...]
    candidates: tuple[Candidate, ...]
    problem: Problem
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Prepared: {len(self.candidates)} candidate rounds on {len(self.calendar)} waves>"


def plan_transfer(
    snapshot: Snapshot,
    area_ids: Sequence[str],
    policy: TransferPolicy,
    known: Known | None = None,
    *,
    earlier: EarlierPlan | None = None,
    recut: bool = False,
    search: Search | None = None,
) -> TransferPlan:
    """Which existing rounds move to the principal of each area, and in which wave.

    ``earlier``: the plan to stay close to. Raises ``CannotPlanError``.
    """
    known, search = known or Known(), search or Search()
    made = prepare(County.of(snapshot), area_ids, policy, known, earlier=earlier, recut=recut)
    solved = solve(
        made.problem,
        start_of(made.problem),
        wall_seconds=search.wall_seconds,
        report=search.report,
        should_stop=search.should_stop,
    )
    plan = TransferPlan(
        county=made.county,
        policy=policy,
        known=known,
        waves=made.calendar,
        targets=made.targets,
        candidates=made.candidates,
        problem=made.problem,
        choice=solved.choice,
        levels=solved.levels,
        stopped=solved.stopped,
        notes=made.notes,
    )
    plan = replace(plan, notes=(*plan.notes, *holiday_notes(plan.waves, plan.county.as_of, policy, len(plan.used_waves))))
    if earlier is None:
        return plan
    moved = frozenset(round_id for round_id, day in earlier.items() if day is not None)
    return replace(plan, changes=changes_between(plan, earlier), moved_before=moved)


def prepare(
    county: County,
    area_ids: Sequence[str],
    policy: TransferPolicy,
    known: Known,
    *,
    earlier: EarlierPlan | None = None,
    recut: bool = False,
) -> Prepared:
    """The calendar, the candidates and the problem. Raises ``CannotPlanError``."""
    days = [day for day in (earlier or {}).values() if day is not None]
    need_a_calendar(county.as_of, *days, *(move.date for move in known.agreed), *(move.date for move in known.history))
    calendar = waves(county.as_of, policy, [move.date for move in known.agreed], days)
    whole_year = waves(county.as_of, replace(policy, max_waves=0), [move.date for move in known.agreed], days)
    if not calendar:
        raise CannotPlanError([f"no wave can be held before the calendar ends on {dt.date.max}: {county.as_of} is too late"])
    targets = _targets(county, area_ids, whole_year)
    _need_rounds(county, targets, calendar, policy)
    county = _with_restrictions_to_come(county, calendar)
    judged = pool(county, targets, calendar, policy, known)
    found = candidates(county, targets, policy, known, judged)
    if recut:
        cuts = recut_candidates(county, targets, calendar, policy, judged, known)
        found = tuple(sorted((*found, *cuts), key=lambda each: each.round_id))
    fixed, notes = _agreed(county, found, calendar, known, policy)
    problem = build_problem(county, targets, found, calendar, policy, known, fixed)
    if earlier is not None:
        kept = {name: day and on_or_after(day, policy) for name, day in earlier.items()}
        choice = earlier_choice(found, calendar, kept)
        elsewhere = elsewhere_before(found, choice)
        problem = replace(problem, earlier=choice, earlier_elsewhere=elsewhere, changes_tolerance=policy.replan_changes)
    return Prepared(county, calendar, targets, found, problem, (*notes, *principals_that_change(county, targets)))


def reached(snapshot: Snapshot, area_ids: Sequence[str], known: Known) -> ReachedUnder:
    """Asks what settings would reach: the first level alone, for the frontier."""
    county = County.of(snapshot)

    def under(policy: TransferPolicy, recut: bool) -> Reached:
        made = prepare(county, area_ids, policy, known, recut=recut)
        solved = solve(made.problem, start_of(made.problem), only=1)
        [shortfall] = solved.levels
        moved = made.problem.moved(solved.choice, made.problem.towards_mark)
        demand = sum(target.demand for target in made.targets if target.is_last)
        running = sum(target.running for target in made.targets if target.is_last)
        share = Fraction(running + moved, max(1, demand))
        return Reached(moved, made.problem.short_minutes - moved, share, len(made.calendar), shortfall.proven)

    return under


def need_a_calendar(*days: dt.date) -> None:
    """Raise where a day lies so late that the months of a plan cannot be counted on from it."""
    late = sorted({day for day in days if day > LAST_DAY})
    if late:
        raise CannotPlanError(
            [f"{day} is later than {LAST_DAY}, so no plan can be dated from it: is the year right?" for day in late]
        )


def _targets(county: County, area_ids: Sequence[str], calendar: tuple[Wave, ...]) -> tuple[Target, ...]:
    if not area_ids:
        raise CannotPlanError(
            [
                "no area has a principal contract that has not ended, so there is nobody for rounds to move to:"
                " name an area with --area, or add its contract"
            ]
        )
    problems = [f"there is no area {name}" for name in area_ids if name not in county.area_of]
    found: list[Target] = []
    for name in sorted(set(area_ids) & set(county.area_of)):
        try:
            found += targets_of(county, name, calendar)
        except NoPrincipalError as error:
            problems.append(str(error))
    if problems:
        raise CannotPlanError(problems)
    return tuple(found)


def _need_rounds(county: County, targets: tuple[Target, ...], calendar: tuple[Wave, ...], policy: TransferPolicy) -> None:
    """Raise where care could move, but none of it is in a round."""
    holders = {target.area_id: county.provider(target.contract).provider_id for target in targets if target.is_last}
    movable = [
        package
        for index, package in enumerate(county.packages)
        if package.contract_id
        and package.area_id in holders
        and county.provider(int(county.running_on[index])).provider_id != holders[package.area_id]
        and any(is_movable_tier(county, index, policy, wave.date) for wave in calendar)
    ]
    if movable and not any(package.round_id for package in movable):
        raise CannotPlanError(
            [
                f"{len(movable)} packages of these areas could move, but none of them is in a round, and only whole rounds move:"
                " give their round_id in packages.csv, or build rounds (optimiser rounds build FOLDER --out DIR) and name them"
                " with --rounds DIR"
            ]
        )


def _with_restrictions_to_come(county: County, calendar: tuple[Wave, ...]) -> County:
    """The county with every restriction that is in force today or on a wave: caps known to come count already."""
    days = [county.as_of, *(wave.date for wave in calendar)]
    known = tuple(r for r in county.snapshot.restrictions if any(r.in_force(day) for day in days))
    return replace(county, restrictions=known)


def _agreed(
    county: County, found: tuple[Candidate, ...], calendar: tuple[Wave, ...], known: Known, policy: TransferPolicy
) -> tuple[dict[int, int], tuple[str, ...]]:
    """The agreed rounds with their waves; a round in which somebody has said no since is not kept, and that is said."""
    of_round: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(found):
        of_round[each.round_id].append(index)
    wave_on = {wave.date: index for index, wave in enumerate(calendar)}
    fixed: dict[int, int] = {}
    notes: list[str] = []
    problems: list[str] = []
    for move in known.agreed:
        its_own, wave = of_round[move.round_id], wave_on.get(move.date)
        possible = [index for index in its_own if wave in found[index].waves] or its_own
        if move.date <= county.as_of:
            problems.append(f"agreed round {move.round_id} moved on {move.date}, which has passed: it belongs in the history")
        elif not possible:
            problems.append(f"agreed round {move.round_id} is no candidate of these areas: take it out of the agreed file")
        elif any(county.packages[m].package_id in known.refused for m in found[possible[0]].members):
            notes.append(f"Round {move.round_id} was agreed, but somebody in it has said no since: it stays.")
        elif wave is None or wave not in found[possible[0]].waves:
            why = "; ".join(blocker.sentence for blocker in found[possible[0]].blockers) or f"no wave can be held on {move.date}"
            problems.append(f"agreed round {move.round_id} may not move on {move.date} ({why}): take it out of the agreed file")
        else:
            fixed[possible[0]] = wave
    dates = sorted({move.date for move in known.agreed})
    for first, second in pairwise(dates):
        if (second - first).days < 7 * policy.weeks_between_waves:
            problems.append(f"agreed waves {first} and {second} are less than {policy.weeks_between_waves} weeks apart")
    if problems:
        raise CannotPlanError(problems)
    return fixed, tuple(notes)


def start_of(problem: Problem) -> Choice:
    """A plan to begin with: what is agreed, then what of the earlier plan still fits; in a new plan, circles that fit."""
    choice = _agreed_alone(problem)
    if problem.earlier is None:
        return with_circles(problem, choice)
    whole = tuple(before if now == STAYS else now for before, now in zip(problem.earlier, choice, strict=True))
    if not problem.breaks(whole):
        return whole
    for index, wave in enumerate(problem.earlier):
        if wave != STAYS and choice[index] == STAYS:
            tried = (*choice[:index], wave, *choice[index + 1 :])
            choice = choice if problem.breaks(tried) else tried
    return choice


def _agreed_alone(problem: Problem) -> Choice:
    """Only what is agreed moves; where that takes other rounds that make room, those too."""
    choice = tuple(problem.fixed.get(index, STAYS) for index in range(len(problem.minutes)))
    passed = problem.breaks(choice)
    completed = completed_choice(problem) if passed else choice
    if completed is None:
        raise CannotPlanError([f"what is agreed passes {what}: take a round out of it" for what in passed])
    return completed
