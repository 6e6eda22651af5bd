"""What each step of the re-optimisation costs or saves a week: the difference of what the council pays, in exact pence."""

from __future__ import annotations

from typing import Any

from optimiser.domain.words import pounds
from optimiser.reoptimising.story import Reoptimisation
from optimiser.rules.vocabulary import Group


def cost_rows(made: Reoptimisation) -> list[dict[str, Any]]:
    """A row per step: pounds a week more than before it (with a minus: less), and than before the first.

    Guarantees count: care within hours that are paid whatever is delivered costs nothing more.
    """
    county, cost = made.allocation.county, made.allocation.rules.level(Group.COST).name
    rows = []
    for number, step in enumerate(made.steps.steps, start=1):
        before, after = made.values[number - 1][cost], made.values[number][cost]
        rows.append(
            {
                "step": number,
                "placed_people": county.people(change.package for change in step.placements),
                "moved_people": county.people(change.package for change in step.moves),
                "more_weekly_gbp": pounds(after - before),
                "more_weekly_gbp_so_far": pounds(after - made.values[0][cost]),
            }
        )
    return rows
