"""A proposed uplift of prices from a day on, and the budget that it is held against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimiser.domain.money import whole_half_up
from optimiser.domain.records import Contract


@dataclass(frozen=True, slots=True)
class UpliftLine:
    """For a contract, else a tier, else all; for a band, else all of them. Either a percentage or a new price an hour."""

    contract_id: str
    tier: str
    band: int | None
    percent: Fraction | None
    new_pence: int | None

    def applies(self, contract: Contract, band: int) -> bool:
        named = self.contract_id in ("", contract.contract_id) and self.tier in ("", contract.tier)
        return named and self.band in (None, band)

    @property
    def preference(self) -> tuple[bool, bool, bool]:
        """Of several that apply the highest: a contract's own, then its tier's; of these one for the band."""
        return bool(self.contract_id), bool(self.tier), self.band is not None

    def price(self, pence: int) -> int:
        """The price in place of another, half up to a penny."""
        if self.new_pence is not None:
            return self.new_pence
        assert self.percent is not None
        return whole_half_up(pence * (1 + self.percent / 100))


@dataclass(frozen=True)
class Proposal:
    """From a day on; recorded prices that begin on that day or later stand as they are."""

    starts: dt.date
    lines: tuple[UpliftLine, ...]

    def price(self, contract: Contract, band: int, pence: int) -> int:
        line = self.line_for(contract, band)
        return pence if line is None else line.price(pence)

    def line_for(self, contract: Contract, band: int) -> UpliftLine | None:
        return max((each for each in self.lines if each.applies(contract, band)), key=lambda each: each.preference, default=None)


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A financial year's, for a tier in an area; an empty area: of county-wide money. ``spent_pence``: so far."""

    tier: str
    area_id: str
    budget_pence: int
    spent_pence: int


@dataclass(frozen=True, slots=True)
class Measures:
    """What prices are held against; what is None is not judged."""

    market_percent: Fraction | None = None
    """What the wider market is given: no block contract gets more."""
    sustainable_pence: int | None = None
    """What a sustainable hour costs, as a named source says."""
    sustainable_source: str = ""


def year_of(day: dt.date) -> dt.date:
    """The first day of the financial year that a day is in: 1 April. Before the calendar's first, its first day."""
    first = day.replace(month=4, day=1)
    if first <= day:
        return first
    return first.replace(year=day.year - 1) if day.year > dt.MINYEAR else dt.date.min


def next_year(day: dt.date) -> dt.date:
    """The first day of the financial year after it. After the calendar's last, its last day."""
    first = dt.date(day.year, 4, 1)
    if day < first:
        return first
    return first.replace(year=day.year + 1) if day.year < dt.MAXYEAR else dt.date.max


def in_words(first: dt.date) -> str:
    """A financial year by its first day: 2026/27."""
    return f"{first.year}/{(first.year + 1) % 100:02}"


Budget = Sequence[BudgetLine]
