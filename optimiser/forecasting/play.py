"""One draw: the county from its first day on, a week at a time. What comes from outside is drawn; a planner decides the rest.

Each week contracts carry over and prices change by their dates; providers fail or are barred; people's needs end or change,
they go to hospital and come back, and new ones are asked for; then places are sought, one person at a time; then it is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from optimiser.county import NOWHERE, Ints
from optimiser.domain.dates import days_after
from optimiser.domain.records import CARE_STEP_MINUTES, Restriction
from optimiser.forecasting import played_events as happened
from optimiser.forecasting.events_drawn import DAYS, Drawn, Life, Stay
from optimiser.forecasting.ground import Ground
from optimiser.forecasting.one_at_a_time import Asked, Replies, decided
from optimiser.forecasting.played import Played, PlayedCounty
from optimiser.forecasting.played_events import Event
from optimiser.forecasting.rates_given import Given
from optimiser.forecasting.this_week import ThisWeek
from optimiser.forecasting.weekly_figures import counted

Decide = Callable[[ThisWeek, Replies, int], Iterable[Asked]]
"""How places are found: ``decided``, or another way to make the offers of a week."""


@dataclass(frozen=True)
class PlayedDraw:
    """What became of one draw. ``figures``: (weeks + 1, areas + 1, figures); the other two per provider, minutes a week."""

    figures: Ints
    provider_minutes_first: Ints
    provider_minutes_last: Ints

    def __repr__(self) -> str:
        return f"<PlayedDraw of {len(self.figures)} weeks>"


class Play:
    """A draw in play. ``log`` None: nothing is kept of single events."""

    def __init__(
        self, ground: Ground, given: Given, drawn: Drawn, replies: Replies, decide: Decide = decided, *, logged: bool = False
    ) -> None:
        self.given, self.drawn, self.replies, self.decide = given, drawn, replies, decide
        self.played = PlayedCounty(ground)
        self.log: list[Event] | None = [] if logged else None
        self.week = 0
        self._agenda: dict[int, list[tuple[str, str]]] = defaultdict(list)
        self._grown: list[Played] = []
        """Those whose needs may have grown by more than there was room for."""
        self._stays: dict[str, list[Stay]] = {}
        self._changes: dict[tuple[str, int], bool] = {}
        people = sorted(self.played.people.values(), key=lambda person: person.name)
        for person in people:
            self._plan(person, drawn.lives[person.package.part_of or person.name])

    def __repr__(self) -> str:
        return f"<Play, week {self.week} of {self.drawn.weeks}>"

    def to_the_end(self) -> PlayedDraw:
        """Every week."""
        figures = [self._asked_and_counted()]
        first = self._by_provider()
        while self.week < self.drawn.weeks:
            self.one_week_on()
            figures.append(self._asked_and_counted())
        return PlayedDraw(np.array(figures), first, self._by_provider())

    def one_week_on(self) -> None:
        """What happens before anybody is asked."""
        self.week += 1
        played = self.played
        played.go_to(days_after(played.ground.county.as_of, DAYS * self.week))
        self._providers()
        for kind in (happened.ENDED, happened.BACK, happened.TO_HOSPITAL, happened.RELEASED, happened.CHANGED):
            for what, name in sorted(self._agenda.get(self.week, ())):
                if what == kind:
                    self._happens(kind, played.people[name])
        self._agenda.pop(self.week, None)
        for arrival in self.drawn.arrivals[self.week]:
            row = arrival.alike
            person = Played(arrival.package, row, int(played.ground.area[row]), self.week)
            played.come(person)
            self._note(happened.ARRIVED, person.name, minutes=person.minutes)
            self._plan(person, arrival.life)

    def _asked_and_counted(self) -> Ints:
        week = ThisWeek(self.played)
        self._grow(week)
        placed = []
        for person, contract, offer in list(  # all answers first: places found this week change no distance in it
            self.decide(week, self.replies, self.given.asks_per_week)
        ):
            record = self.played.contracts[contract]
            if offer is not None:
                self.played.say_no(person.name, record.provider_id, offer)
                why = "declined for good" if offer.reason else offer.response
                self._note(happened.DECLINED, person.name, record.contract_id, reason=why)
                continue
            start = person.package.start_by
            self.played.place(person, contract, self.played.day if start is None else max(start, self.played.day))
            self._note(happened.PLACED, person.name, record.contract_id, person.minutes)
            placed.append((person, self.week - person.week))
        return counted(self.played, self.week, placed)

    def _grow(self, week: ThisWeek) -> None:
        """Needs that have grown are met where the care is, once there is room, by name."""
        for person in sorted((p for p in self._grown if p.more and p.where == "care"), key=lambda p: p.name):
            if week.grow(person, person.more):
                more = person.more
                self.played.want_more(person, 0)
                self.played.grow(person, person.minutes + more)
                self._note(happened.GREW, person.name, minutes=more)
        self._grown = [person for person in self._grown if person.more]

    def _plan(self, person: Played, life: Life) -> None:
        if life.ends is not None:
            self._agenda[life.ends].append((happened.ENDED, person.name))
        for stay in life.stays:
            self._agenda[stay.week].append((happened.TO_HOSPITAL, person.name))
        self._stays[person.name] = list(life.stays)
        for week, up in life.changes:
            self._agenda[week].append((happened.CHANGED, person.name))
            self._changes[person.name, week] = up

    def _happens(self, kind: str, person: Played) -> None:
        if person.where == "ended":
            return
        if kind == happened.ENDED:
            self._end(person)
        elif kind == happened.TO_HOSPITAL and person.where == "care":
            self._to_hospital(person)
        elif kind == happened.BACK and person.where == "hospital":
            self.played.back(person, self.week)
            self._note(kind, person.name)
        elif kind == happened.RELEASED and person.where == "hospital" and person.contract != NOWHERE:
            self.played.release(person)
            self._note(kind, person.name)
        elif kind == happened.CHANGED and person.where in ("care", "waiting"):
            self._change(person)

    def _end(self, person: Played) -> None:
        self.played.end(person)
        self._note(happened.ENDED, person.name)

    def _to_hospital(self, person: Played) -> None:
        stay = next(each for each in self._stays[person.name] if each.week == self.week)
        self.played.to_hospital(person)
        self._note(happened.TO_HOSPITAL, person.name)
        released = self.week + self.given.hold_weeks
        if released == self.week:
            self._happens(happened.RELEASED, person)
        elif released < stay.until:
            self._agenda[released].append((happened.RELEASED, person.name))
        self._agenda[stay.until].append((happened.BACK if stay.returns else happened.ENDED, person.name))

    def _change(self, person: Played) -> None:
        step = CARE_STEP_MINUTES
        by = max(step, round(person.minutes * self.given.change_part / step) * step)
        self.played.needs_changed(person.name)
        if not self._changes[person.name, self.week]:
            self.played.want_more(person, 0)
            self.played.grow(person, max(min(step, person.minutes), person.minutes - by))
        elif person.where == "waiting":
            self.played.grow(person, person.minutes + by)
        else:
            self.played.want_more(person, person.more + by)
            self._grown = [*self._grown, person]
        self._note(happened.CHANGED, person.name, minutes=person.minutes + person.more)

    def _providers(self) -> None:
        """Who fails this week, and who is barred from new work."""
        for provider_id, week in self.drawn.fails.items():
            if week == self.week:
                self._note(happened.FAILED, provider_id)
                for person in sorted(self.played.stop(provider_id), key=lambda person: person.name):
                    if person.where == "hospital":
                        self.played.release(person)
                    else:
                        self.played.lose(person, self.week)
        for number, bar in enumerate(self.drawn.barred):
            if bar.week == self.week:
                until = days_after(self.played.day, DAYS * (bar.until - bar.week))
                made = Restriction(f"FORECAST-{number}", bar.provider_id, "", self.played.day, until, "no_new_work", None, "")
                self.played.restrictions = (*self.played.restrictions, made)
                self._note(happened.BARRED, bar.provider_id, until=bar.until)

    def _by_provider(self) -> Ints:
        county = self.played.ground.county
        found = np.zeros(len(county.providers), dtype=np.int64)
        np.add.at(found, county.provider_of, self.played.minutes.sum(axis=1))
        return found

    def _note(self, kind: str, subject: str, contract_id: str = "", minutes: int = 0, until: int = 0, reason: str = "") -> None:
        if self.log is not None:
            self.log.append(Event(self.week, kind, subject, contract_id, minutes, until, reason))
