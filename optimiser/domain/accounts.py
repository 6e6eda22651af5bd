"""What visits are paid by: the terms of each contract by day, incentives, and the settings of an account."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from optimiser.domain.records import covers

NEAREST, UP, DOWN = "nearest", "up", "down"
ROUNDINGS = (NEAREST, UP, DOWN)
"""How minutes become whole increments; ``nearest``: halves up."""
REQUEST, START, BOTH = "request", "start", "both"
INCENTIVE_DAYS = (REQUEST, START, BOTH)
"""Which day has to lie in a designated period."""
PERIOD_DAYS = 28
OCCASIONS = ("severe_weather", "staff_absence", "market_failure", "designated")
"""Why a period is opened in between: three that a council need not foresee, and any other that it designates, such as a bank
holiday. A file of periods may say it in words of its own.
"""
INCENTIVE_SOURCES = ("acute_hospital", "community_hospital", "short_term_bed", "reablement", "out_of_hospital")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a contract pays, from a day on; ``starts`` None: always. What is None is not known."""

    contract_id: str
    starts: dt.date | None
    increment_minutes: int | None
    rounding: str | None
    overrun_paid: bool | None
    late_cancellation_share: Fraction | None
    """Of the planned minutes of a visit that was called off too late, or refused at the door, not by the provider's doing."""
    retainer_days: int | None
    """Of a stay in hospital, from its first day on."""
    retainer_share: Fraction | None

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is not known, by the names of its columns; a share of no days need not be."""
        none = [name for name in TERMS if getattr(self, name) is None]
        return tuple(name for name in none if not (name == "retainer_share" and self.retainer_days == 0))


TERMS = ("increment_minutes", "rounding", "overrun_paid", "late_cancellation_share", "retainer_days", "retainer_share")


class TermsByDay:
    """The terms of every contract on every day."""

    def __init__(self, terms: Iterable[Terms]) -> None:
        found: defaultdict[str, list[Terms]] = defaultdict(list)
        for each in terms:
            found[each.contract_id].append(each)
        self._of: Mapping[str, list[Terms]] = {
            contract_id: sorted(lines, key=lambda line: line.starts or dt.date.min, reverse=True)
            for contract_id, lines in found.items()
        }

    def on(self, contract_id: str, day: dt.date, increment_minutes: int | None) -> Terms:
        """What holds on a day; ``increment_minutes``: the contract's own, where the terms name none."""
        for line in self._of.get(contract_id, ()):
            if line.starts is None or line.starts <= day:
                own = line.increment_minutes or increment_minutes
                return Terms(
                    contract_id, line.starts, own, line.rounding, line.overrun_paid, line.late_cancellation_share,
                    line.retainer_days, line.retainer_share,
                )  # fmt: skip
        return Terms(contract_id, None, increment_minutes, None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class IncentiveAmount:
    """A payment for care in place after more than ``over_hours`` and at most ``up_to_hours`` hours, by day of the request."""

    starts: dt.date | None
    ends: dt.date | None
    workers: int
    over_hours: Fraction
    up_to_hours: Fraction
    pence: int

    def holds(self, day: dt.date) -> bool:
        return covers(self.starts, self.ends, day)


@dataclass(frozen=True, slots=True)
class IncentivePeriod:
    """A designated period, half-open; ``opened_by``: the post that opened it, where a council writes that down."""

    starts: dt.date
    ends: dt.date
    occasion: str
    opened_by: str = ""

    def holds(self, day: dt.date) -> bool:
        return covers(self.starts, self.ends, day)


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What differs between councils. Without ``periods_begin`` there is no account."""

    periods_begin: dt.date | None = None
    """The first day of any four-week period of payment: the council's own."""
    longest_visit_minutes: int = 960
    """A record of a longer visit is taken for a mistake: it is listed, and pays nothing until it is corrected."""
    incentive_day: str = REQUEST
    """Which day has to lie in a designated period: that of the ``request``, of the ``start``, or ``both``."""
    guarantee_counts_late_cancellations: bool = True
    """Whether what is paid for visits that were called off late uses up the guarantee."""
    guarantee_counts_retainers: bool = True
    """Whether what is paid while people are in hospital does."""
    delivery_weeks: int = 6
    """Over how many weeks what was delivered is laid beside what is commissioned."""
    delivery_differs_by: Fraction = Fraction(3, 20)
    """Of what is commissioned: a week that differs by more counts as below or above."""
    cut_short_least: int = 3
    """Visits cut short in these weeks, before somebody is asked to look …"""
    cut_short_share: Fraction = Fraction(1, 10)
    """… and of the visits that were made, at least."""
    late_after_minutes: int = 15
    """A visit that begins later after its planned start is late, one that begins as much before it early."""
    late_share: Fraction = Fraction(1, 5)
    """Of a round's visits: where more are late, somebody is asked to look."""

    def period_of(self, day: dt.date) -> Period:
        """The four-week period that a day is in. Raises ``ValueError`` where nobody has said when periods begin."""
        if self.periods_begin is None:
            raise ValueError("periods_begin is not known")
        return Period(day - dt.timedelta(days=(day - self.periods_begin).days % PERIOD_DAYS))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Four weeks, by their first day; or another number of days."""

    starts: dt.date
    length_days: int = PERIOD_DAYS

    @property
    def ends(self) -> dt.date:
        """The first day after it."""
        return self.starts + dt.timedelta(days=self.length_days)

    @property
    def days(self) -> tuple[dt.date, ...]:
        return _days(self.starts, self.length_days)


@lru_cache(maxsize=256)
def _days(starts: dt.date, count: int) -> tuple[dt.date, ...]:
    """The same few periods are asked for their days by every contract."""
    return tuple(starts + dt.timedelta(days=number) for number in range(count))


@dataclass(frozen=True)
class AccountBook:
    """What an account is made by, beside the county and the records."""

    settings: AccountSettings
    terms: tuple[Terms, ...] = ()
    amounts: tuple[IncentiveAmount, ...] = ()
    periods: tuple[IncentivePeriod, ...] = ()
