"""Which requests of people about their data are open, and which of them are late."""

from __future__ import annotations

from collections.abc import Iterator

from api.offers.alerts import RIGHTS_REQUEST_LATE, Occasion
from api.state.state import State
from api.state.stored_records import RIGHTS, Body


def requests_of(state: State, package_id: str) -> list[Body]:
    """What one person has asked, the earliest first."""
    found = [stored.body for stored in state.stock[RIGHTS].values() if stored.body["package_id"] == package_id]
    return sorted(found, key=lambda body: (body["recorded_at"], body["request_id"]))


def open_objections(state: State, package_id: str) -> list[Body]:
    """What they object to that nobody has decided about yet."""
    return [body for body in requests_of(state, package_id) if body["kind"] == "objection" and body["outcome"] is None]


def late_requests(state: State) -> Iterator[Occasion]:
    """Those whose day for an answer has passed, not yet alerted."""
    for request_id, stored in state.stock[RIGHTS].items():
        body = stored.body
        if body["outcome"] is None and body["answer_by"] < state.as_of.isoformat():
            occasion = Occasion(RIGHTS_REQUEST_LATE, body["package_id"], request_id)
            if occasion.alert_id not in state.stock["alerts"]:
                yield occasion
