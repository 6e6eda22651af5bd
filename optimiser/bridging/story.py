"""Which visits that cannot wait can still be covered today: the whole of it, from a snapshot to three plans side by side.

Nothing here asks a provider, begins or ends anybody's care, or chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from optimiser.bridging.alternatives import ALTERNATIVES, NONE_EMPTY, Alternative
from optimiser.bridging.bridge_case import Case, Waiting, case_of
from optimiser.bridging.first_plans import brought_nearer, first_plan
from optimiser.bridging.formulation import Model, build
from optimiser.bridging.options import Option, options_of
from optimiser.bridging.proven_elsewhere import ProvenElsewhere
from optimiser.bridging.ties import alike_people, visits_of
from optimiser.county import County
from optimiser.domain.level_result import LevelResult
from optimiser.domain.snapshot import Snapshot
from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Effort, Progress, Solution, Stopped
from optimiser.solving.problem import IntArray

STANDARD_EFFORT = Effort()
PLAIN_NODES = 4_000
"""Some dozens of people with some hundreds of ways: a plain solver proves within seconds what branching over
packings left open for as long as it was let."""
WORKED_OUT = tuple(sorted(ALTERNATIVES, key=lambda each: each.begins_with != NONE_EMPTY))
"""Whoever has nothing comes first: held to the fewest minutes, a plan in which nobody has nothing is hard to find, while the
fewest minutes among the plans in which nobody has nothing are not, and are often as few. Then another order has proven them."""
ALL, SOME, NONE = "all", "some", "none"
"""How many of somebody's visits that cannot wait an alternative covers."""


@dataclass(frozen=True)
class Plan:
    """What one alternative does."""

    alternative: Alternative
    taken: dict[str, Option]
    """Per person's id the contract and the visits; who has none is not in it."""
    levels: tuple[LevelResult[int], ...]
    stopped: Stopped
    alike: dict[str, tuple[str, ...]]
    """Per person who is left with less those in whose place they could have more, alike on every level."""
    alike_plans: tuple[str, ...]
    """The other alternatives that cover other visits, and have the same value on every level of this one's order."""

    def __repr__(self) -> str:
        return f"<Plan {self.alternative.name}: {len(self.taken)} people>"

    @property
    def visits(self) -> frozenset[str]:
        """The visits that it covers."""
        return visits_of(self.taken.values())

    @property
    def name(self) -> str:
        return self.alternative.name

    def covers(self, person: Waiting) -> str:
        """How many of somebody's visits that cannot wait it covers: ``all``, ``some`` or ``none``."""
        option = self.taken.get(person.person_id)
        return NONE if option is None else ALL if option.is_whole else SOME

    def minutes(self, person: Waiting) -> int:
        """The minutes a week that it covers of somebody's visits that cannot wait."""
        option = self.taken.get(person.person_id)
        return 0 if option is None else option.minutes_per_week


@dataclass(frozen=True)
class Bridge:
    """The alternatives, side by side."""

    case: Case
    plans: tuple[Plan, ...]

    def __repr__(self) -> str:
        return f"<Bridge of {self.case!r}>"

    @property
    def all_proven(self) -> bool:
        return all(level.proven for plan in self.plans for level in plan.levels)

    @property
    def stopped(self) -> Stopped:
        """Why the search ended, of all alternatives together."""
        reasons: tuple[Stopped, ...] = ("cancelled", "wall", "work")
        return next((reason for reason in reasons if any(plan.stopped == reason for plan in self.plans)), "no")

    def differs(self, person: Waiting) -> bool:
        """Whether alternatives cover different visits of somebody."""
        covered = {
            tuple(sorted(each.visit.visit_id for each in option.visits)) if (option := plan.taken.get(person.person_id)) else ()
            for plan in self.plans
        }
        return len(covered) > 1


def plan_bridge(
    snapshot: Snapshot,
    *,
    effort: Effort = STANDARD_EFFORT,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Bridge:
    """Every alternative, each the best plan in its strict order; the same visits are then made from nearer, where that fits."""
    case = case_of(County.of(snapshot))
    model = build(case, options_of(case))
    effort = replace(effort, plain_nodes=PLAIN_NODES if effort.nodes else 0)
    if effort.wall_seconds is not None:
        effort = replace(effort, wall_seconds=effort.wall_seconds / len(ALTERNATIVES))
    found = dict[str, Solution]()
    for alternative in WORKED_OUT:
        problem = model.ordered(alternative)
        begin = min(
            (first_plan(model, alternative), *(each.plan for each in found.values())), key=problem.values
        )  # what is best in one order may be so in another
        problem = replace(problem, start=begin)
        ended = any(
            each.stopped == "cancelled" for each in found.values()
        )  # then what is left begins and ends with the plan to begin with
        found[alternative.name] = solve(
            problem,
            effort=effort,
            report=report,
            should_stop=(lambda: True) if ended else should_stop,
            known=ProvenElsewhere(problem.levels, [each.levels for each in found.values()]),
        )
    solutions = [found[alternative.name] for alternative in ALTERNATIVES]
    made = [brought_nearer(model, solution.plan) for solution in solutions]
    plans = (_plan(model, *each, made) for each in zip(ALTERNATIVES, solutions, made, strict=True))
    return Bridge(case, tuple(plans))


def _plan(model: Model, alternative: Alternative, solution: Solution, made: IntArray, every: Sequence[IntArray]) -> Plan:
    problem = model.ordered(alternative)
    values = problem.values(made)
    alike = [
        other.name
        for other, plan in zip(ALTERNATIVES, every, strict=True)
        if problem.values(plan) == values and visits_of(model.taken(plan).values()) != visits_of(model.taken(made).values())
    ]
    levels = tuple(level.of_plan(value) for level, value in zip(solution.levels, values, strict=True))
    return Plan(alternative, model.taken(made), levels, solution.stopped, alike_people(model, problem, made), tuple(alike))
