"""The page of a transfer plan, as a transition manager reads it: one offline file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from optimiser.domain.level_result import A, LevelResult, level_row
from optimiser.domain.words import date_in_words, hours_in_words, people, percent
from optimiser.transferring import drawing, tables
from optimiser.transferring.frontier import Point
from optimiser.transferring.result_file import WORDING, if_refused, warnings
from optimiser.transferring.templates import rendered
from optimiser.transferring.transfer_plan import TransferPlan


def page(plan: TransferPlan, record: Mapping[str, Any], points: Sequence[Point] = ()) -> bytes:
    """The page. ``record``: what ``result.json`` says of the plan; ``points``: the frontier, where it was asked for."""
    rows = list(tables.transfer_rows(plan))
    return rendered(
        "transfer.html",
        title=plan.county.snapshot.title,
        as_of=date_in_words(plan.county.as_of),
        wording=WORDING,
        need=record["need_anybody_move"],
        summary=_summary(plan),
        areas=record["areas"],
        percent=lambda text: percent(Fraction(text)),
        levels=level_rows(plan.levels),
        moving=[row for row in rows if row["decision"] == "transfer"],
        staying=[row for row in rows if row["decision"] == "stay"],
        waves=_waves(plan),
        impact=[tables.impact_row(each) for each in tables.impacts(plan) if each.moved_minutes or each.earlier_minutes],
        pending=if_refused(plan),
        warnings=warnings(plan),
        notes=plan.notes,
        changes=None if plan.changes is None else tables.change_rows(plan),
        map=drawing.draw_map(plan),
        bars=drawing.draw_waves(plan),
        drawing=drawing,
        frontier=drawing.draw_frontier(points) if points else None,
        points=[point.row() for point in points],
    )


def frontier_page(as_of: dt.date, areas: Sequence[str], points: Sequence[Point], *, complete: bool) -> bytes:
    """The page of a frontier by itself: one offline file. ``areas``: by their names."""
    return rendered(
        "frontier.html",
        as_of=date_in_words(as_of),
        areas=areas,
        percent=lambda text: percent(Fraction(text)),
        frontier=drawing.draw_frontier(points) if points else None,
        points=[point.row() for point in points],
        complete=complete,
    )


def _summary(plan: TransferPlan) -> str:
    moved = [plan.candidates[index] for index in plan.moving]
    minutes, count = sum(each.minutes for each in moved), plan.county.people(m for each in moved for m in each.members)
    closed = plan.problem.moved(plan.choice, plan.problem.towards_mark)
    before = sum(plan.targets[area].short for area in plan.areas)
    waves = len({plan.choice[index] for index in plan.moving})
    if not moved:
        return "No round moves."
    part = percent(Fraction(closed, before)) if before else "none"
    return (
        f"{len(moved)} of {len({each.round_id for each in plan.candidates if not each.recut_of})} rounds move on"
        f" {waves} {'wave' if waves == 1 else 'waves'}: {people(count)}, {hours_in_words(minutes)} a week."
        f" That closes {part} of what the principals are short of their marks. {_movable(plan)}"
    )


def _movable(plan: TransferPlan) -> str:
    """How many rounds every rule lets move, whatever the limits."""
    rounds = [each for each in plan.candidates if not each.recut_of]
    movable, first = len({each.round_id for each in rounds if each.waves}), sum(0 in each.waves for each in rounds)
    return f"Everybody in {movable} of them may move on some wave, in {first} on the first."


def _waves(plan: TransferPlan) -> list[dict[str, object]]:
    """A row per wave, all areas together."""
    found = []
    for number, wave in enumerate(plan.used_waves):
        here = [plan.candidates[i] for i in plan.moving if plan.choice[i] == number]
        members = [member for each in here for member in each.members]
        found.append(
            {
                "number": wave.number,
                "date": date_in_words(wave.date),
                "consultation_by": date_in_words(wave.consultation_by),
                "reply_by": date_in_words(wave.reply_by),
                "review_by": date_in_words(wave.review_by),
                "information_by": date_in_words(wave.employee_information_by),
                "rounds": len(here),
                "people": plan.county.people(members),
                "pending": plan.county.people(filter(plan.is_pending, members)),
                "hours": hours_in_words(sum(each.minutes for each in here)),
            }
        )
    return found


def level_rows(levels: Sequence[LevelResult[A]]) -> list[dict[str, str]]:
    """A row per preference, as a page shows it."""
    return [
        {**level_row(level, open_by=lambda each: f"open by {percent(each.open_part)}"), "name": level.name.replace("_", " ")}
        for level in levels
    ]
