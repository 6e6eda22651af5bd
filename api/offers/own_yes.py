"""A provider's yes that is heard and not placed yet: it holds the hours, and no more. A named planner places; then the person's
answer is recorded. It was said by the provider itself, or is typed in by a planner: both are treated alike.

An offer with a yes waits on and does not expire. Whose yes is put forward to be placed: of what cannot wait (urgent, discharge)
the first, at once; of all else, once nobody who was asked may still answer, the first in the published order, so that nobody
wins by being awake at night. A yes from a later day than was asked for comes after those that can begin in time; a yes to part
of the visits is a message, and is put forward to be divided where there is no yes to all of it. Whom the person prefers of those
who have said yes goes before everybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.http.errors import Problem, declare
from api.offers.asking import waiting_with
from api.offers.eligibility import in_turn
from api.offers.going_together import step_of
from api.offers.windows import CLOCK_HOURS
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from optimiser.county import NOWHERE

STILL_GATHERING = declare("still_gathering", 409, "Others who were asked may still answer: their answers are gathered first")
OUT_OF_TURN = declare("out_of_turn", 409, "Another provider that has said yes comes first in the published order")
SAID = "said"
"""Under this name an offer's body holds what its provider has said that is neither a no nor a placing: see ``OwnYes.told``."""
YES, LATER, PART = "yes", "later", "part"
_Turn = tuple[int, str, str]


@dataclass(frozen=True)
class OwnYes:
    """What a provider says. ``from_day``: of a later yes; ``visits``: of a part those that it would do, as ``visit_id``, and
    ``days`` of those of them that it would not do on all of theirs.
    """

    answer: str
    by: str
    """Who at the provider."""
    how: str = "portal"
    from_day: str = ""
    visits: list[str] = field(default_factory=list)
    days: dict[str, list[str]] = field(default_factory=dict)
    reason: str = ""
    """Of a part that a planner writes down: why not the rest."""
    message: str = ""
    typed: bool = False
    """Whether a planner has written it down, as the provider said it some other way."""

    @property
    def told(self) -> dict[str, Any]:
        """As it is stored, as far as there is anything."""
        named = {"from_day": self.from_day, "visits": self.visits, "message": self.message, "typed": self.typed}
        named |= {"days": self.days, "reason": self.reason}
        return {"answer": self.answer, "said_by": self.by, "how": self.how} | {name: each for name, each in named.items() if each}


def said_in(stored: Stored) -> Mapping[str, Any] | None:
    """What the provider of an offer that waits has said; None: nothing yet, or the offer waits no more."""
    return None if stored.record.response else stored.body.get(SAID)


def hear(change: Change, state: State, settings: Settings, stored: Stored, yes: OwnYes) -> None:
    """Write down a yes, for each offer of a bundle that was asked as one. What was said before it counts no more."""
    at = max(settings.clock.now(), stored.record.offered_at).isoformat()
    for each in (stored, *waiting_with(state, stored)):
        said = yes.told | {"said_at": at}
        change.put("offers", each.record.offer_id, each.body | {SAID: said})
        told = {"offer_id": each.record.offer_id, "contract_id": each.record.contract_id, **said}
        change.remember("offer.said_yes", "packages", each.record.package_id, told)


def is_gathered(state: State, package_id: str) -> bool:
    """Whether answers about a package are gathered first, rather than the first yes put forward."""
    return state.county.packages[state.county.package_index[package_id]].priority not in CLOCK_HOURS


def is_typed(stored: Stored) -> bool:
    """Whether a waiting offer has a yes that a planner has written down."""
    return bool((said_in(stored) or {}).get("typed"))


