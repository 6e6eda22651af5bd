"""By when an offer is to be answered, moved by a named person for a reason; and an answer that comes after its time.

An offer whose time is over may still be answered where a planner says so: while nobody has accepted, where nobody who was asked
since is cut short, and as the last in the queue for hours. What the trail says of its expiry stays.
"""

from __future__ import annotations

import datetime as dt

from api.http.errors import Problem, declare
from api.offers.asking import waiting_with
from api.offers.going_together import step_of
from api.offers.own_yes import is_gathered, said_in
from api.offers.problems import ALREADY_ANSWERED, ANSWERS_FOR_MOVES, refuse_new_care
from api.offers.recording import LATE_AFTER
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from optimiser.county import NOWHERE
from optimiser.domain.dates import instant_of

TIME_IS_PAST = declare("time_is_past", 422, "The new moment by which an offer is to be answered has to lie ahead")
OTHERS_WAIT = declare("others_wait", 409, "Others have been asked since, and may still answer")
NOT_FOR_MOVES = declare("not_for_moves", 409, "Of care that runs an offer whose time is over is not answered late")


def move_answer_by(change: Change, state: State, settings: Settings, stored: Stored, until: dt.datetime, reason: str) -> None:
    """Extend or shorten the time of an offer that waits, with those of its bundle. ``until``: London's wall clock."""
    refuse_new_care(change.actor, state, stored.record.package_id, ANSWERS_FOR_MOVES)
    if stored.record.response:
        raise Problem(ALREADY_ANSWERED, "Its time is over, or it was answered.", response=stored.record.response)
    due = instant_of(until)
    if due <= settings.clock.moment():
        raise Problem(TIME_IS_PAST, "To end an offer now, withdraw it.")
    for each in (stored, *waiting_with(state, stored)):
        offer_id, moved = each.record.offer_id, {"expires_at": due.isoformat(), "answer_by_reason": reason}
        change.put("offers", offer_id, each.body | moved)
        told = {"offer_id": offer_id, "before": each.body.get("expires_at"), "after": moved["expires_at"], "reason": reason}
        change.remember("offer.answer_by_moved", "packages", each.record.package_id, told)


def reopen_late(change: Change, state: State, stored: Stored, *, prefers: bool) -> State:
    """An offer that has expired waits again, so that the answer that has come after all is judged as any other; the state then.

    ``prefers``: the person would rather have this provider than wait for others. Raises a problem.
    """
    refuse_new_care(change.actor, state, stored.record.package_id, ANSWERS_FOR_MOVES)
    package_id = stored.record.package_id
    if step_of(stored) is not None or state.county.running_on[state.county.package_index[package_id]] != NOWHERE:
        raise Problem(NOT_FOR_MOVES, "A move rests on who was asked together, and on a decision: ask again.")
    others = [each for each in state.offers_of.get(package_id, ()) if not each.response]
    waits_for = is_gathered(state, package_id) or any(
        said_in(state.stock["offers"][each.offer_id]) is not None for each in others
    )
    if others and waits_for and not prefers:
        told = "They were asked rightly, and are not cut short: wait for them, or withdraw their offers."
        raise Problem(OTHERS_WAIT, f"{told} If the person prefers this provider, say so in person_prefers.")
    for each in (stored, *_expired_with(state, stored)):
        offer_id, over = each.record.offer_id, instant_of(each.record.responded_at or each.record.offered_at).isoformat()
        again = {"responded_at": "", "response": "", "reason": "", LATE_AFTER: over}
        change.put("offers", offer_id, each.body | again)
        entry = {"offer_id": offer_id, "expired_at": over}
        change.remember("offer.answered_late", "packages", each.record.package_id, entry)
    return change.as_if()


def _expired_with(state: State, stored: Stored) -> list[Stored]:
    """The others of its bundle, which expired with it."""
    found = (state.get("offers", offer_id) for offer_id in stored.body.get("asked_with", ()))
    return [each for each in found if each is not None and each.record.response == "expired"]
