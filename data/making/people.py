"""Invented people: where they live, which visits they need, and the skills that the visits ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from . import figures
from .facts import Area
from .flat import Point, shifted
from .outlines import Outline, Settlement

T = TypeVar("T")

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKS = (
    (EVERY_DAY, 74),
    (EVERY_DAY[:5], 7),
    (("mon", "wed", "fri"), 13),
    (("tue", "thu", "sat"), 4),
    (("tue", "fri"), 2),
)
TIMES = {
    "morning": ("07:00", "09:30"),
    "noon": ("11:30", "13:30"),
    "tea": ("16:00", "18:00"),
    "bed": ("19:30", "21:30"),
}
DAYS = (
    (("morning",), 41),
    (("noon",), 12),
    (("morning", "tea"), 15),
    (("morning", "bed"), 6),
    (("morning", "noon", "tea"), 12),
    (("morning", "noon", "tea", "bed"), 15),
)
MINUTES = {
    "morning": ((30, 55), (45, 30), (60, 15)),
    "noon": ((30, 76), (45, 18), (15, 6)),
    "tea": ((30, 78), (45, 17), (15, 5)),
}


@dataclass(slots=True)
class Visit:
    """A visit on certain days of every week; a line of `visits.csv`."""

    days: tuple[str, ...]
    earliest: str
    latest: str
    minutes: int
    workers: int

    def weekly_minutes(self) -> int:
        return self.minutes * self.workers * len(self.days)


@dataclass(slots=True)
class Person:
    """One package of care while it is being made; the columns of `packages.csv` are its fields."""

    area_id: str
    at: Point
    visits: list[Visit]
    skills: list[str]
    package_id: str = ""
    new: bool = False
    hard: bool = False
    priority: str = "standard"
    source: str = "community"
    protected: str = ""
    decision: str = ""
    start_by: str = ""
    requested_at: str = ""
    care_started: str = ""
    contract_id: str = ""
    round_id: str = ""
    excluded: list[str] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(v.weekly_minutes() for v in self.visits)

    @property
    def visit_count(self) -> int:
        return sum(len(v.days) for v in self.visits)

    @property
    def workers(self) -> int:
        return max(v.workers for v in self.visits)


def pick(random: Random, weighted: Sequence[tuple[T, int]]) -> T:
    return random.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]


def people(random: Random, areas: Sequence[Area], homes: Sequence[Settlement], outlines: dict[str, Outline]) -> list[Person]:
    """Everybody who needs care, area by area until each has its hours; then numbered in one shuffled order."""
    found: list[Person] = []
    for area, hours in zip(areas, area_hours(areas), strict=True):
        here = [h for h in homes if h.area_id == area.area_id and h.people_65 > 0]
        minutes = 0
        while minutes < hours * 15 - 150:
            person = somebody(random, area.area_id, here, outlines[area.area_id])
            minutes += person.minutes
            found.append(person)
    random.shuffle(found)
    for number, person in enumerate(found, 1):
        person.package_id = f"PK{number:04d}"
    for person in random.sample(found, figures.NEW_PACKAGES):
        person.new = True
    for number, person in enumerate(random.sample([p for p in found if p.new], figures.HARD_TO_PLACE)):
        person.hard = True
        person.skills = figures.HARD_SKILLS[number % len(figures.HARD_SKILLS)]
        person.visits = large_package() if number % 3 == 2 else visits(random, True, person.skills)
    return found


def large_package() -> list[Visit]:
    """The largest packages there are: four visits a day of 45 minutes, two care workers each."""
    return [Visit(EVERY_DAY, *TIMES[time], 45, 2) for time in ("morning", "noon", "tea", "bed")]


def area_hours(areas: Sequence[Area]) -> list[float]:
    """Hours in four weeks: between the smallest and the largest of the briefing, by the number of older people."""
    least, most = min(a.people_65 for a in areas), max(a.people_65 for a in areas)
    low, high = figures.SMALLEST_AREA_HOURS_4W, figures.LARGEST_AREA_HOURS_4W
    return [low + (high - low) * (a.people_65 - least) / (most - least) for a in areas]


def somebody(random: Random, area_id: str, homes: Sequence[Settlement], outline: Outline) -> Person:
    double = random.random() < figures.DOUBLE_HANDED
    skills = (["double_handed"] if double else []) + [s for s, chance in figures.SKILL_CHANCES if random.random() < chance]
    return Person(area_id, home_point(random, homes, outline), visits(random, double, skills), skills)


def home_point(random: Random, homes: Sequence[Settlement], outline: Outline) -> Point:
    """A random point around a town or village, never an address: one in six lives outside, in the country."""
    while True:
        home = random.choices(homes, [h.people_65 for h in homes])[0]
        radius = 2.8 if random.random() < 1 / 6 else 0.35 + 0.022 * home.people_65**0.5
        north, east = random.uniform(-radius, radius), random.uniform(-radius, radius)
        at = shifted(home.at, north, east)
        if north * north + east * east <= radius * radius and outline.contains(at):
            return at


def visits(random: Random, double: bool, skills: Sequence[str]) -> list[Visit]:
    day = ("morning", "noon", "tea", "bed") if "end_of_life" in skills and random.random() < 0.6 else pick(random, DAYS)
    week = EVERY_DAY if len(day) > 2 else pick(random, WEEKS)
    found = []
    for time in day:
        workers = 2 if double and (time in ("morning", "bed") or len(day) == 1 or random.random() < 0.7) else 1
        choices = MINUTES.get(time, MINUTES["tea"])
        minutes = pick(random, choices if "medication" in skills and workers == 1 else [c for c in choices if c[0] > 15])
        found.append(Visit(week, *TIMES[time], minutes, workers))
    return found
