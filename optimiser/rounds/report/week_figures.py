"""What a week of rounds comes to: staff, hours, travel, waiting, lateness, compactness, familiar faces, in exact whole units;
visits that nobody makes, put together for people; and how times are written, which may pass the next midnight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import Bar, PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAY_SECONDS, StaffingSettings
from optimiser.domain.visit_windows import days_ahead, window_of
from optimiser.domain.words import rounded
from optimiser.geography.grid import crow_metres, half_up, to_grid
from optimiser.rounds.round_hours import hours_of_rounds


@dataclass(frozen=True)
class Figures:
    """One provider's week, or all of them together. Seconds a week unless a name says otherwise."""

    rounds: int
    staff_needed: int
    people: int
    visits: int
    """Care workers at visits: a visit for two counts twice."""
    unserved_visits: int
    contact_seconds: int
    travel_seconds: int
    waiting_seconds: int
    paid_seconds: int
    late_visits: int
    latest_seconds: int
    compactness_metres: int
    """The middle value over all rounds of how far, on average, its visits are from their middle."""
    care_workers_per_person_hundredths: int
    least_even_percent: int
    """How far the round whose care differs most from the mean of its provider's rounds in the shift is from it."""
    uneven_rounds: int
    """Rounds further from that mean than 3% and than their shift's longest visit."""

    @property
    def travel_minutes_per_contact_hour(self) -> float:
        return 60 * self.travel_seconds / max(1, self.contact_seconds)


def figures_of(plan: RoundsPlan, snapshot: Snapshot, settings: StaffingSettings) -> Figures:
    """The figures of all of a plan's rounds."""
    lines = {visit.visit_id: visit for visit in snapshot.visits}
    packages = {package.package_id: package for package in snapshot.packages}
    late = [_late(visit, lines[visit.visit_id]) for visit in plan.visits]
    runs = runs_of(plan)
    waits = {run: waiting_of(visits) for run, visits in runs.items()}
    hours = hours_of_rounds(plan).values()
    carers: dict[str, set[str]] = defaultdict(set)
    for visit in plan.visits:
        carers[lines[visit.visit_id].package_id].add(visit.worker)
    return Figures(
        rounds=len(plan.rounds),
        staff_needed=len({visit.worker for visit in plan.visits}),
        people=len(carers),
        visits=len(plan.visits),
        unserved_visits=sum(bool(each.visit_id) for each in plan.unserved),
        contact_seconds=sum(visit.end - visit.start for visit in plan.visits),
        travel_seconds=sum(visit.travel_seconds for visit in plan.visits),
        waiting_seconds=sum(sum(each) for each in waits.values()),
        paid_seconds=_paid(plan, runs, waits, settings),
        late_visits=sum(each > 0 for each in late),
        latest_seconds=max(late, default=0),
        compactness_metres=_compactness(plan, lines, packages),
        care_workers_per_person_hundredths=round(100 * sum(map(len, carers.values())) / max(1, len(carers))),
        least_even_percent=round(max((100 * abs(each.from_mean) / each.mean for each in hours), default=Fraction())),
        uneven_rounds=sum(not each.is_even for each in hours),
    )


def figures_by_provider(plan: RoundsPlan, snapshot: Snapshot, settings: StaffingSettings) -> dict[str, Figures]:
    """Each provider's own."""
    provider_of = {each.round_id: each.provider_id for each in plan.rounds}
    names = sorted({*provider_of.values(), *(each.provider_id for each in plan.unserved)})
    return {
        name: figures_of(
            RoundsPlan(
                tuple(each for each in plan.rounds if each.provider_id == name),
                tuple(each for each in plan.visits if provider_of[each.round_id] == name),
                tuple(each for each in plan.unserved if each.provider_id == name),
                plan.travel,
            ),
            snapshot,
            settings,
        )
        for name in names
    }


def figures_record(figures: Figures) -> dict[str, Any]:
    """The figures as ``result.json`` has them."""
    return {**asdict(figures), "travel_minutes_per_contact_hour": round(figures.travel_minutes_per_contact_hour, 2)}


def figure_rows(figures: Figures) -> list[tuple[str, str]]:
    """The figures in words, for a table."""

    def hours(seconds: int) -> str:
        return rounded(seconds / 3600, 1)

    return [
        ("rounds", f"{figures.rounds:,}"),
        ("care workers needed", f"{figures.staff_needed:,}"),
        ("people visited", f"{figures.people:,}"),
        ("visits a week (for two: twice)", f"{figures.visits:,}"),
        ("visits that nobody makes", f"{figures.unserved_visits:,}"),
        ("contact hours a week", hours(figures.contact_seconds)),
        ("paid hours a week", hours(figures.paid_seconds)),
        ("travel hours a week", hours(figures.travel_seconds)),
        ("travel minutes per contact hour", f"{figures.travel_minutes_per_contact_hour:.1f}"),
        ("waiting hours a week", hours(figures.waiting_seconds)),
        ("late visits", f"{figures.late_visits:,}"),
        ("latest start after its window, minutes", f"{figures.latest_seconds / 60:.0f}"),
        ("metres from a round's middle, typical", f"{figures.compactness_metres:,}"),
        ("different care workers per person and week", f"{figures.care_workers_per_person_hundredths / 100:.2f}"),
        ("least even round, from its shift's mean", f"{figures.least_even_percent}%"),
        ("rounds further from it than 3% or one visit", f"{figures.uneven_rounds:,}"),
    ]