def put_forward(state: State, package_id: str, *, also: str = "", answer: str = YES) -> str | None:
    """The offer whose yes is to be placed next; None: nobody has said yes, or others may still answer.

    ``also``: an offer whose yes is only now being told; ``answer``: what of it.
    """
    waiting = [state.stock["offers"][each.offer_id] for each in state.offers_of.get(package_id, ()) if not each.response]
    said = [each for each in waiting if said_in(each) is not None or each.record.offer_id == also]
    others_may_answer = len(said) < len(waiting)
    if not said or (others_may_answer and is_gathered(state, package_id)):
        return None
    kinds = _kinds(state, package_id, said, answer)
    foremost = [each for each in said if kinds[each.record.offer_id] == min(kinds.values())]
    if others_may_answer and min(kinds.values()) > 0:
        return None
    turns = _turns(state, package_id, foremost)
    return str(min(foremost, key=lambda each: turns[each.record.offer_id]).record.offer_id)


def _kinds(state: State, package_id: str, said: list[Stored], answer: str) -> dict[str, int]:
    """Per offer with a yes: in time before later before part. ``answer``: of the one whose yes is only now being told."""
    start_by = state.county.packages[state.county.package_index[package_id]].start_by
    return {each.record.offer_id: _kind_of(each.body.get(SAID, {"answer": answer}), start_by) for each in said}


def _turns(state: State, package_id: str, said: list[Stored]) -> dict[str, _Turn]:
    """Per offer with a yes of one kind its turn: by the published order, or by the moment where none waits.

    The order is dear to work out, and this is asked of everybody at every change: of one alone it is not.
    """
    if len(said) == 1:
        return {said[0].record.offer_id: (0, "", "")}
    package = state.county.package_index[package_id]
    contract_index = state.county.contract_index
    found = in_turn(state, package, (contract_index[each.record.contract_id] for each in said))
    order = {contract: place for place, contract in enumerate(found)}
    gathered, turns = is_gathered(state, package_id), {}
    for each in said:
        place = order.get(contract_index[each.record.contract_id], len(order))
        first = (place, "") if gathered else (0, each.body.get(SAID, {}).get("said_at", "~"))
        turns[each.record.offer_id] = (*first, f"{place:06}{each.record.offer_id}")
    return turns


def _kind_of(told: Mapping[str, Any], start_by: dt.date | None) -> int:
    """0: all of it, in time; 1: all of it, from a later day; 2: some of it."""
    if told.get("answer") == PART:
        return 2
    in_time = told.get("answer") != LATER or (start_by is not None and told["from_day"] <= start_by.isoformat())
    return 0 if in_time else 1


def waits_for_its_turn(state: State, stored: Stored, answer: str = YES) -> bool:
    """Whether a yes to an offer, told only now by a planner, is gathered: the care can wait, and its turn has not come.

    ``answer``: to all of it or to a part. Not so of care that runs, which moves by a decision and is offered to nobody else.
    """
    package_id = stored.record.package_id
    if step_of(stored) is not None or state.county.running_on[state.county.package_index[package_id]] != NOWHERE:
        return False
    offer_id = stored.record.offer_id
    return is_gathered(state, package_id) and put_forward(state, package_id, also=offer_id, answer=answer) != offer_id


def refuse_out_of_turn(state: State, stored: Stored, person_prefers: str, *, answer: str = YES, gathers: bool = False) -> None:
    """Raises a problem where a yes is placed before its turn.

    ``person_prefers``: why the person would rather have this one; "" where nobody has said so. ``answer``: to all of it or to
    a part. ``gathers``: answers of care that can wait are gathered whoever tells them; else the first that a planner records
    is taken where none is heard yet.
    """
    package_id, offer_id = stored.record.package_id, stored.record.offer_id
    offers = (state.stock["offers"][each.offer_id] for each in state.offers_of.get(package_id, ()))
    heard = (gathers and is_gathered(state, package_id)) or any(said_in(each) is not None for each in offers)
    if person_prefers or not heard:
        return
    front = put_forward(state, package_id, also=offer_id, answer=answer)
    if front is None:
        told = "Answers are gathered until everybody has answered or their time is over, then taken in the published order."
        raise Problem(STILL_GATHERING, f"{told} If the person prefers this provider, say so in person_prefers.")
    if front != offer_id:
        first = state.stock["offers"][front].record.contract_id
        raise Problem(OUT_OF_TURN, "If the person prefers this provider, say so in person_prefers.", contract_id=first)
