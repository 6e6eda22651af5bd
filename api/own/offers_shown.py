"""An offer as its provider reads it: while it may be answered, what the broadcast says; once it may not, that it is closed.

Nothing here may differ by what another provider has said, whom the person does not want, who is protected, or why something was
decided: only the state of the provider's own offer counts. So of an offer that is no longer needed not even the moment is told,
as it is that of somebody else's answer.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import orjson

from api.http.responses import tag_of
from api.incentives.fast_start import fast_start_json
from api.offers.broadcast import broadcast, numbered
from api.offers.going_together import has_agreed
from api.offers.lapsing import expires_at
from api.offers.own_yes import said_in
from api.offers.recording import LATE_AFTER
from api.settings import Settings
from api.state.state import State
from api.state.stored_records import Stored
from optimiser.domain.dates import wall_clock

if TYPE_CHECKING:
    from optimiser.geography.postcodes.index import PostcodeIndex

Json = dict[str, Any]
OPEN, SAID_YES, TIME_OVER = "open", "said_yes", "time_over"
ACCEPTED, SAID_NO, NOT_NEEDED = "accepted", "said_no", "no_longer_needed"
WAITING = (OPEN, SAID_YES)
STANDINGS = (OPEN, SAID_YES, ACCEPTED, SAID_NO, TIME_OVER, NOT_NEEDED)
_OF_RESPONSES = {"accepted": ACCEPTED, "declined": SAID_NO, "expired": TIME_OVER, "withdrawn": NOT_NEEDED}
NOT_TOLD_BEFORE = ("contract_id", "place", "offer_id")
"""What stands in an offer beside the broadcast already, or only once it is accepted."""

EARNS = "fast_start"


def tag_of_offer(told: Json) -> str:
    """The tag of what an answer is about: what a fast start earns runs out by the clock, and no answer is refused for it."""
    return tag_of(orjson.dumps({name: said for name, said in told.items() if name != EARNS}))


def standing_of(state: State, stored: Stored, settings: Settings) -> str:
    """Out of ``STANDINGS``."""
    if stored.record.response:
        return _OF_RESPONSES[stored.record.response]
    if said_in(stored) is not None or has_agreed(stored):
        return SAID_YES
    return OPEN if settings.clock.moment() < expires_at(state, stored, settings) else TIME_OVER


def offer_json(state: State, stored: Stored, settings: Settings, postcodes: PostcodeIndex | None) -> Json:
    """One of a provider's own offers."""
    record, standing = stored.record, standing_of(state, stored, settings)
    waits = standing in WAITING
    told: Json = {
        "offer_id": record.offer_id,
        "contract_id": record.contract_id,
        "standing": standing,
        "offered_at": record.offered_at.isoformat(),
        "answer_by": wall_clock(expires_at(state, stored, settings)).isoformat() if standing == OPEN else None,
        "asked_with": sorted(stored.body.get("asked_with", ())) if waits else [],
        "own_answer": _own_answer(state, stored, standing),
        "late_after": _late_after(stored, standing),
        "care": None,
        "place": None,
        EARNS: [],
    }
    if waits or standing == ACCEPTED:
        care = broadcast(state, record.offer_id, postcodes)
        told["place"] = care["place"]
        told["care"] = {name: care[name] for name in care if name not in NOT_TOLD_BEFORE}
        told[EARNS] = fast_start_json(state, state.county.package_index[record.package_id], settings.clock.moment())
    return told


def _late_after(stored: Stored, standing: str) -> str | None:
    """When the time to answer was over, of an offer that the council has taken a late answer to."""
    over = stored.body.get(LATE_AFTER)
    if over is None or standing == NOT_NEEDED:
        return None
    return wall_clock(dt.datetime.fromisoformat(over)).isoformat()


def _own_answer(state: State, stored: Stored, standing: str) -> Json | None:
    """What the provider itself has said, by whom and when; of an offer that is no longer needed nothing."""
    body: Json = dict.fromkeys(("answer", "said_by", "said_at", "reason", "from_day", "message")) | {"visits": [], "days": {}}
    said = said_in(stored)
    if said is not None:
        numbers = {each: number for number, each in enumerate(visit_ids(state, stored), 1)}
        body |= {"answer": said["answer"], "said_by": said["said_by"] or None, "said_at": said["said_at"]}
        body |= {name: said.get(name) for name in ("from_day", "message", "reason")}
        body |= {"days": {str(numbers[each]): days for each, days in said.get("days", {}).items() if each in numbers}}
        return body | {"visits": sorted(numbers[each] for each in said.get("visits", ()) if each in numbers)}
    if standing in (SAID_NO, ACCEPTED) or has_agreed(stored):
        by, at = stored.body.get("answered_by") or None, stored.record.responded_at
        agreed = stored.body.get("agreed_at") if at is None else None
        return body | {
            "answer": "no" if standing == SAID_NO else "yes",
            "said_by": by,
            "said_at": agreed or (at and at.isoformat()),
            "reason": stored.record.reason or None,
        }
    return None


def visit_ids(state: State, stored: Stored) -> list[str]:
    """The visits of an offer's care by the numbers that the broadcast gives them, from 1 on."""
    return [each.visit_id for each in numbered(state, stored.record.package_id)]
