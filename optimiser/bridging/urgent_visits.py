"""Which visits cannot wait, as they are recorded: nothing is inferred from when they are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from optimiser.domain.policy import MeanwhileSettings
from optimiser.domain.records import Visit

MOST_APART = 6
"""So many groups of visits of one person are chosen among, at most: beyond it visits that follow each other go together."""


@dataclass(frozen=True)
class UrgentVisit:
    """A visit that cannot wait, on all of its days: it is covered with all its care workers or not at all."""

    package: int
    visit: Visit

    def __repr__(self) -> str:
        return f"<UrgentVisit {self.visit.visit_id}>"

    @property
    def minutes_per_week(self) -> int:
        return len(self.visit.days) * self.visit.duration_minutes * self.visit.workers

    @property
    def visits_per_week(self) -> int:
        return len(self.visit.days)


def cannot_wait(visit: Visit, settings: MeanwhileSettings) -> bool:
    """Whether a visit is for any of what cannot wait; one that does not say what it is for counts as the setting says."""
    return not set(visit.needs).isdisjoint(settings.bridge_needs) if visit.needs else settings.bridge_unrecorded_visits


def foremost_first(visits: list[UrgentVisit], settings: MeanwhileSettings) -> tuple[UrgentVisit, ...]:
    """Those first whose needs come first in the setting, then those that do not say, each by time and id."""
    turn = {need: place for place, need in enumerate(settings.bridge_needs)}

    def key(each: UrgentVisit) -> tuple[int, str, str]:
        foremost = min((turn.get(need, len(turn)) for need in each.visit.needs), default=len(turn))
        return foremost, each.visit.earliest_start.isoformat(), each.visit.visit_id

    return tuple(sorted(visits, key=key))


def groups_of(visits: tuple[UrgentVisit, ...]) -> list[tuple[int, ...]]:
    """Places of visits that are chosen together: each alone where they are few, else as many in each group as it takes."""
    size = -(-len(visits) // MOST_APART)
    places = range(len(visits))
    return [tuple(places[first : first + size]) for first in places[::size]]


def sets_of(groups: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Every way to choose some of the groups, as places of visits: the most groups first, then the foremost."""
    return [
        tuple(place for group in chosen for place in group)
        for count in range(len(groups), 0, -1)
        for chosen in combinations(groups, count)
    ]
