from __future__ import annotations

from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.groups import Group
from optimiser.rules.vocabulary import Charges, Pairs


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
        return sum(
            max(
                sum(county.price_pence(package, contract) for package in plan.on.get(contract, ())),
                county.guaranteed_pence(contract),
            )
            for contract in range(len(county.contracts))
        )

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        pence = _pence(county, pairs)
        guaranteed = np.array([county.guaranteed_pence(k) for k in range(len(county.contracts))], dtype=np.int64)
        # The larger of delivered and guaranteed = guaranteed + what is delivered beyond it.
        charges.each(pence * (guaranteed[pairs.contract] == 0))
        for contract in np.flatnonzero(guaranteed):
            charges.always(int(guaranteed[contract]))
            charges.excess(pence * (pairs.contract == contract), over=int(guaranteed[contract]))

    def tolerance(self, county: County) -> int:
        return county.waiting_minutes // county.policy.tolerance_pence_divisor

    def proof(self, county: County) -> tuple[int, Fraction]:
        return county.waiting_minutes // county.policy.proof_pence_divisor, Fraction(0)


def _pence(county: County, pairs: Pairs) -> Ints:
    """Every pair's weekly price in whole pence, half up: minutes x pence an hour / 60."""
    rates = np.array([contract.rates_pence for contract in county.contracts], dtype=np.int64).reshape(-1, 3)
    rate = rates[pairs.contract, county.band[pairs.package] - 1]
    return (2 * county.minutes[pairs.package] * rate + 60) // 120
