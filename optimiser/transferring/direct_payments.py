"""What it would cost to stay by a direct payment: to the council, and to the person as a top-up.

Source: briefing, FAQ (direct payments and top-ups). The provider's rate is the present contract's, in the price band of the
place; what it would charge somebody who pays it directly is for it to say. Without a direct payment rate there is no figure.
"""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.county import County


@dataclass(frozen=True)
class DirectPayment:
    """Weekly pence, half up."""

    rate_now_pence: int
    """What the provider is paid an hour now."""
    charge_pence: int
    """What a week costs at that rate."""
    council_pence: int
    top_up_pence: int


def direct_payment(county: County, package: int, rate_pence: int | None) -> DirectPayment | None:
    """The figures for one person's running care; None without a direct payment rate."""
    contract = int(county.running_on[package])
    if rate_pence is None or contract < 0:
        return None
    charge = county.price_pence(package, contract)
    payable = (2 * int(county.minutes[package]) * rate_pence + 60) // 120
    council = min(charge, payable)
    rate_now = county.rates_pence(contract, county.as_of)[county.band[package] - 1]
    return DirectPayment(rate_now, charge, council, charge - council)
