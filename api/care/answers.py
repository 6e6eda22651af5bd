"""Where a package stands, and alerts, as they are answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.care.schemas import Alert, Situation
from api.offers.alerts import SENTENCES
from api.state.state import State


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


def situation_of(state: State, package: int) -> str:
    """``waiting``, ``accepted`` (care has not begun), ``running`` or ``on_hold``."""
    person = state.county.packages[package]
    if person.status == "active":
        return "running" if person.held_until is None else "on_hold"
    return "accepted" if person.package_id in state.county.offers_in_force.accepted else "waiting"


def alert_of(body: dict[str, Any]) -> Alert:
    moments = {name: body[name] and dt.datetime.fromisoformat(body[name]) for name in ("at", "acknowledged_at")}
    return Alert(**{**body, **moments, "sentence": SENTENCES[body["kind"]]})
