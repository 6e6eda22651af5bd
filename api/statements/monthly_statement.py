"""A provider's statement of a month: its own offers as they were, and of all else counts in which nobody can be found.

Its own offers are its own to know, to the single one. What is counted of requests is about people whom it may never have heard
of: nothing under the smallest count of viewers is told, all else to its nearest multiple, so that no figure can be had by taking
others from each other. Whatever could tell of a person's wish, or of another provider, is among the other reasons.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from api.fairness.counts_of_people import REASONS
from api.fairness.quarters import Span
from api.fairness.requests_kept import Kept, KeptOffer
from api.overview.people_who_wait import to_the_nearest
from api.state.state import State
from api.statements.first_askings import ALONE, ASKED, BEFORE, OTHER, REQUESTS
from optimiser.domain.records import Contract
from optimiser.rules.vocabulary import OWN_REASONS

Json = dict[str, Any]
COULD_CHANGE = ("skills", "radius", "band", "contract_maximum", "own_limit")
"""The reasons of which the largest difference is told: those that the provider, or it and the council, can agree to change.
Never a restriction or a rating: quality is no lever of capacity."""
_STATES = {
    "accepted": "placed",
    "declined": "no",
    "expired": "no_answer_in_time",
    "withdrawn": "no_longer_needed",
    "": "waiting",
}


def statement_of(
    state: State, provider_id: str, month: str, span: Span, figures: Mapping[str, int], offers: Sequence[KeptOffer], smallest: int
) -> Json:
    """A provider's statement. ``figures``: its counts of the month's requests; ``offers``: those made to it in the month."""
    mine = [each for each in state.county.contracts if each.provider_id == provider_id and _is_of(each, span)]
    stored = state.stock["providers"].get(provider_id)
    return {
        "provider_id": provider_id,
        "provider": provider_id if stored is None else stored.record.name,
        "month": month,
        "since": str(span.since),
        "until": str(span.until),
        "made_on": str(state.as_of),
        "area_ids": sorted({each.area_id for each in mine if each.area_id}),
        "whole_county": any(not each.area_id for each in mine),
        "counts_to_the_nearest": smallest,
        "requests": {
            "all": _told(figures, REQUESTS, smallest),
            "asked_first": _told(figures, ASKED, smallest),
            "before_you": _told(figures, BEFORE, smallest),
            "other_reasons": _told(figures, OTHER, smallest),
        },
        "not_asked": [
            {"reason": each, "requests": _told(figures, each, smallest), "alone": _told(figures, f"{ALONE}{each}", smallest)}
            for each in OWN_REASONS
        ],
        "largest_difference": largest_difference(figures, smallest),
        "offers": _offers_of(offers),
    }


def largest_difference(figures: Mapping[str, int], smallest: int) -> Json | None:
    """Which limit of its own, were it lifted, would have left nothing of its own in the way of the most requests.

    Counted is how often it alone stood in the way; of several with as many the first in the order of ``OWN_REASONS``. None where
    that is of too few. Who comes before the provider in the order is not weighed: it hangs on what others answer.
    """
    found = [(figures.get(f"{ALONE}{each}", 0), each) for each in OWN_REASONS if each in COULD_CHANGE]
    most, reason = max(found, key=lambda each: each[0])
    return None if most < smallest else {"reason": reason, "requests": to_the_nearest(most, smallest)}


def _is_of(contract: Contract, span: Span) -> bool:
    """Whether a contract is in force on any day of a month."""
    return (contract.starts is None or contract.starts < span.until) and (contract.ends is None or contract.ends > span.since)


def has_statement(state: State, span: Span) -> set[str]:
    """The providers with a contract in force on any day of a month."""
    return {each.provider_id for each in state.county.contracts if _is_of(each, span)}


def offers_by_provider(state: State, kept: Iterable[Kept], span: Span) -> dict[str, list[KeptOffer]]:
    """Per provider what it was asked in a month, of people whose care has ended too."""
    found: dict[str, list[KeptOffer]] = {}
    for each in kept:
        for offer in each.offers:
            contract = state.get("contracts", offer.record.contract_id)
            if contract is not None and span.has(offer.record.offered_at.date()):
                found.setdefault(contract.record.provider_id, []).append(offer)
    return found


def _told(figures: Mapping[str, int], name: str, smallest: int) -> int | None:
    """A count of requests, each of another person."""
    count = figures.get(name, 0)
    return None if count < smallest else to_the_nearest(count, smallest)


def _offers_of(offers: Sequence[KeptOffer]) -> Json:
    came = Counter(_STATES[each.response] for each in offers)
    reasons = Counter(_reason(each) for each in offers if each.response == "declined")
    hours = sorted(each / dt.timedelta(hours=1) for offer in offers if (each := _took(offer)) is not None)
    return {
        "asked": len(offers),
        **{name: came[name] for name in _STATES.values()},
        "no_by_reason": {reason: reasons[reason] for reason in REASONS},
        "answered": len(hours),
        "median_hours": None if not hours else round(median(hours), 1),
        "longest_hours": None if not hours else round(hours[-1], 1),
    }


def _reason(offer: KeptOffer) -> str:
    return offer.record.reason if offer.record.reason in REASONS else "other"


def _took(offer: KeptOffer) -> dt.timedelta | None:
    """How long the provider's own answer took; None where it gave none."""
    if offer.said_at:
        return dt.datetime.fromisoformat(offer.said_at) - offer.record.offered_at
    if offer.response in ("accepted", "declined") and offer.record.responded_at is not None:
        return offer.record.responded_at - offer.record.offered_at
    return None
