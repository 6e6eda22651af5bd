"""How a provider staffs its rounds: shifts, limits, breaks and pay, each with its cautious default; and its care workers.

Source: ``data/README.md``, "Settings of rounds". Times of day are Europe/London.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_SECONDS = 86_400


def seconds_of(time: dt.time) -> int:
    """Seconds from midnight."""
    return time.hour * 3600 + time.minute * 60 + time.second


@dataclass(frozen=True, slots=True)
class Shift:
    """A part of the day: a care worker is at work, the ways between visits included, within it.

    One that ends before it starts ends on the next day, and is of the day on which it starts.
    """

    name: str
    starts: dt.time
    ends: dt.time

    @property
    def opens(self) -> int:
        """Its start, in seconds from midnight of its day."""
        return seconds_of(self.starts)

    @property
    def closes(self) -> int:
        """Its end, in seconds from midnight of its day: more than a day's where that is on the next."""
        return seconds_of(self.ends) + (DAY_SECONDS if self.ends < self.starts else 0)


@dataclass(frozen=True, slots=True)
class Staffing:
    """Every setting; an input may override any of them by name, for all providers or for one."""

    morning: Shift = Shift("morning", dt.time(7), dt.time(15))
    evening: Shift = Shift("evening", dt.time(15), dt.time(23))
    night: Shift | None = None
    """None: the provider has no night shift, and night care that neither of the others holds is not planned."""
    shift_hours_limit: Fraction = Fraction(8)
    """The longest time from the start of a care worker's first visit in a shift to the end of the last."""
    weekly_hours_limit: Fraction = Fraction(40)
    """The most hours at work in a week, from the first start to the last end of each shift, without the break."""
    days_per_week: int = 5
    """On how many days a week a care worker works, at most."""
    split_shifts: bool = False
    """Whether a care worker may work more than one shift of a day."""
    break_after_hours: Fraction = Fraction(6)
    """A run longer than this has a break between two of its visits."""
    break_minutes: int = 20
    rest_hours: Fraction = Fraction(11)
    """Without work between the end of a day's last shift and the start of the next day's first."""
    travel_paid: bool = True
    """Whether the ways between visits are paid."""
    waiting_paid: bool = True
    """Whether waiting between visits is paid; a break of ``break_minutes`` never is."""
    lateness_minutes: int = 0
    """How long after its latest start a visit may begin, unless it is time-critical."""
    time_critical_skills: tuple[str, ...] = ("medication",)
    """Visits to people who need one of these never begin late, and at about the same time every day."""
    time_critical_minutes: int = 30
    """How far from its time on the round's model day a time-critical visit may begin on another day."""

    @property
    def shifts(self) -> tuple[Shift, ...]:
        return (self.morning, self.evening) if self.night is None else (self.morning, self.evening, self.night)


@dataclass(frozen=True)
class StaffingSettings:
    """The settings of a folder: ``of`` gives a provider's."""

    defaults: Staffing = Staffing()
    by_provider: Mapping[str, Staffing] = field(default_factory=dict)

    def of(self, provider_id: str) -> Staffing:
        return self.by_provider.get(provider_id, self.defaults)


@dataclass(frozen=True, slots=True)
class Worker:
    """A care worker, as ``workers.csv`` has them. None: not given."""

    worker_id: str
    provider_id: str
    skills: tuple[str, ...]
    travels: str
    """``drives`` or ``walks``."""
    latitude: float | None
    longitude: float | None
    hours_per_week: Fraction | None
    days: tuple[str, ...]
    """The days on which they may work; empty: any."""

    def __repr__(self) -> str:
        return f"<Worker {self.worker_id} of {self.provider_id}>"
