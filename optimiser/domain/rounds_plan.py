"""A week of rounds as plain records: what is written to files, checked, judged and fitted into.

Times are whole seconds from midnight of the run's day (Europe/London): a run over midnight goes on counting, so that 2 in the
morning of the next day is 26 hours. Lengths are whole metres. A visit for two care workers is two records of one ``visit_id``
and day, in two rounds, with one start.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from optimiser.domain.not_planned import Bar


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
