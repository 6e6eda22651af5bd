"""The best that so few steps can do, found by a search of its own: shown beside the list's first so many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from optimiser.county import County
from optimiser.domain.level_result import LevelResult
from optimiser.judging.checking import verify
from optimiser.reoptimising.longer_chains import reaching
from optimiser.reoptimising.steps import Steps, in_steps
from optimiser.rules.book import RuleBook
from optimiser.solving.cardinality import at_most_placed, not_together
from optimiser.solving.formulation import Model
from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Effort, Solution

EFFORT = Effort(cut_rounds=15, nodes=200, searches=2, search_nodes=50)
MOST_SECONDS = 60.0
"""These searches are a yardstick, not an answer: they get less work than the plan itself, and less of the last resort's clock."""

MOST_ROUNDS = 3
"""So often such a search begins again without what would need a longer chain than a step may hold."""


@dataclass(frozen=True)
class BestFew:
    """The levels after the list's first steps, and after the best so many steps found independently."""

    count: int
    listed: Mapping[str, int]
    found: Mapping[str, int]
    found_steps: Steps
    bounds: Mapping[str, int]
    """No plan of so many placements is below these, each relative to the levels found before it."""
    proven: bool
    """Whether each level found is proven best."""
    by_the_clock: bool = False
    """Whether the search was ended by the clock, so that another run may find something else."""

    def __repr__(self) -> str:
        return f"<BestFew of {self.count} steps>"


def best_few(
    county: County,
    rules: RuleBook,
    model: Model,
    solution: Solution,
    steps: Steps,
    count: int,
    step_moves: int,
    wall_seconds: float | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> BestFew:
    """Search for the best plan of at most ``count`` placements, from the list's first steps on; both are checked.

    Where the whole list is no longer than that, it was searched for already: ``solution`` says what is known of it.
    """
    listed_plan = steps.after(county, count)
    listed = verify(county, rules, listed_plan).levels
    if len(steps.steps) <= count:
        known = {outcome.name: outcome.bound for outcome in solution.levels}
        return BestFew(count, listed, listed, steps, known, all(outcome.proven for outcome in solution.levels))
    placed = sum(len(step.placements) for step in steps.steps[:count])
    problem = at_most_placed(model.problem, max(count, placed), model.choices_of(listed_plan))
    effort = EFFORT if wall_seconds is None else replace(EFFORT, wall_seconds=min(MOST_SECONDS, wall_seconds))
    bounded = found_solution = solve(problem, effort=effort, should_stop=should_stop)
    steps_of = reaching(county, rules, step_moves)(model)
    for _ in range(MOST_ROUNDS):
        too_long = steps_of(found_solution.plan).too_long
        if not too_long or found_solution.stopped in ("wall", "cancelled"):
            break
        problem = not_together(problem, [chain.choices for chain in too_long], problem.start)
        found_solution = solve(problem, effort=effort, should_stop=should_stop)
    found_steps = in_steps(county, rules, model.plan_of(found_solution.plan), step_moves)
    found = verify(county, rules, found_steps.plan).levels
    if list(found.values()) > list(listed.values()) or len(found_steps.steps) > count:
        # What was found cannot be made in so few steps: the list's own are the best known.
        found_steps, found = Steps(steps.steps[:count], listed_plan, ()), listed
    bounds = _bounds(bounded.levels, found)
    proven = all(level.is_proven(found[level.name], bounds[level.name]) for level in problem.levels)
    return BestFew(count, listed, found, found_steps, bounds, proven, "wall" in (bounded.stopped, found_solution.stopped))


def _bounds(outcomes: tuple[LevelResult[int], ...], found: Mapping[str, int]) -> dict[str, int]:
    """The bounds that still hold: all up to the first level on which the plan shown is not the one bounded."""
    bounds: dict[str, int] = {}
    holds = True
    for outcome in outcomes:
        bounds[outcome.name] = min(outcome.bound, found[outcome.name]) if holds else 0
        holds = holds and found[outcome.name] == outcome.best
    return bounds
