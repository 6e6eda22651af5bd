"""A proposal as an offer, waiting for an answer or agreed already."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from api.state import State
from api.storage.store import Change


@dataclass(frozen=True)
class Deed:
    """What is to be done with proposals. ``accepted``: agreed already, with the evidence for it."""

    accepted: bool = False
    evidence: str = ""
    decisions: Mapping[str, str] = field(default_factory=dict)
    """Per package whose care runs: where the social work decision is recorded."""


def offers_of_run(state: State, run_id: str) -> dict[tuple[str, str], str]:
    """The offers that a run's proposals became already and that still stand, by package and contract."""
    return {
        (stored.body["package_id"], stored.body["contract_id"]): offer_id
        for offer_id, stored in state.stock["offers"].items()
        if stored.body.get("run_id") == run_id and stored.body["response"] in ("", "accepted")
    }


def new_offer_id() -> str:
    return f"O-{secrets.token_hex(8)}"


def write_offer(change: Change, offer_id: str, package_id: str, contract_id: str, run_id: str, deed: Deed) -> None:
    """Write the offer and remember it. Whoever calls has judged it."""
    now = change.clock.now().isoformat()
    body = {
        "offer_id": offer_id,
        "package_id": package_id,
        "contract_id": contract_id,
        "offered_at": now,
        "responded_at": now if deed.accepted else "",
        "response": "accepted" if deed.accepted else "",
        "reason": "",
        "out_of_order_reason": f"proposed by run {run_id}",
        "decision_reference": deed.decisions.get(package_id, ""),
        "evidence": deed.evidence,
        "run_id": run_id,
    }
    change.put("offers", offer_id, body)
    change.remember("offer.accepted" if deed.accepted else "offer.made", "packages", package_id, body)
