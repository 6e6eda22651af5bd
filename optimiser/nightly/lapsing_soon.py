"""Offers whose provider has to answer soon: whom to ring before the time is over and the next has to be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from optimiser.county import County
from optimiser.domain.dates import days_after
from optimiser.nightly.numbering import Numbering


def lapsing_rows(
    county: County, answer_by: Mapping[str, dt.datetime], offers_days: int, numbering: Numbering
) -> list[dict[str, Any]]:
    """A row for each offer that waits and has to be answered today or within so many days after it, the earliest first.

    ``answer_by``: per offer until when, by London's wall clock; of an offer that is not in it nothing is known, and told.
    Whole days are compared, so that the same facts make the same report whatever the hour.
    """
    last = days_after(county.as_of, offers_days)
    waiting = [
        (answer_by[offer.offer_id], offer.offer_id, offer)
        for offer in county.snapshot.offers
        if not offer.response and offer.offer_id in answer_by and offer.package_id not in county.offers_in_force.accepted
    ]
    rows = []
    for until, _, offer in sorted(waiting, key=lambda each: each[:2]):
        if until.date() > last:
            continue
        package = county.packages[county.package_index[offer.package_id]]
        contract = county.contract_of_offer(offer)
        rows.append(
            {
                **numbering.named(offer.package_id),
                "answer_by": f"{until:%Y-%m-%d %H:%M}",
                "asked_at": f"{offer.offered_at:%Y-%m-%d %H:%M}",
                "provider": county.provider(contract).name,
                "contract_id": county.contracts[contract].contract_id,
                "priority": package.priority,
                "area_id": package.area_id,
                "move": package.status == "active",
            }
        )
    return rows
