"""The page of a relief, as the team that keeps people safe reads it: one offline file."""

from __future__ import annotations

from collections.abc import Sequence

from optimiser.domain.words import date_in_words, hours_per_4w_in_words, people
from optimiser.transferring.page import level_rows
from optimiser.transferring.relieving.story import Relief
from optimiser.transferring.relieving.tables import Row
from optimiser.transferring.templates import rendered


def relief_page(plan: Relief, rows: Sequence[Row], rounds: Sequence[Row], visits: Sequence[Row], notes: Sequence[str]) -> bytes:
    """The page; ``rows``, ``rounds``, ``visits``: those of the files."""
    case, place = plan.case, {str(row["package_id"]): row for row in rows}
    urgent = [str(case.county.packages[member].package_id) for member in plan.most_harm_first(plan.moved)]
    return rendered(
        "relief.html",
        as_of=date_in_words(case.county.as_of),
        day=date_in_words(case.day),
        losses=[f"{loss.kind} {loss.subject}: {hours_per_4w_in_words(loss.minutes)}" for loss in case.losses],
        summary=summary(plan),
        notes=notes,
        visits=visits,
        moves=[place[name] for name in urgent],
        rounds=rounds,
        levels=level_rows(plan.levels),
    )


def summary(plan: Relief) -> str:
    """The plan in a few sentences."""
    case, count = plan.case, plan.case.county.people
    broken = sum(not plan.is_whole(round_id) for round_id in case.rounds)
    return (
        f"{people(count(case.members))} have care with who can deliver less: {count(plan.kept)} kept, {count(plan.moved)} moved,"
        f" {count(plan.uncovered)} not covered. Rounds broken up: {broken} of {len(case.rounds)}."
    )
