"""The tables of tonight, a list of rows each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from optimiser.county.staff_time import spare_minutes
from optimiser.domain.dates import LONDON
from optimiser.domain.words import hours, hours_in_words
from optimiser.geography.grid import METRES_PER_MILE, crow_metres, to_grid
from optimiser.tonight.due_visits import DueVisit
from optimiser.tonight.gaps_in_rounds import Opening
from optimiser.tonight.story import UNLIMITED, Room, Tonight

Row = dict[str, object]

VISITS = (
    "turn", "package_id", "visit_id", "day", "opens_at", "latest_start_at", "state", "if_missed", "counted_as", "area_id",
    "where", "provider_id", "round_id", "service", "held_until", "needs", "duration_minutes", "workers", "can_step_in",
    "who_has_minutes",
)  # fmt: skip
WITHOUT_TIMES = (
    "package_id", "if_missed", "counted_as", "area_id", "where", "provider_id", "round_id", "service", "held_until", "needs",
    "hours_per_week", "workers", "can_step_in", "who_has_minutes",
)  # fmt: skip
MINUTES = (
    "package_id", "visit_id", "day", "basis", "provider_id", "contract_id", "round_id", "second_round_id", "start_from",
    "start_until", "detour_minutes", "hours_left_per_week",
)  # fmt: skip
BUILT_ROUND, HOURS_LEFT = "built_round", "hours_left"
NOBODY_KNOWN = "nobody known"


class Tables:
    """The rows of one list."""

    def __init__(self, made: Tonight) -> None:
        self._made, self._county = made, made.county
        self._spare = spare_minutes(made.county)
        self._areas = {area.area_id: area.name for area in made.county.snapshot.areas}

    @cached_property
    def _nearest(self) -> list[tuple[int, float]]:
        """Per package the place of the nearest surgery, and metres to it."""
        surgeries = self._county.snapshot.surgeries
        if not surgeries:
            return []
        grid = to_grid([each.latitude for each in surgeries], [each.longitude for each in surgeries])
        metres = crow_metres(self._county.place[:, None], grid)
        nearest = metres.argmin(axis=1)
        return list(zip(nearest.tolist(), metres[np.arange(len(nearest)), nearest].tolist(), strict=True))

    def where(self, package: int) -> str:
        """Where somebody lives in words: never so near that an address could be read from it."""
        area = self._areas[self._county.packages[package].area_id]
        if not self._nearest:
            return area
        surgery, metres = self._nearest[package]
        miles = round(metres / METRES_PER_MILE)
        far = "less than a mile" if miles < 1 else "about a mile" if miles == 1 else f"about {miles} miles"
        return f"{area}, {far} from {self._county.snapshot.surgeries[surgery].name}"

    def _person(self, package: int) -> Row:
        record = self._county.packages[package]
        return {
            "package_id": record.package_id,
            "if_missed": record.if_missed,
            "counted_as": self._made.harm(package),
            "area_id": record.area_id,
            "where": self.where(package),
            "provider_id": self._made.provider_id(package),
            "round_id": record.round_id,
            "service": record.service,
            "held_until": "" if record.held_until is None else str(record.held_until),
            "needs": ";".join(record.skills),
            "can_step_in": record.can_step_in,
        }

    def visits(self) -> list[Row]:
        """A row per visit, in the order of the list."""
        return [
            {
                **self._person(due.package),
                "turn": turn,
                "visit_id": due.visit.visit_id,
                "day": due.day,
                "opens_at": local(due.opens),
                "latest_start_at": local(due.closes),
                "state": due.state,
                "duration_minutes": due.visit.duration_minutes,
                "workers": due.visit.workers,
                "who_has_minutes": self._who(due.package, self._made.openings.get(due.name, [])),
            }
            for turn, due in enumerate(self._made.visits, start=1)
        ]

    def without_times(self) -> list[Row]:
        """A row per package whose visits are not in the data."""
        records = self._county.packages
        return [
            {
                **self._person(package),
                "hours_per_week": hours(records[package].minutes_per_week),
                "workers": records[package].workers,
                "who_has_minutes": self._who(package, []),
            }
            for package in self._made.without_visits
        ]

    def _who(self, package: int, openings: list[Opening]) -> str:
        told = [self._of_rounds(each) for each in openings]
        told += [self._of_contract(package, room) for room in self._made.rooms[package]]
        return "; ".join(told) or NOBODY_KNOWN

    @staticmethod
    def _of_rounds(opening: Opening) -> str:
        both = " with ".join(opening.round_ids)
        return f"{both} ({opening.provider_id}), to begin {in_words(opening.first)} to {clock(opening.last)}"

    def _of_contract(self, package: int, room: Room) -> str:
        provider_id = self._county.contracts[room.contract].provider_id
        left = "no limit to its hours" if room.minutes == UNLIMITED else f"{hours_in_words(room.minutes)} a week left"
        area_id = self._county.packages[package].area_id
        rounds = [
            each.round_id
            for each in self._county.snapshot.rounds
            if (each.provider_id, each.area_id) == (provider_id, area_id) and self._spare.get(each.round_id, 0) > 0
        ]
        staff = f", staff hours beyond care in {', '.join(rounds[:3])}" if rounds else ""
        return f"{provider_id}: {left}{staff}"

    def minutes(self) -> Iterator[Row]:
        """A row per round, or two, that can make a visit, and per contract with hours left for a person."""
        records = self._county.packages
        for due in self._made.visits:
            for opening in self._made.openings.get(due.name, []):
                yield _opening_row(records[due.package].package_id, due, opening)
        for package, rooms in self._made.rooms.items():
            for room in rooms:
                contract = self._county.contracts[room.contract]
                yield {
                    "package_id": records[package].package_id,
                    "basis": HOURS_LEFT,
                    "provider_id": contract.provider_id,
                    "contract_id": contract.contract_id,
                    "hours_left_per_week": "" if room.minutes == UNLIMITED else hours(room.minutes),
                }


def _opening_row(package_id: str, due: DueVisit, opening: Opening) -> Row:
    return {
        "package_id": package_id,
        "visit_id": due.visit.visit_id,
        "day": due.day,
        "basis": BUILT_ROUND,
        "provider_id": opening.provider_id,
        "round_id": opening.round_ids[0],
        "second_round_id": opening.round_ids[1] if len(opening.round_ids) == 2 else "",
        "start_from": local(opening.first),
        "start_until": local(opening.last),
        "detour_minutes": -(-opening.detour_seconds // 60),
    }


def local(moment: dt.datetime) -> str:
    """The time in England with its distance from UTC, so that none is told twice."""
    return moment.astimezone(LONDON).isoformat(timespec="seconds")


def clock(moment: dt.datetime) -> str:
    """The time in England; in the hour that comes twice, when the clocks go back, with which of the two it is."""
    told = moment.astimezone(LONDON)
    comes_twice = told.replace(fold=0).utcoffset() != told.replace(fold=1).utcoffset()
    return f"{told:%H:%M %Z}" if comes_twice else f"{told:%H:%M}"


def in_words(moment: dt.datetime) -> str:
    """Such as Mon 7 Dec 18:00."""
    told = moment.astimezone(LONDON)
    return f"{told:%a} {told.day} {told:%b} {clock(moment)}"
