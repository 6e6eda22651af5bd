"""Can they deliver it? Rounds that exist, and each provider's whole care, planned with the staff that there is.

A round of the snapshot is some people and a team (``staff``, ``staff_hours_per_week``). Its visits are planned twice: with as
many care workers as they take, for the figures, and for the team alone, to see what is left. So is all of a provider's care,
and once more with one care worker more. What a plan serves, that staff can deliver: every plan is checked. What it leaves is
not proven impossible, only not found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from optimiser.domain.records import Visit
from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, StaffingSettings, Worker
from optimiser.rounds.report.week_figures import Figures, figures_by_provider
from optimiser.rounds.story import Order

JUDGED = (
    "name", "provider_id", "deliverable", "staff", "staff_needed", "people", "visits", "unserved_visits",
    "unserved_with_one_more", "where_it_breaks", "contact_minutes", "paid_minutes", "travel_minutes",
    "travel_minutes_per_contact_hour", "waiting_minutes", "late_visits", "compactness_metres", "care_workers_per_person",
)  # fmt: skip
Build = Callable[[Order, Sequence[str]], tuple[RoundsPlan, bool]]


@dataclass(frozen=True)
class Judged:
    """A round or a provider. ``figures``: of a plan with as many care workers as it takes."""

    name: str
    provider_id: str
    figures: Figures
    staff: int | None = None
    """How many care workers there are; None: not told, and nothing below is."""
    breaks: tuple[tuple[str, str, int], ...] = ()
    """Where it breaks with that staff: area, day, and how many visits nobody makes; the worst first."""
    unserved_with_one_more: int | None = None
    """With one care worker more; None where everything is served."""

    @property
    def unserved(self) -> int:
        """Visits a week that the plan with that staff leaves."""
        return sum(visits for _, _, visits in self.breaks)

    @property
    def verdict(self) -> str:
        """``yes``: a checked plan serves every visit; ``no plan found``; ``staff not told``."""
        if self.staff is None:
            return "staff not told"
        return "no plan found" if self.breaks else "yes"


def judge_rounds(order: Order, build: Build) -> list[Judged]:
    """Every round with people in it, by its own team."""
    by_round = rounds_as_providers(order.snapshot)
    rounds = {each.round_id: each for each in order.snapshot.rounds}
    names = sorted({package.contract_id for package in by_round.packages} & rounds.keys())
    settings = StaffingSettings(order.settings.defaults, {name: order.settings.of(rounds[name].provider_id) for name in names})
    asked = replace(order, snapshot=by_round, settings=settings, workers=())
    teams = {
        name: tuple(team(name, rounds[name].staff, rounds[name].staff_hours_per_week, _skills(by_round, name))) for name in names
    }
    return [replace(each, provider_id=rounds[each.name].provider_id) for each in _judged(asked, names, teams, build)]


def judge_providers(order: Order, provider_ids: Sequence[str], build: Build) -> list[Judged]:
    """Every provider's care by its own staff; where something is left, again with one care worker more."""
    staff = {name: staff_of(order, name) for name in provider_ids}
    judged = _judged(replace(order, workers=()), provider_ids, staff, build)
    short = {each.name: (*staff[each.name], one_more(each.name, staff[each.name])) for each in judged if each.breaks}
    left = _left(order, short, build)
    return [
        replace(each, unserved_with_one_more=sum(visits for *_, visits in left[each.name])) if each.breaks else each
        for each in judged
    ]


def _judged(order: Order, names: Sequence[str], staff: Mapping[str, tuple[Worker, ...]], build: Build) -> list[Judged]:
    plan, _ = build(order, names)
    figures = figures_by_provider(plan, order.snapshot, order.settings)
    left = _left(order, {name: staff[name] for name in names if staff[name]}, build)
    return [Judged(name, name, figures[name], len(staff[name]) or None, left.get(name, ())) for name in names]


def _left(order: Order, staff: Mapping[str, tuple[Worker, ...]], build: Build) -> dict[str, tuple[tuple[str, str, int], ...]]:
    """What a plan for each one's staff leaves."""
    if not staff:
        return {}
    beyond = _for_two_with_one(order, staff)
    snapshot = replace(order.snapshot, visits=tuple(visit for visit in order.snapshot.visits if visit not in beyond))
    workers = tuple(worker for each in staff.values() for worker in each)
    plan, _ = build(replace(order, snapshot=snapshot, workers=workers), list(staff))
    left = [(name, visit.package_id, day) for visit, name in beyond.items() for day in visit.days]
    left += [(each.provider_id, each.package_id, each.day) for each in plan.unserved if each.visit_id]
    return {name: _breaks(order.snapshot, [each[1:] for each in left if each[0] == name]) for name in staff}


