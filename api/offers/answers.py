"""Offers as they are answered."""

from __future__ import annotations

from api.offers.going_together import others_waiting
from api.offers.lapsing import expires_at
from api.offers.schemas import Offer
from api.offers.windows import wall_clock
from api.settings import Settings
from api.state.state import State
from api.state.stored_records import Stored


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
        agreed_at=body.get("agreed_at") or None,
        goes_ahead_with=[] if record.response else [each.record.offer_id for each in others_waiting(state, stored)],
    )