def runs_of(plan: RoundsPlan) -> dict[tuple[str, str], list[PlannedVisit]]:
    """The visits of each round on each day, in order."""
    runs: dict[tuple[str, str], list[PlannedVisit]] = defaultdict(list)
    for visit in plan.visits:
        runs[visit.round_id, visit.day].append(visit)
    return {run: sorted(visits, key=lambda visit: visit.position) for run, visits in runs.items()}


def waiting_of(visits: Iterable[PlannedVisit]) -> list[int]:
    """The waits between visits: neither care nor way."""
    return [then.start - then.travel_seconds - now.end for now, then in pairwise(visits)]


def _late(planned: PlannedVisit, visit: Visit) -> int:
    """Seconds after the latest start."""
    return max(0, planned.start - days_ahead(visit, planned.start) * DAY_SECONDS - window_of(visit)[1])


def _paid(
    plan: RoundsPlan,
    runs: Mapping[tuple[str, str], list[PlannedVisit]],
    waits: Mapping[tuple[str, str], list[int]],
    settings: StaffingSettings,
) -> int:
    provider_of = {each.round_id: each.provider_id for each in plan.rounds}
    paid = 0
    for run, visits in runs.items():
        staffing = settings.of(provider_of[run[0]])
        paid += sum(visit.end - visit.start for visit in visits)
        paid += sum(visit.travel_seconds for visit in visits) if staffing.travel_paid else 0
        if staffing.waiting_paid:
            has_break = visits[-1].end - visits[0].start > staffing.break_after_hours * 3600
            paid += max(0, sum(waits[run]) - (staffing.break_minutes * 60 if has_break else 0))
    return paid


def _compactness(plan: RoundsPlan, lines: Mapping[str, Visit], packages: Mapping[str, Package]) -> int:
    by_round: dict[str, list[str]] = defaultdict(list)
    for visit in plan.visits:
        by_round[visit.round_id].append(lines[visit.visit_id].package_id)
    found = []
    for names in by_round.values():
        places = to_grid([packages[n].latitude for n in names], [packages[n].longitude for n in names])
        found.append(float(crow_metres(places.mean(axis=0), places).mean()))
    return int(half_up(np.array([np.median(found)]))[0]) if found else 0


@dataclass(frozen=True)
class NotPlanned:
    """A visit that nobody makes on some of its days, for one reason."""

    provider_id: str
    package_id: str
    visit_id: str
    days: tuple[str, ...]
    reason: str
    bar: Bar | None


def by_visit(unserved: Iterable[UnservedVisit]) -> list[NotPlanned]:
    """Visits in the order in which they are listed, those that no shift can hold first; packages without visits are not there."""
    days: dict[tuple[str, str, str, str, Bar | None], list[str]] = {}
    for each in unserved:
        if each.visit_id:
            days.setdefault((each.provider_id, each.package_id, each.visit_id, each.reason, each.bar), []).append(each.day)
    found = [NotPlanned(*key[:3], tuple(own), *key[3:]) for key, own in days.items()]
    return sorted(found, key=lambda each: each.bar is None)


def by_bar(unserved: Iterable[UnservedVisit]) -> list[tuple[Bar, int, int]]:
    """What keeps visits out of every shift, with how many visits a week and how many people it does; without names and times."""
    visits: dict[Bar, list[str]] = {}
    for each in unserved:
        if each.bar is not None:
            visits.setdefault(each.bar, []).append(each.package_id)
    return [(bar, len(people), len(set(people))) for bar, people in sorted(visits.items())]


def in_words(unserved: Iterable[UnservedVisit], most: int) -> list[str]:
    """Lines for a terminal: how many visits are not planned, and of each why; after ``most`` only how many more."""
    found = by_visit(unserved)
    if not found:
        return []
    visits = sum(len(each.days) for each in found)
    lines = [f"NOT PLANNED: {visits:,} visit(s) a week of {len({each.package_id for each in found}):,} package(s):"]
    lines += [f"  {each.package_id}, {each.visit_id} ({', '.join(each.days)}): {each.reason}" for each in found[:most]]
    return lines + ([f"  and {len(found) - most} more"] if len(found) > most else [])


def record_of(unserved: Iterable[UnservedVisit]) -> list[dict[str, Any]]:
    """Those that no shift can hold, for ``result.json``."""
    return [
        {"provider_id": each.provider_id, "package_id": each.package_id, "visit_id": each.visit_id, "days": list(each.days),
         "why": each.bar, "reason": each.reason}
        for each in by_visit(unserved)
        if each.bar is not None
    ]  # fmt: skip


def clock(seconds: int) -> str:
    """To the minute below, as drawings have it: after the next midnight hours go on (``26:00``), as in timetables."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def clock_with_seconds(seconds: int) -> str:
    """The same to the second, as tables have it: ``26:00:00``."""
    return f"{clock(seconds)}:{seconds % 60:02}"


def time_on_page(seconds: int) -> str:
    """To the minute, as people read it: ``02:00 the next day``."""
    return f"{clock(seconds % DAY_SECONDS)}{' the next day' if seconds >= DAY_SECONDS else ''}"
