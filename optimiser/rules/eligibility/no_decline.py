from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.county.offers_in_force import stands_until
from optimiser.rules.base import Blocks, Bools, EligibilityRule, Remedy
from optimiser.rules.vocabulary import Finding

CAPACITY_REASON = "no_capacity"
"""The reason that a provider can change its mind about once it has room."""


class NoStandingDecline(EligibilityRule):
    """The provider has not lately said no to this package, nor let an offer of it run out, on any of its contracts."""

    name = "no_standing_decline"
    order = 90
    source = "events: e-brokerage; a recorded decline is a fact"
    in_statements = "decline"
    settings = ("decline_days", "expired_days")
    change = "decline for capacity"
    obstacle = "it declined, or let an offer run out"
    blocks = Blocks(one="was declined by the principal", many="were declined by the principal")
    depends_on_date = False

    def passes(self, county: County, packages: Ints) -> Bools:
        asked = np.ones((len(packages), len(county.contracts)), dtype=np.bool_)
        holder = np.array([contract.provider_id for contract in county.contracts])
        row_of = {county.packages[package].package_id: row for row, package in enumerate(packages)}
        for package_id, provider_id in county.offers_in_force.declines:
            if package_id in row_of:
                asked[row_of[package_id], holder == provider_id] = False
        return asked

    def finding(self, county: County, package: int, contract: int) -> Finding:
        provider = county.provider(contract)
        standing = county.offers_in_force.declines.get((county.packages[package].package_id, provider.provider_id), ())
        if standing:
            longest = max(standing, key=lambda offer: stands_until(offer, county.policy) or dt.date.max)  # stands longest
            until = stands_until(longest, county.policy)
            answer = (
                "let the offer run out"
                if longest.response == "expired"
                else f"declined ({longest.reason.replace('_', ' ') or 'no reason given'})"
            )
            stands = "that stands until the needs change" if until is None else f"that stands until {until}"
            sentence = f"{provider.name} {answer} on {longest.day}; {stands}."
        else:
            sentence = f"{provider.name} has no standing decline of this package."
        return Finding(
            rule=self.name,
            passed=not standing,
            measured=";".join(offer.offer_id for offer in standing),
            limit=None,
            unit="standing declines",
            sentence=sentence,
        )

    def smallest_change(self, county: County, package: int, contract: int) -> Iterator[Remedy]:
        provider = county.provider(contract)
        standing = county.offers_in_force.declines.get((county.packages[package].package_id, provider.provider_id), ())
        if standing and all(offer.response == "declined" and offer.reason == CAPACITY_REASON for offer in standing):
            yield Remedy(
                change=self.change,
                subject=provider.provider_id,
                amount=Fraction(len(standing)),
                unit="declines",
                sentence=f"{provider.name}, which declined for lack of capacity, finds room and says yes.",
                applied=lambda county: county.changed(without_offers=frozenset(standing)),
                one_unit_less=lambda county: county.changed(without_offers=frozenset(standing[:-1])),
            )
