"""A week of rounds as plain records: what is written to files, checked, judged and fitted into; and why no round makes a visit,
in words with the figures compared.

Times are whole seconds from midnight of the run's day (Europe/London): a run over midnight goes on counting, so that 2 in the
morning of the next day is 26 hours. Lengths are whole metres. A visit for two care workers is two records of one ``visit_id``
and day, in two rounds, with one start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from optimiser.domain.records import Visit
from optimiser.domain.staffing import Staffing
from optimiser.domain.visit_windows import shift_in_words, window_in_words


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """A master round: the run of one care worker at a time in a shift, the same day after day.

    ``days``: of ``mon`` to ``sun``, those on which it runs. Who works it on a day stands in its visits.
    """

    round_id: str
    provider_id: str
    shift: str
    """``morning``, ``evening`` or ``night``."""
    days: tuple[str, ...]
    crew_with: str
    """The round whose care worker it works with, where they share most of their visits (double-handed); empty otherwise."""
    uneven_because: str = ""
    """Why its week's care is further than 3% or a visit from the mean of the provider's rounds in the shift; empty: it is not."""


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One care worker at one visit in the run of one day; ``position`` counts from 1 within the round's day.

    ``day`` is the run's: a visit after midnight is in the run of the night before (``domain/windows.py`` tells its own day).
    """

    round_id: str
    day: str
    position: int
    visit_id: str
    worker: str
    arrival: int
    start: int
    end: int
    travel_seconds: int
    """From the visit before it; of the first, from the care worker's base, 0 where none is known."""
    metres: int

    def __repr__(self) -> str:
        return f"<PlannedVisit {self.visit_id}, number {self.position} of {self.round_id} on {self.day}>"


@dataclass(frozen=True, slots=True)
class UnservedVisit:
    """A visit on a day (its own) that nobody makes, with a plain reason. ``visit_id`` and ``day`` empty: all of the package."""

    provider_id: str
    package_id: str
    visit_id: str
    day: str
    reason: str
    bar: Bar | None = field(default=None, compare=False)
    """What keeps it out of every shift; None where its reason is another, or it was read from a file, which has only that."""

    def __repr__(self) -> str:
        return f"<UnservedVisit {self.visit_id or 'all'} of {self.package_id}>"


@dataclass(frozen=True)
class RoundsPlan:
    """The rounds of one or more providers, sorted by their ids; nothing is promised of it before it is checked."""

    rounds: tuple[PlannedRound, ...]
    visits: tuple[PlannedVisit, ...]
    """By round, day (Monday first) and position."""
    unserved: tuple[UnservedVisit, ...]
    travel: str
    """The provenance of its travel times."""

    def __repr__(self) -> str:
        return f"<RoundsPlan: {len(self.rounds)} rounds, {len(self.visits)} planned and {len(self.unserved)} unserved visits>"


Bar = Literal["longer than every shift", "longer than a run may be", "too long for a break", "outside of every shift"]
"""What keeps a visit out of every shift, whoever works it."""
TOO_LONG: Bar = "longer than every shift"
LONGER_THAN_A_RUN: Bar = "longer than a run may be"
NO_BREAK: Bar = "too long for a break"
OUTSIDE: Bar = "outside of every shift"
NO_SKILL = "no care worker of the provider has the skills that it needs"
ELSEWHERE = "the care workers of the provider who have the skills that it needs work other rounds"


def sentence(bar: Bar, visit: Visit, staffing: Staffing) -> str:
    """What is told of a visit that no shift can hold."""
    length = length_in_words(Fraction(visit.duration_minutes))
    shifts = ", ".join(map(shift_in_words, staffing.shifts))
    if bar == TOO_LONG:
        return f"it lasts {length}, longer than every shift ({shifts})"
    if bar == LONGER_THAN_A_RUN:
        limit = length_in_words(staffing.shift_hours_limit * 60)
        return f"it lasts {length}, and the run of one care worker may last {limit} at most"
    if bar == NO_BREAK:
        after, pause = length_in_words(staffing.break_after_hours * 60), length_in_words(Fraction(staffing.break_minutes))
        limit = length_in_words(staffing.shift_hours_limit * 60)
        needs = f"a run of more than {after} has a break of {pause} between two visits and lasts {limit} at most"
        return f"it lasts {length}, and {needs}"
    return f"it begins {window_in_words(visit)} and lasts {length}, which no shift holds ({shifts})"


def skills_sentence(able: int, workers: int) -> str:
    """What is told of a visit for which no round had the skills, by how many care workers of the provider have them."""
    if able == 0:
        return NO_SKILL
    return ELSEWHERE if able >= workers else f"it needs {workers} care workers with its skills, and the provider has {able}"


def length_in_words(minutes: Fraction) -> str:
    """Such as "7 hours 30 minutes", "1 hour", "45 minutes"; parts of a minute as a decimal number."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{count:g} {unit}{'' if count == 1 else 's'}" for count, unit in ((float(hours), "hour"), (float(rest), "minute"))
             if count]  # fmt: skip
    return " ".join(parts) or "0 minutes"
