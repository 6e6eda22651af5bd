"""The whole story on one page: a snapshot goes in, a verified and explained allocation comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from optimiser.allocating.asked import Asked, Levels, Pricing, Report
from optimiser.county import County
from optimiser.domain.brief import Brief
from optimiser.domain.level_result import LevelResult
from optimiser.domain.plan import Plan
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.area_figures import area_figures, county_wide_figures, limits_exceeded
from optimiser.explaining.packages import Explainer, outcome_of
from optimiser.geography.grid import TravelSource
from optimiser.judging.briefing import briefed, pinned_as_one
from optimiser.judging.checking import VerifiedPlan, verify
from optimiser.rules.book import RuleBook
from optimiser.rules.longest_first.book_of_a_county import rules_for
from optimiser.solving.formulation import Model, build_model
from optimiser.solving.lexicographic import solve
from optimiser.solving.one_change import Comparison
from optimiser.solving.outcome import Effort, Progress, Solution, Stopped

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame


@dataclass(frozen=True)
class Allocation:
    """A county's allocation: the verified plan, what is proven of it, and what explains every package."""

    county: County
    rules: RuleBook
    verified: VerifiedPlan
    levels: tuple[LevelResult[int], ...]
    stopped: Stopped
    explainer: Explainer
    asked: Asked | None = None
    """The part that the run was for and its pins with their prices; None where it was for the whole county, with none."""

    def __repr__(self) -> str:
        proven = sum(level.proven for level in self.levels)
        return f"<Allocation of {self.county.snapshot!r}: {proven} of {len(self.levels)} levels proven>"

    def outcome(self, package: int) -> str:
        """``placed``, ``unmet`` or ``pending``."""
        return outcome_of(self.county, self.verified, package)

    def explain(self, package: int) -> dict[str, Any]:
        """The record of one package: made when asked for, as a county's records are large."""
        return self.explainer.explain(package)

    def areas(self) -> list[dict[str, Any]]:
        """Figures per area and its contracts, with what was unreachable and why."""
        return area_figures(self.county, self.rules, self.verified)

    def county_wide_contracts(self) -> list[dict[str, Any]]:
        """Figures of the contracts that belong to no area."""
        return county_wide_figures(self.county, self.rules, self.verified)

    def to_frame(self, *, reasons: bool = False) -> DataFrame:
        """A row per package, for pandas. ``reasons``: with the sentence of each, which takes longer. Personal data."""
        from optimiser.io.frames import allocation_frame

        return allocation_frame(self, reasons=reasons)

    def to_geodataframe(self, layer: str = "packages", *, exact: bool = False) -> GeoDataFrame:
        """A layer of a map for geopandas (the extra ``gis``), in metres of the National Grid: ``areas`` with their figures,
        ``packages``, ``offices``, ``surgeries`` or ``rounds``. Unless ``exact`` homes are kilometre squares, without ids.
        """
        from optimiser.mapping.layers import county_layers
        from optimiser.mapping.placements import Placement

        placed = {}
        for package, person in enumerate(self.county.packages):
            contract = self.verified.plan.contracts[package]
            contract_id = "" if contract is None else self.county.contracts[contract].contract_id
            placed[person.package_id] = Placement(self.outcome(package), contract_id)
        return county_layers(self.county, placed, exact=exact)[layer]

    def limits_exceeded(self) -> list[dict[str, Any]]:
        """The limits that were exceeded before anything was decided."""
        return limits_exceeded(self.verified)

    @property
    def all_proven(self) -> bool:
        return all(level.proven for level in self.levels)

    @property
    def complete(self) -> bool:
        """False where somebody or the clock cut the search short: another run may then find something else."""
        return self.stopped in ("no", "work")


