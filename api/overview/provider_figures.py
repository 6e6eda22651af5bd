"""A provider as it is today: how much it has of what it says that it can, its contracts, and how it has answered."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Mapping
from typing import Any

from api.overview.answers import figures_of, in_numbers, without_restriction
from api.state.state import State
from optimiser.domain.dates import days_after, instant_of
from optimiser.domain.records import Offer
from optimiser.domain.words import MINUTES_PER_HOUR_4W

OFFER_DAYS = 90
"""Offers made within so many days are counted."""
WAITING = "waiting"
ANSWERS = ("accepted", "declined", "expired", "withdrawn", WAITING)
Json = dict[str, Any]


def provider_figures(state: State, provider_id: str, *, restrictions: bool) -> Json:
    """The figures of one provider. ``restrictions``: whether it is told why it is given no new work, and since when."""
    county = state.county
    contracts = [each for each in figures_of(state).contracts if each["provider_id"] == provider_id]
    indices = [county.contract_index[each["contract_id"]] for each in contracts]
    people = [package for index in indices for package in state.standing_plan.plan.on.get(index, ())]
    minutes = sum(county.packages[package].minutes_per_week for package in people)
    told = [in_numbers(state, each) | {"area_id": each["area_id"] or None} for each in contracts]
    if not restrictions:
        told = [without_restriction(state, each)[0] for each in told]
    return {
        "provider_id": provider_id,
        "as_of": str(state.as_of),
        "people": county.people(people),
        "hours_4w": minutes / MINUTES_PER_HOUR_4W,
        "held_hours_4w": _held_minutes(state, set(indices)) / MINUTES_PER_HOUR_4W,
        "own_limit": _own_limit(state, provider_id),
        "weekly_cost_gbp": round(sum(each["weekly_cost_gbp"] for each in told), 2),
        "contracts": told,
        "offers": _offers(state, {each["contract_id"] for each in contracts}),
    }


def _held_minutes(state: State, contracts: set[int]) -> int:
    """What offers without an answer hold: on each contract asked, once, as limits count it."""
    county = state.county
    return sum(
        county.packages[county.package_index[package_id]].minutes_per_week * len(contracts.intersection(asked))
        for package_id, asked in county.offers_in_force.pending.items()
    )


def _own_limit(state: State, provider_id: str) -> Json | None:
    """What it says that it can deliver, what of that is used (offers without an answer too), and what is left."""
    usage = state.standing_plan.usage
    for index, limit in enumerate(usage.limits):
        if limit.subject == provider_id and state.rules.setting(limit).providers_own:
            most, used = float(limit.minutes) / MINUTES_PER_HOUR_4W, usage.used[index] / MINUTES_PER_HOUR_4W
            return {"max_hours_4w": most, "used_hours_4w": used, "left_hours_4w": most - used}
    return None


def _offers(state: State, contract_ids: set[str]) -> Json:
    since = days_after(state.as_of, -OFFER_DAYS)
    records = (stored.record for stored in state.stock["offers"].values())
    made = [each for each in records if each.contract_id in contract_ids and since <= each.offered_at.date() <= state.as_of]
    answers = Counter(each.response or WAITING for each in made)
    hours = [_hours_to_answer(each) for each in made if each.responded_at and each.response in ("accepted", "declined")]
    reasons: Mapping[str, int] = Counter(each.reason or "not said" for each in made if each.response == "declined")
    return {
        "since": str(since),
        "made": len(made),
        **{answer: answers[answer] for answer in ANSWERS},
        "declined_because": dict(sorted(reasons.items(), key=lambda each: (-each[1], each[0]))),
        "median_hours_to_answer": round(statistics.median(hours), 1) if hours else None,
    }


def _hours_to_answer(offer: Offer) -> float:
    answered: dt.datetime = offer.responded_at or offer.offered_at
    return (instant_of(answered) - instant_of(offer.offered_at)).total_seconds() / 3600
