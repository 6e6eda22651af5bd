"""The onward request after enhanced home support: a draft of what is known, and the ordinary request that it becomes once a named
person confirms it.
"""

from __future__ import annotations

from typing import Any

from api.care.ending import bodies_anew, open_anew
from api.http.conversion import record_json
from api.packages.answers import visits_of
from api.packages.schemas import NewPackage
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import CALL_OFF_ID, ENHANCED_SUPPORT, Body
from optimiser.domain.dates import wall_clock
from optimiser.io.record_cells import EXTRA
from optimiser.judging.enhanced_support import Support

NOT_OF_THE_NEED = ("service", CALL_OFF_ID)
"""What belonged to the support, beside what belongs to all care that has begun: onward care is home care of its own."""
NOT_IN_A_DRAFT = ("previous_contract_id", "held_until", "requested_at", "transfer_decision", "postcode")


def start_of(state: State, support: Support) -> str:
    """When onward care has to begin: on the day on which the support ends, or today where it runs on."""
    ends = None if support.ends_at is None else wall_clock(support.ends_at).date()
    return (state.as_of if ends is None else max(ends, state.as_of)).isoformat()


def draft_json(state: State, package_id: str, start_by: str) -> dict[str, Any]:
    """What would be asked for, as a new request has it."""
    written = bodies_anew(*_known(state, package_id), package_id, start_by, NOT_OF_THE_NEED)
    told = record_json("packages", written["packages", package_id])
    visits = [record_json("visits", body) for (kind, _), body in written.items() if kind == "visits"]
    names = [name for name in NewPackage.model_fields if name not in ("package_id", "visits", "extra", *NOT_IN_A_DRAFT)]
    kept = ("days", "earliest_start", "latest_start", "duration_minutes", "workers")
    return {name: told[name] for name in names} | {"visits": [{name: each[name] for name in kept} for each in visits]}


def open_onward(change: Change, package_id: str, cells: dict[str, str]) -> str:
    """The draft becomes an ordinary request inside a change; its id. ``cells``: what a named person says otherwise."""
    package, visits = _known(change.as_if(), package_id)
    start_by = cells.pop("start_by")
    return open_anew(change, package | cells, visits, start_by, NOT_OF_THE_NEED, {"onward_of": package_id})


def onward_request(state: State, package_id: str) -> str | None:
    """The onward request that was opened and is still there."""
    stored = state.get(ENHANCED_SUPPORT, package_id)
    opened = [] if stored is None else [each["onward_package_id"] for each in stored.body["answers"]]
    return next((each for each in reversed(opened) if each is not None and state.get("packages", each) is not None), None)


def onward_of(state: State) -> dict[str, str]:
    """Per package id of an onward request that is there that of the support which it follows."""
    support = state.stock[ENHANCED_SUPPORT]
    found = ((onward_request(state, package_id), package_id) for package_id in sorted(support))
    return {onward: package_id for onward, package_id in found if onward is not None}


def _known(state: State, package_id: str) -> tuple[Body, list[Body]]:
    """The package and its visits, without the council's own columns: such as the line of the support in its accounts."""
    visits = [_without_own(state.stock["visits"][each].body) for each in visits_of(state, package_id)]
    return _without_own(state.stock["packages"][package_id].body), visits


def _without_own(body: Body) -> Body:
    return {name: body[name] for name in body if name != EXTRA}
