"""A provider answers its own offer: yes, no, yes from a later day, or what of it it would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.http.errors import Problem, declare
from api.offers.alerts import alert
from api.offers.asking import packages_of
from api.offers.going_together import has_agreed
from api.offers.lapsing import yeses_put_forward
from api.offers.own_yes import LATER, PART, OwnYes, hear
from api.offers.recording import Given, record_answer
from api.own.offers_shown import NOT_NEEDED, TIME_OVER, WAITING, standing_of, visit_ids
from api.own.schemas import NewOwnAnswer
from api.part_answers.dividing_offers import refuse_to_divide
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored

if TYPE_CHECKING:
    import datetime as dt

OFFER_CLOSED = declare("offer_closed", 409, "The offer cannot be answered any more")
NO_SUCH_VISIT = declare("no_such_visit", 422, "The care that is asked for has no visit of this number")
NOT_LATER = declare("not_later", 422, "A later day has to be one after the day by which care is to begin")
CLOSED = "This offer is no longer needed."
TOO_LATE = "The time to answer this offer is over. Ring the council: it may still take your answer, or ask you again."
DONE_ALREADY = "You have answered this offer already."
PORTAL = "portal"


def answer_inside(change: Change, state: State, settings: Settings, stored: Stored, given: NewOwnAnswer, name: str) -> bool:
    """Record what a provider says inside a change, in the name of its person; False where it says the same again.

    ``state``: as the change has it so far. Raises a problem, having written nothing.
    """
    standing = standing_of(state, stored, settings)
    if standing not in WAITING or has_agreed(stored):
        if given.answer == "no" and (stored.record.response, stored.record.reason) == ("declined", given.reason):
            return False
        closed = {TIME_OVER: TOO_LATE, NOT_NEEDED: CLOSED}
        raise Problem(OFFER_CLOSED, closed.get(standing, DONE_ALREADY), standing=standing)
    if given.answer == "no":
        said = Given("declined", given.reason or "", answered_by=name, how=PORTAL)
        done = record_answer(change, state, settings, stored.record.offer_id, said)
        _alert(change, state, stored)
        return done
    yes = _yes(state, stored, given, name)
    before = stored.body.get("said", {})
    if before and yes.told == {each: before[each] for each in before if each != "said_at"}:
        return False
    hear(change, state, settings, stored, yes)
    _alert(change, state, stored)
    return True


def _alert(change: Change, state: State, stored: Stored) -> None:
    """Tell the planners whose turn has come by an answer: nobody's but of those whom it is about."""
    for occasion in yeses_put_forward(change.as_if(), packages_of(state, stored)):
        alert(change, occasion)


def _yes(state: State, stored: Stored, given: NewOwnAnswer, name: str) -> OwnYes:
    message, from_day = given.message or "", ""
    visits: list[str] = []
    if given.answer == LATER and given.from_day is not None:
        _refuse_unless_later(state, stored, given.from_day)
        from_day = given.from_day.isoformat()
    if given.answer == PART:
        refuse_to_divide(state, stored)  # what no planner could take up is not heard as if one could
        known = visit_ids(state, stored)
        unknown = [number for number in given.visits if number > len(known)]
        if unknown:
            told = f"It has {len(known)}; say of all others what you would do in the message."
            raise Problem(NO_SUCH_VISIT, told, visits=unknown)
        visits = [known[number - 1] for number in sorted(set(given.visits))]
    return OwnYes(given.answer, name, PORTAL, from_day, visits, message=message)


def _refuse_unless_later(state: State, stored: Stored, day: dt.date) -> None:
    person = state.county.packages[state.county.package_index[stored.record.package_id]]
    first = person.start_by if person.start_by is not None and person.start_by > state.as_of else state.as_of
    if day <= first:
        raise Problem(NOT_LATER, "If you can begin by the day that is asked for, say yes.")
