from __future__ import annotations

from fractions import Fraction
from operator import attrgetter

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.money import weekly_pence
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.vocabulary import Charges, Group, Pairs


class Cost(Level):
    """The lowest weekly cost to the council, the guaranteed payments included."""

    name = "cost"
    order = 80
    source = "briefing: the principal's guarantee is paid whatever is delivered; events: rates by band"
    settings = ("tolerance_pence_divisor", "proof_pence_divisor", "band_limits_miles")
    unit = "pence a week"
    group = Group.COST
    about = "cost"
    indicator_turn = 50

    def measure(self, county: County, plan: Plan) -> int:
        return sum(paid_pence(county, plan, contract) for contract in county.counting_with)

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        pence = _pence(county, pairs)
        on = county.counts_with[pairs.contract]
        guaranteed = np.array([county.guaranteed_pence(k) for k in range(len(county.contracts))], dtype=np.int64)
        # The larger of delivered and guaranteed = guaranteed + what is delivered beyond it.
        charges.each(pence * (guaranteed[on] == 0))
        for contract in np.flatnonzero(guaranteed):
            charges.always(int(guaranteed[contract]))
            charges.excess(pence * (on == contract), over=int(guaranteed[contract]))

    def tolerance(self, county: County) -> int:
        return county.waiting_minutes // county.policy.tolerance_pence_divisor

    def proof(self, county: County) -> tuple[int, Fraction]:
        return county.waiting_minutes // county.policy.proof_pence_divisor, Fraction(0)


def paid_pence(county: County, plan: Plan, contract: int) -> int:
    """What a contract and those that count as one with it are paid a week: the care, or the guarantee if that is more."""
    together = county.counting_with.get(contract, ())
    delivered = sum(county.care_pence(each, plan.on.get(each, ())) for each in together)
    return max(delivered, county.guaranteed_pence(contract))


def _pence(county: County, pairs: Pairs) -> Ints:
    """Every pair's weekly price in whole pence, half up: minutes x pence an hour / 60, at the prices of its start."""
    rates = np.array([contract.rates_pence for contract in county.contracts], dtype=np.int64).reshape(-1, 3)
    band = county.band[pairs.package] - 1
    rate = rates[pairs.contract, band]
    day = county.start_day[pairs.package]
    for change in sorted(county.snapshot.rates, key=attrgetter("starts")):
        begun = (pairs.contract == county.contract_index[change.contract_id]) & (day >= change.starts.toordinal())
        rate[begun] = np.array(change.rates_pence, dtype=np.int64)[band[begun]]
    return weekly_pence(county.minutes[pairs.package], rate)
