"""A proposed uplift: what it costs this financial year and the next, who gets more than the market, who stays below what an hour
costs, and what is committed to the year's end against a budget.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.proposals import Budget, BudgetLine, Measures, Proposal, UpliftLine, next_year
from optimiser.ledger.spending import Cost, Spending


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A contract's price of a band on the day that the uplift begins, before it and with it. Pence an hour."""

    contract: int
    band: int
    before: int
    after: int
    minutes_per_week: int
    """Of running care at that price on that day."""
    is_block: bool
    above_market: bool | None
    """None: not judged."""
    below_sustainable: bool | None

    @property
    def percent(self) -> Fraction | None:
        return Fraction(self.after - self.before, self.before) * 100 if self.before else None


@dataclass(frozen=True, slots=True)
class Commitment:
    """A tier in an area: what running care costs from the county's day to the end of the financial year. Pence."""

    tier: str
    area_id: str
    without: int
    with_uplift: int
    budget: BudgetLine | None

    @property
    def left(self) -> int | None:
        """Of the budget, once what is spent and committed is taken off; None: no budget is given."""
        return None if self.budget is None else self.budget.budget_pence - self.budget.spent_pence - self.with_uplift


@dataclass(frozen=True)
class Uplift:
    """A proposal, worked out."""

    county: County
    proposal: Proposal
    measures: Measures
    prices: tuple[PriceLine, ...]
    this_year: tuple[Cost, Cost]
    """From the day it begins, or today, to the end of that financial year: without it and with it."""
    following_year: tuple[Cost, Cost]
    commitments: tuple[Commitment, ...]
    stands: tuple[str, ...]
    """Contracts whose recorded prices begin on the proposal's day or later, and stand."""

    def __repr__(self) -> str:
        return f"<Uplift from {self.proposal.starts}>"

    @property
    def begins(self) -> dt.date:
        return max(self.proposal.starts, self.county.as_of)

    def more(self, costs: tuple[Cost, Cost]) -> Cost:
        """What it costs more, by contract and area."""
        without, with_it = costs
        return {key: with_it.get(key, 0) - without.get(key, 0) for key in sorted({*without, *with_it})}


def work_out(county: County, proposal: Proposal, measures: Measures, budget: Budget = ()) -> Uplift:
    """The whole of it."""
    spending, begins = Spending.of(county), max(proposal.starts, county.as_of)
    ends, today = next_year(begins), county.as_of

    def both(first: dt.date, end: dt.date) -> tuple[Cost, Cost]:
        return spending.cost(first, end), spending.cost(first, end, proposal)

    stands = sorted({each.contract_id for each in county.snapshot.rates if each.starts >= proposal.starts})
    return Uplift(
        county=county,
        proposal=proposal,
        measures=measures,
        prices=tuple(_prices(spending, proposal, begins, measures)),
        this_year=both(begins, ends),
        following_year=both(ends, next_year(ends)),
        commitments=tuple(_commitments(county, both(today, next_year(today)), budget)),
        stands=tuple(stands),
    )


def _prices(spending: Spending, proposal: Proposal, day: dt.date, measures: Measures) -> list[PriceLine]:
    county = spending.county
    minutes: defaultdict[tuple[int, int], int] = defaultdict(int)
    for (today, _, band), count in spending.minutes.items():
        minutes[county.contract_index[county.succession.contract_on(county.contracts[today].contract_id, day)], band] += count
    found = []
    for contract, record in enumerate(county.contracts):
        before, after = spending.rates(contract, day, None), spending.rates(contract, day, proposal)
        for band in (1, 2, 3):
            runs = minutes.get((contract, band), 0)
            serves = record.in_force(day) and (not record.bands or band in record.bands)
            if not serves and not runs:
                continue
            old, new, is_block = before[band - 1], after[band - 1], bool(record.guarantee)
            market = None if measures.market_percent is None else UpliftLine("", "", None, measures.market_percent, None)
            above = None if market is None else is_block and new > market.price(old)
            below = None if measures.sustainable_pence is None else new < measures.sustainable_pence
            found.append(PriceLine(contract, band, old, new, runs, is_block, above, below))
    return found


def _commitments(county: County, costs: tuple[Cost, Cost], budget: Budget) -> list[Commitment]:
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, cost in enumerate(costs):
        for (contract, area_id), pence in cost.items():
            sums[county.contracts[contract].tier, area_id][place] += pence
    lines = {(each.tier, each.area_id): each for each in budget}
    return [Commitment(*key, sums[key][0], sums[key][1], lines.get(key)) for key in sorted({*sums, *lines})]
