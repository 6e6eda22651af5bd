"""What running care will cost from one day to another, at the prices of each day, with and without a proposed uplift.

Days between which no price changes and no contract begins or ends are taken together. The guarantee is looked at in each such
stretch: a contract costs the larger of its care and its floor. Pence, exact until they are rounded once, half up, for a contract
and an area.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from optimiser.county import County
from optimiser.domain.accounts import PERIOD_DAYS
from optimiser.domain.money import whole_half_up
from optimiser.domain.proposals import Proposal

WEEK = 7 * 60
"""Minutes a week at pence an hour, to pence a day."""
Cost = dict[tuple[int, str], int]
"""Pence by contract and area; what a guarantee adds is its contract's own area's."""


@dataclass(frozen=True)
class Spending:
    """A county's running care as it is on its day: nobody new begins, and nothing but a person ends anybody's care."""

    county: County
    minutes: Mapping[tuple[int, str, int], int]
    """Minutes a week by contract of today, area of the person and price band."""

    def __repr__(self) -> str:
        return f"<Spending of {self.county!r}>"

    @staticmethod
    def of(county: County) -> Spending:
        minutes: defaultdict[tuple[int, str, int], int] = defaultdict(int)
        for index, package in enumerate(county.packages):
            contract = county.contract_on(index, county.as_of) if package.status == "active" else -1
            if contract >= 0:
                minutes[contract, package.area_id, int(county.band[index])] += package.minutes_per_week
        return Spending(county, dict(minutes))

    def cost(self, starts: dt.date, ends: dt.date, proposal: Proposal | None = None) -> Cost:
        """From a day up to, and not including, another."""
        exact: defaultdict[tuple[int, str], Fraction] = defaultdict(Fraction)
        for begin, end in self._stretches(starts, ends, proposal):
            for key, pence in self._a_day(begin, proposal).items():
                exact[key] += pence * (end - begin).days
        return {key: whole_half_up(pence) for key, pence in sorted(exact.items()) if pence}

    def rates(self, contract: int, day: dt.date, proposal: Proposal | None) -> tuple[int, ...]:
        """By band. Recorded prices that begin on the proposal's day or later stand."""
        record, rates = self.county.contracts[contract], self.county.rates_pence(contract, day)
        if proposal is None or day < proposal.starts:
            return rates
        if any(proposal.starts <= each.starts <= day for each in self.county.rates_of.get(record.contract_id, ())):
            return rates
        return tuple(proposal.price(record, band, pence) for band, pence in enumerate(rates, start=1))

    def _stretches(self, starts: dt.date, ends: dt.date, proposal: Proposal | None) -> Iterator[tuple[dt.date, dt.date]]:
        county = self.county
        days = {each for contract in county.contracts for each in (contract.starts, contract.ends) if each is not None}
        days |= {rate.starts for rate in county.snapshot.rates} | ({proposal.starts} if proposal else set())
        edges = [starts, *sorted(each for each in days if starts < each < ends), ends]
        yield from ((begin, end) for begin, end in pairwise(edges) if begin < end)

    def _a_day(self, day: dt.date, proposal: Proposal | None) -> dict[tuple[int, str], Fraction]:
        """Per contract and area, exact."""
        county = self.county
        care: defaultdict[tuple[int, str], Fraction] = defaultdict(Fraction)
        of_contract: defaultdict[int, Fraction] = defaultdict(Fraction)
        for (today, area_id, band), minutes in self.minutes.items():
            contract = county.contract_index[county.succession.contract_on(county.contracts[today].contract_id, day)]
            pence = Fraction(minutes * self.rates(contract, day, proposal)[band - 1], WEEK)
            care[contract, area_id] += pence
            of_contract[contract] += pence
        for contract, record in enumerate(county.contracts):
            if record.guarantee and record.max_hours_4w is not None and record.in_force(day):
                floor = record.guarantee * record.max_hours_4w * self.rates(contract, day, proposal)[0] / PERIOD_DAYS
                care[contract, record.area_id] += max(Fraction(0), floor - of_contract[contract])
        return dict(care)