def allocate(
    snapshot: Snapshot,
    *,
    brief: Brief | None = None,
    rules: RuleBook | None = None,
    travel: TravelSource | None = None,
    effort: Effort | None = None,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    if_others_move: bool = False,
) -> Allocation:
    """Who should deliver each waiting package.

    Running care stays where it is. ``if_others_move``: what would place those who are left waiting is re-solved as well, with
    others who wait free to go elsewhere; that takes its time. ``brief``: the part of the county that the run is for, and pins.
    Raises ``BriefRefusedError``, and ``PlanRefusedError`` or ``DisagreementError`` when the check does not confirm what the model
    says: a defect of this software, never of the input.
    """
    rules = rules or rules_for(snapshot.policy)
    county, effort = County.of(snapshot, travel), effort or Effort()
    pricing = Pricing(effort.wall_seconds, report, should_stop)
    brief = brief or Brief()

    def solved(asked: Brief, effort: Effort, report: Report, begin: Plan | None = None) -> tuple[Allocation, Brief]:
        here, book, whole = briefed(county, rules, asked, may_move=False)
        model = build_model(here, book)
        if begin is not None:
            model = model.starting_from(begin)
        solution = solve(model.problem, effort=effort, report=report, should_stop=should_stop)
        made = explained(here, book, model, solution)
        return (with_others(made, model, effort, should_stop) if if_others_move and begin is None else made), whole

    found, whole = solved(brief, effort, report)
    if not brief:
        return found

    def without(asked: Brief, seconds: float | None, report: Report) -> tuple[Levels, Stopped]:
        other, _ = solved(asked, replace(effort, wall_seconds=seconds), report, found.verified.plan)
        return other.levels, other.stopped

    asked = pricing.priced(whole, pinned_as_one(county, brief), found.levels, found.stopped, without)
    return replace(found, asked=asked, stopped=pricing.stopped)


def explained(
    county: County,
    rules: RuleBook,
    model: Model,
    solution: Solution,
    moved: Mapping[int, str] | None = None,
    still_waiting: Mapping[int, str] | None = None,
) -> Allocation:
    """A solution checked, with what explains it. ``moved``: why, for each package whose running care is moved; ``still_waiting``:
    what more there is to say of one that is not placed.

    Raises as ``allocate`` does.
    """
    verified = verify(county, rules, model.plan_of(solution.plan), _model_values(model, solution))
    neighbours = _Neighbours(model, solution)
    return Allocation(
        county=county,
        rules=rules,
        verified=verified,
        levels=tuple(level.of_plan(verified.levels[level.name]) for level in solution.levels),
        stopped=solution.stopped,
        explainer=Explainer(county, rules, verified, neighbours.compare, neighbours.offered, moved, still_waiting),
    )


def with_others(
    allocation: Allocation, model: Model, effort: Effort, should_stop: Callable[[], bool] | None = None
) -> Allocation:
    """The same, telling also what would place those left waiting if others who wait may go elsewhere.

    Raises as ``allocate`` does.
    """
    from optimiser.allocating.if_others_move import changes_if_others_move  # it is compiled, which takes its time to import

    if allocation.stopped == "cancelled":
        return allocation
    found = changes_if_others_move(
        allocation.county, allocation.rules, allocation.verified, model, should_stop, effort.wall_seconds
    )
    return replace(allocation, explainer=allocation.explainer.telling(found))


def _model_values(model: Model, solution: Solution) -> Mapping[str, int]:
    names = [level.name for level in model.problem.levels]
    return dict(zip(names, model.problem.values(solution.plan), strict=True))


class _Neighbours:
    """What each level would gain or lose if one open package were on another of its contracts."""

    def __init__(self, model: Model, solution: Solution) -> None:
        self._comparison = Comparison(model.problem, solution.plan)
        self._choice = {(package, contract): choice for choice, package, contract in model.pairs()}

    def offered(self, package: int, contract: int) -> bool:
        """Whether the model let the package go to the contract at all."""
        return (package, contract) in self._choice

    def compare(self, package: int, contract: int) -> Mapping[str, int] | None:
        choice = self._choice.get((package, contract))
        return None if choice is None else self._comparison.differences(choice)
