"""Offers, situations and alerts of a state as answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.care.alerts import SENTENCES
from api.care.schemas import Alert, Situation
from api.cascade.answers import situation_of
from api.offers.lapsing import expires_at
from api.offers.schemas import Offer
from api.offers.windows import wall_clock
from api.settings import Settings
from api.state.records import Stored
from api.state.state import State


def offer_of(state: State, stored: Stored, settings: Settings) -> Offer:
    record, body = stored.record, stored.body
    contract = state.stock["contracts"][record.contract_id].record
    person = state.stock["packages"][record.package_id].record
    return Offer(
        offer_id=record.offer_id,
        package_id=record.package_id,
        contract_id=record.contract_id,
        provider_id=contract.provider_id,
        tier=contract.tier,
        hours_per_week=person.minutes_per_week / 60,
        offered_at=record.offered_at,
        expires_at=wall_clock(expires_at(state, stored, settings)),
        responded_at=record.responded_at,
        response=record.response or None,
        reason=record.reason or None,
        step=body.get("step") or None,
        out_of_order_reason=body.get("out_of_order_reason") or None,
        decision_reference=body.get("decision_reference") or None,
    )


def situation(state: State, package_id: str) -> Situation:
    """Where a package stands; ended where it is no more."""
    stored = state.get("packages", package_id)
    if stored is None:
        return Situation(package_id=package_id, situation="ended", contract_id=None, care_started=None, held_until=None)
    package = state.county.package_index[package_id]
    now_on = state.entry.contracts[package]
    return Situation(
        package_id=package_id,
        situation=situation_of(state, package),  # type: ignore[arg-type]
        contract_id=None if now_on is None else state.county.contracts[now_on].contract_id,
        care_started=stored.record.care_started,
        held_until=stored.record.held_until,
    )


def alert_of(body: dict[str, Any]) -> Alert:
    moments = {name: body[name] and dt.datetime.fromisoformat(body[name]) for name in ("at", "acknowledged_at")}
    return Alert(**{**body, **moments, "sentence": SENTENCES[body["kind"]]})
