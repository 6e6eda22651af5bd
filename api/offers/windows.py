"""How long a provider has to answer: clock hours for what cannot wait, working hours for all else, in Europe/London; other hours
in periods that the council has declared; and never a last moment at which nobody at the provider is on call.

Moments go in and come out as instants in UTC, so that the hour that comes twice in October is never in doubt. Clock hours are
real hours: a window over a clock change is as long as any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.settings import Settings
from api.state.state import State
from api.state.stored_records import ON_CALL
from optimiser.domain.dates import days_after, instant_of, is_working_day, moment_after, wall_clock

CLOCK_HOURS = ("urgent", "discharge")
"""The priorities whose window is counted in clock hours."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIDNIGHT = "24:00"
"""The end of a day."""
AN_HOUR = dt.timedelta(hours=1)
LAST_MOMENT = dt.datetime.max.replace(microsecond=0)
"""Of the calendar."""


@dataclass(frozen=True)
class OnCall:
    """Per weekday, Monday first, the stretches in which somebody at a provider is on call, as wall clocks show them: from a time
    up to another, or to the end of the day (None). At least one day has one.
    """

    week: tuple[tuple[tuple[dt.time, dt.time | None], ...], ...]

    @staticmethod
    def of(hours: Sequence[Mapping[str, str]]) -> OnCall | None:
        """What was declared: each with ``day``, ``starts`` and ``ends``. None where nothing is."""
        week: list[list[tuple[dt.time, dt.time | None]]] = [[] for _ in DAYS]
        for each in hours:
            ends = None if each["ends"] == MIDNIGHT else dt.time.fromisoformat(each["ends"])
            week[DAYS.index(each["day"])].append((dt.time.fromisoformat(each["starts"]), ends))
        return OnCall(tuple(tuple(sorted(day, key=lambda stretch: stretch[0])) for day in week)) if hours else None

    def stretches(self, since: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """From the day of an instant on, as instants: where clocks change an hour shorter or longer by themselves."""
        day = wall_clock(since).date()
        while day < dt.date.max:
            for starts, ends in self.week[day.weekday()]:
                closes = dt.datetime.combine(days_after(day, 1), dt.time(0)) if ends is None else dt.datetime.combine(day, ends)
                yield instant_of(dt.datetime.combine(day, starts)), instant_of(closes)
            day = days_after(day, 1)


def on_call_of(state: State, provider_id: str) -> OnCall | None:
    """When a provider has declared that it is on call; None: it has declared nothing, and is held to be always."""
    stored = state.stock[ON_CALL].get(provider_id)
    return None if stored is None else OnCall.of(stored.body["hours"])


def answer_by(asked_at: dt.datetime, priority: str, settings: Settings, on_call: OnCall | None = None) -> dt.datetime:
    """The instant at which an unanswered offer expires.

    Of what cannot wait only the hours on call count; of all else a last moment outside of them moves to an hour after they begin.
    """
    hours = hours_of(asked_at, priority, settings)
    if priority in CLOCK_HOURS:
        wait = dt.timedelta(hours=hours)
        return moment_after(asked_at, wait) if on_call is None else _while_on_call(asked_at, wait, on_call)
    due = instant_of(after_working_hours(wall_clock(asked_at), hours, settings))
    return due if on_call is None else _when_on_call(due, on_call)


def hours_of(asked_at: dt.datetime, priority: str, settings: Settings) -> int:
    """The hours of a priority's window: of the declared period in which it was asked, else the usual ones."""
    name, day = f"{priority}_hours", wall_clock(asked_at).date()
    for period in settings.window_periods:
        hours: int | None = getattr(period, name)
        if period.since <= day < period.until and hours is not None:
            return hours
    usual: int = getattr(settings, f"window_{name}")
    return usual


def _while_on_call(asked_at: dt.datetime, wait: dt.timedelta, on_call: OnCall) -> dt.datetime:
    return _within(on_call.stretches(asked_at), asked_at, wait) or LAST_MOMENT.replace(tzinfo=dt.UTC)


def _when_on_call(due: dt.datetime, on_call: OnCall) -> dt.datetime:
    for opens, closes in on_call.stretches(due):
        if opens < due <= closes:
            return due
        if due <= opens < closes:
            return min(opens + AN_HOUR, closes)
    return due


def after_working_hours(moment: dt.datetime, hours: int, settings: Settings) -> dt.datetime:
    """So many working hours later on the wall clock, which stands still at night, at weekends and on bank holidays.

    Where the calendar ends first, its last moment.

    Clocks change on Sundays, when nobody is at work: a working day is as long on the wall clock as it really is.
    """
    return _within(_working_days(moment.date(), settings), moment, dt.timedelta(hours=hours)) or LAST_MOMENT


def _working_days(day: dt.date, settings: Settings) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """From a day on, when each working day begins and ends."""
    while day < dt.date.max:
        if is_working_day(day, settings.extra_holidays):
            yield dt.datetime.combine(day, settings.working_day_starts), dt.datetime.combine(day, settings.working_day_ends)
        day = days_after(day, 1)


def _within(stretches: Iterable[tuple[dt.datetime, dt.datetime]], since: dt.datetime, wait: dt.timedelta) -> dt.datetime | None:
    """When so much time has gone by since a moment that only stretches of it count; None: they end before."""
    for opens, closes in stretches:
        begins = max(opens, since)
        if begins < closes:
            if wait <= closes - begins:
                return begins + wait
            wait -= closes - begins
    return None
