"""The tables of a week of rounds: ``rounds_planned.csv``, ``visits_planned.csv``, ``unserved.csv``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.rounds.report.week_figures import clock_with_seconds, runs_of, waiting_of
from optimiser.rounds.round_hours import hours_of_rounds

Row = dict[str, object]

ROUNDS = (
    "round_id", "provider_id", "shift", "days", "crew_with", "care_workers", "visits_per_week", "contact_minutes",
    "travel_minutes", "waiting_minutes", "first_start", "last_end", "mean_contact_minutes", "uneven_because",
)  # fmt: skip
VISITS = ("round_id", "day", "position", "visit_id", "worker", "arrival", "start", "end", "travel_seconds", "metres")
UNSERVED = ("provider_id", "package_id", "visit_id", "day", "reason")


def round_rows(plan: RoundsPlan) -> Iterator[Row]:
    """A row per round; minutes a week, rounded half up."""
    runs: dict[str, list[list[PlannedVisit]]] = {}
    for (round_id, _), visits in runs_of(plan).items():
        runs.setdefault(round_id, []).append(visits)
    hours = hours_of_rounds(plan)
    for each in plan.rounds:
        own = [visit for run in runs[each.round_id] for visit in run]
        yield {
            "round_id": each.round_id,
            "provider_id": each.provider_id,
            "shift": each.shift,
            "days": ";".join(each.days),
            "crew_with": each.crew_with,
            "care_workers": ";".join(sorted({visit.worker for visit in own})),
            "visits_per_week": len(own),
            "contact_minutes": _minutes(sum(visit.end - visit.start for visit in own)),
            "travel_minutes": _minutes(sum(visit.travel_seconds for visit in own)),
            "waiting_minutes": _minutes(sum(sum(waiting_of(run)) for run in runs[each.round_id])),
            "first_start": clock_with_seconds(min(visit.start for visit in own)),
            "last_end": clock_with_seconds(max(visit.end for visit in own)),
            "mean_contact_minutes": f"{float(hours[each.round_id].mean / 60):.1f}",
            "uneven_because": each.uneven_because,
        }


def visit_rows(plan: RoundsPlan) -> Iterator[Row]:
    """A row per care worker at a visit on a day."""
    for visit in plan.visits:
        yield {
            "round_id": visit.round_id,
            "day": visit.day,
            "position": visit.position,
            "visit_id": visit.visit_id,
            "worker": visit.worker,
            "arrival": clock_with_seconds(visit.arrival),
            "start": clock_with_seconds(visit.start),
            "end": clock_with_seconds(visit.end),
            "travel_seconds": visit.travel_seconds,
            "metres": visit.metres,
        }


def unserved_rows(unserved: Iterable[UnservedVisit]) -> Iterator[Row]:
    """A row per visit and day that nobody makes."""
    for each in unserved:
        yield {name: getattr(each, name) for name in UNSERVED}


def _minutes(seconds: int) -> int:
    return (seconds + 30) // 60
