"""Decisions that were made on needs that are no longer so count no more."""

from __future__ import annotations

from api.state.store import Change


def lapse_decisions(change: Change, package_id: str) -> None:
    """A person's needs have changed: their decisions end today. One of today has never counted a day, and is taken out."""
    today = change.state.as_of
    for decision_id, stored in sorted(change.state.stock["decisions"].items()):
        decision = stored.record
        if decision.package_id != package_id or decision.valid_to <= today:
            continue
        begun = decision.decided_on < today
        if begun:
            change.put("decisions", decision_id, stored.body | {"valid_to": today.isoformat()})
        else:
            change.remove("decisions", decision_id)
        told = {"before": stored.body, "after": {"valid_to": today.isoformat()} if begun else {}, "because": "needs have changed"}
        change.remember("decision.lapse", "packages", package_id, told)
