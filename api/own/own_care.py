"""What a provider has: the care that it delivers or is to begin, its rounds, its contracts with hours, guarantee and prices.

Of a person it holds what who delivers care needs: where, when and what. Not who is protected and why, whom the person does not
want, what was decided about them, nor what anybody else was asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

import orjson

from api.http.conversion import record_json
from api.packages.answers import visits_of
from api.state.state import State
from optimiser.county import NOWHERE
from optimiser.domain.records import Contract
from optimiser.domain.words import MINUTES_PER_HOUR_4W

Json = dict[str, Any]
OF_CARE = (
    "package_id", "area_id", "latitude", "longitude", "hours_per_week", "visits_per_week", "workers", "skills", "start_by",
    "worker_gender", "worker_languages", "formats", "language", "care_started", "first_visit_at", "held_until", "round_id",
)  # fmt: skip
OF_VISITS = ("visit_id", "days", "earliest_start", "latest_start", "duration_minutes", "workers", "needs")
OF_CONTRACTS = (
    "contract_id", "tier", "area_id", "service", "starts", "ends", "extension_until", "max_hours_4w", "guarantee",
    "billing_increment_minutes", "notice_days", "rate_band_1", "rate_band_2", "rate_band_3",
)  # fmt: skip


def own_packages(state: State, provider_id: str) -> list[str]:
    """The packages whose care the provider delivers, or that were placed with it and have not begun; by id."""
    county = state.county
    contracts = (index for index, record in enumerate(county.contracts) if record.provider_id == provider_id)
    return sorted(county.packages[package].package_id for index in contracts for package in state.entry.on.get(index, ()))


def care_body(state: State, package_id: str) -> bytes:
    """The care of one person with the provider."""
    key = ("own care", package_id)
    if key not in state.bodies:
        state.bodies[key] = orjson.dumps(_care_json(state, package_id))
    return state.bodies[key]


def _care_json(state: State, package_id: str) -> Json:
    county = state.county
    package = county.package_index[package_id]
    on = int(county.running_on[package])
    contract = on if on != NOWHERE else county.offers_in_force.accepted[package_id]
    cells = record_json("packages", state.stock["packages"][package_id].body)
    standing = "to_begin" if on == NOWHERE else "running" if county.packages[package].held_until is None else "on_hold"
    visits = (record_json("visits", state.stock["visits"][each].body) for each in visits_of(state, package_id))
    told: Json = {"standing": standing, "contract_id": county.contracts[contract].contract_id}
    return (
        told | {name: cells[name] for name in OF_CARE} | {"visits": [{name: each[name] for name in OF_VISITS} for each in visits]}
    )


def contract_json(state: State, contract_id: str) -> Json:
    """One of the provider's contracts: what it may deliver, what it does, and what its own offers hold; hours in four weeks."""
    county = state.county
    contract = county.contract_index[contract_id]
    record: Contract = county.contracts[contract]
    cells = record_json("contracts", state.stock["contracts"][contract_id].body)
    people = state.entry.on.get(contract, ())
    running = [each for each in people if county.running_on[each] != NOWHERE]
    to_begin = [each for each in people if county.running_on[each] == NOWHERE]
    # Of its own offers alone: what a stay in hospital keeps free ends by what others say.
    asked = [
        county.package_index[each.record.package_id]
        for each in state.stock["offers"].values()
        if each.record.contract_id == contract_id and not each.record.response
    ]
    care, guaranteed = state.guaranteed.get(contract, (None, None))
    rates = sorted((each for each in state.snapshot.rates if each.contract_id == contract_id), key=lambda each: each.starts)
    return {name: cells[name] for name in OF_CONTRACTS} | {
        "is_current": record.in_force(state.as_of),
        "people": len(running),
        "running_hours_4w": _hours(state, running),
        "to_begin_hours_4w": _hours(state, to_begin),
        "held_hours_4w": _hours(state, asked),
        "guaranteed_weekly_gbp": None if guaranteed is None else round(guaranteed / 100, 2),
        "care_weekly_gbp": None if care is None else round(care / 100, 2),
        "prices_from": [
            {"starts": each.starts.isoformat(), "rates_gbp": [pence / 100 for pence in each.rates_pence]} for each in rates
        ],
    }


def _hours(state: State, packages: list[int]) -> float:
    minutes = sum(state.county.packages[each].minutes_per_week for each in packages)
    return float(Fraction(minutes, MINUTES_PER_HOUR_4W))


def people_in(state: State, round_id: str) -> tuple[str, ...]:
    """The packages in a round, by id."""
    return state.once("people_by_round", lambda: _people_by_round(state)).get(round_id, ())


def _people_by_round(state: State) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in state.county.packages:
        if each.round_id:
            found[each.round_id].append(each.package_id)
    return {round_id: tuple(sorted(members)) for round_id, members in found.items()}


def round_json(state: State, round_id: str, told: Collection[str]) -> Json:
    """One of the provider's rounds: its staff, and whose care is in it, of those of whom the trail has it that they are told."""
    cells = record_json("rounds", state.stock["rounds"][round_id].body)
    members = [each for each in people_in(state, round_id) if each in told]
    names = ("round_id", "area_id", "staff", "staff_hours_per_week")
    return {name: cells[name] for name in names} | {"package_ids": members}