def _for_two_with_one(order: Order, staff: Mapping[str, tuple[Worker, ...]]) -> dict[Visit, str]:
    """Visits that need two, of those whose staff is one, with whose they are: planned, they would only push out the others."""
    holder = {contract.contract_id: contract.provider_id for contract in order.snapshot.contracts}
    alone = {
        package.package_id: holder[package.contract_id]
        for package in order.snapshot.packages
        if len(staff.get(holder.get(package.contract_id, ""), ())) == 1
    }
    return {visit: alone[visit.package_id] for visit in order.snapshot.visits if visit.workers == 2 and visit.package_id in alone}


def judged_rows(judged: Sequence[Judged]) -> Iterator[dict[str, object]]:
    """A row per round or provider; minutes a week, half up."""
    for each in judged:
        figures = each.figures
        yield {
            "name": each.name,
            "provider_id": each.provider_id,
            "deliverable": each.verdict,
            "staff": "" if each.staff is None else each.staff,
            "staff_needed": figures.staff_needed,
            "people": figures.people,
            "visits": figures.visits,
            "unserved_visits": each.unserved,
            "unserved_with_one_more": "" if each.unserved_with_one_more is None else each.unserved_with_one_more,
            "where_it_breaks": ";".join(f"{area} {day} {visits}" for area, day, visits in each.breaks),
            "contact_minutes": (figures.contact_seconds + 30) // 60,
            "paid_minutes": (figures.paid_seconds + 30) // 60,
            "travel_minutes": (figures.travel_seconds + 30) // 60,
            "travel_minutes_per_contact_hour": f"{figures.travel_minutes_per_contact_hour:.1f}",
            "waiting_minutes": (figures.waiting_seconds + 30) // 60,
            "late_visits": figures.late_visits,
            "compactness_metres": figures.compactness_metres,
            "care_workers_per_person": f"{figures.care_workers_per_person_hundredths / 100:.2f}",
        }


def rounds_as_providers(snapshot: Snapshot) -> Snapshot:
    """The same people, each round a provider of its own with one contract; whoever is in no round runs with nobody."""
    provider_of = {provider.provider_id: provider for provider in snapshot.providers}
    any_contract = snapshot.contracts[0]
    rounds = [each for each in snapshot.rounds if each.provider_id in provider_of]
    return replace(
        snapshot,
        providers=tuple(replace(provider_of[each.provider_id], provider_id=each.round_id) for each in rounds),
        contracts=tuple(replace(any_contract, contract_id=each.round_id, provider_id=each.round_id) for each in rounds),
        packages=tuple(replace(p, contract_id=p.round_id if p.status == "active" else "") for p in snapshot.packages),
    )


def staff_of(order: Order, provider_id: str) -> tuple[Worker, ...]:
    """A provider's care workers: those of ``workers.csv``, else as many as its rounds tell; none where neither does."""
    known = tuple(worker for worker in order.workers if worker.provider_id == provider_id)
    if known:
        return known
    skills = _skills(order.snapshot, provider_id)
    return tuple(
        replace(worker, worker_id=f"{each.round_id}-{worker.worker_id}")
        for each in order.snapshot.rounds
        if each.provider_id == provider_id
        for worker in team(provider_id, each.staff, each.staff_hours_per_week, skills)
    )


def team(provider_id: str, staff: int | None, hours_per_week: Fraction | None, skills: tuple[str, ...]) -> list[Worker]:
    """As many care workers as are told, with equal parts of the hours and all skills of the provider."""
    hours = hours_per_week / staff if staff and hours_per_week is not None else None
    return [
        Worker(f"{provider_id}-staff-{number:03}", provider_id, skills, "drives", None, None, hours, ())
        for number in range(1, (staff or 0) + 1)
    ]


def one_more(provider_id: str, staff: Sequence[Worker]) -> Worker:
    """A care worker like the others, with every skill that any of them has, who drives and may work on any day."""
    skills = tuple(sorted({skill for worker in staff for skill in worker.skills}))
    hours = max((worker.hours_per_week for worker in staff if worker.hours_per_week is not None), default=None)
    return Worker(f"{provider_id}-one-more", provider_id, skills, "drives", None, None, hours, ())


def _skills(snapshot: Snapshot, provider_id: str) -> tuple[str, ...]:
    return next(provider.skills for provider in snapshot.providers if provider.provider_id == provider_id)


def _breaks(snapshot: Snapshot, left: Iterable[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
    """Per area and day how many visits are left, the worst first. ``left``: package and day of each."""
    area_of = {package.package_id: package.area_id for package in snapshot.packages}
    count = Counter((area_of[package_id], day) for package_id, day in left)
    worst = sorted(count.items(), key=lambda item: (-item[1], item[0][0], DAYS.index(item[0][1])))
    return tuple((area, day, visits) for (area, day), visits in worst)
