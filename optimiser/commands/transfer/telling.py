"""What ``transfer`` says on a terminal, and what it notes of a run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from optimiser.commands.shared.running import is_watched
from optimiser.commands.shared.saying import print_table, table
from optimiser.domain.level_result import Amount, amount_in_words, level_row
from optimiser.domain.words import percent
from optimiser.transferring.frontier import Point
from optimiser.transferring.transfer_plan import TransferPlan

INTERRUPTED = "Interrupted: this is the best plan found so far."


def reporter(*, quiet: bool) -> Callable[[str, Amount, Amount], None] | None:
    """Something that says each level as it is settled, on the error stream when that is a terminal."""
    if not is_watched(quiet=quiet):
        return None

    def report(level: str, value: Amount, bound: Amount) -> None:
        print(f"{level:16} value {amount_in_words(value):>14}  bound {amount_in_words(bound):>14}", file=sys.stderr, flush=True)

    return report


def tell_point(count: int, *, quiet: bool) -> None:
    """News of the frontier, as a search of a county's takes a minute or two: so many points are found."""
    if is_watched(quiet=quiet):
        print(f"\rfrontier: {count} points", end="", file=sys.stderr, flush=True)


def say_plan(plan: TransferPlan, need: Mapping[str, Any], points: Sequence[Point], out: Path, of_letters: Sequence[str]) -> None:
    """Whether anybody need move (``need``: of ``result.json``), the levels, the areas, what changed, the letters, where it is."""
    print("Need anybody move?")
    for sentence in need["read_first"]:
        print(f"- {sentence}")
    print(need["estimate"])
    columns = ("level", "unit", "value", "bound", "proven")
    made = table("Preferences, in strict order", *columns, left=2)
    for level in plan.levels:
        row = level_row(level, open_by=lambda each: f"gap {each.gap:.2%}")
        made.add_row(*(row[column] for column in columns))
    print_table(made)
    rounds = table("Areas (hours a week)", "area", "mark", "before", "after", "share before", "share after", "rounds")
    for index in plan.areas:
        target = plan.targets[index]
        moved = [i for i in plan.moving if plan.targets[plan.candidates[i].target].area_id == target.area_id]
        after = plan.minutes_after(index)
        rounds.add_row(
            target.area_id, f"{target.mark / 60:,.2f}", f"{target.running / 60:,.2f}", f"{after / 60:,.2f}",
            percent(plan.share_after(index, -1)), percent(plan.share_after(index)), str(len(moved)),
        )  # fmt: skip
    print_table(rounds)
    for note in plan.notes:
        print(note)
    for change in plan.changes or ():
        print(f"Changed: {change.round_id}: {change.before or 'stays'} -> {change.after or 'stays'}. {change.why}")
    movers = [member for index in plan.moving for member in plan.candidates[index].members]
    moved_people, pending = plan.county.people(movers), plan.county.people(filter(plan.is_pending, movers))
    print(
        f"{len(plan.moving)} rounds move with {moved_people} people, {pending} of them with a decision pending."
        " Checked: every rule holds."
    )
    for told in of_letters:
        print(told)
    if plan.stopped == "cancelled":
        print(INTERRUPTED)
    print(
        f"Written to {out}; read {out / 'transfer.html'} first." + (f" {len(points)} points of the frontier." if points else "")
    )
