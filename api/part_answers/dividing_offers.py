"""A provider says yes to some visits alone: in one transaction the package is divided, and the part is the provider's.

The part is judged by every rule as any yes is, at the place in the queue that the offer has had. Told before its turn, where
answers are gathered, it is kept as a yes to all of it is, and the care is divided once its turn has come. Whoever else was asked
was asked for all of the care, which is there no more: those offers are withdrawn, and the rest is asked for anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from api.http.errors import Problem
from api.http.responses import refuse_changed, tag
from api.offers.alerts import alert, look_at_put_forward
from api.offers.asking import packages_of
from api.offers.eligibility import asked_with
from api.offers.going_together import step_of
from api.offers.lapsing import step_on, yeses_put_forward
from api.offers.own_yes import PART, SAID, OwnYes, refuse_out_of_turn, waits_for_its_turn
from api.offers.problems import ALREADY_ANSWERED, NOT_IN_THIS_STATE
from api.offers.recording import Given, accept, close_offer, gather_part
from api.packages.answers import visits_of
from api.packages.dividing import NOT_DIVISIBLE, Portion, Share, divide, refuse_unfit
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from optimiser.io.record_cells import EXTRA

PART_TAKEN = "another provider takes some of its visits: the rest is asked for anew"


def accept_in_part(
    change: Change,
    state: State,
    settings: Settings,
    offer_id: str,
    taken: Sequence[Share],
    given: Given,
    if_match: str | None = None,
) -> str:
    """Record a yes to some visits inside a change; the id of the part's own offer, accepted. Where answers are gathered and its
    turn has not come the yes is kept, and it is the id of the offer itself. ``state``: as the change has it.

    ``given``: an acceptance, with the ``reason`` for which the provider says no to the rest. Raises a problem, or
    ``InputRefusedError``; then nothing is written.
    """
    stored = state.get("offers", offer_id)
    if stored is None:
        raise Problem("not_found", "There is no offer of this id.")
    offer = stored.record
    if offer.response:
        over = "Its time is over. If the provider answers all the same, send the answer with late."
        raise Problem(ALREADY_ANSWERED, over if offer.response == "expired" else "Read it again.", response=offer.response)
    refuse_changed(if_match, tag(stored.version))
    refuse_to_divide(state, stored)
    if given.gathers and not given.person_prefers and waits_for_its_turn(state, stored, PART):
        _gather(change, state, settings, stored, taken, given)
        return offer_id
    refuse_out_of_turn(state, stored, given.person_prefers, answer=PART, gathers=given.gathers)
    given = given.as_said(stored)
    # First all offers end: a package that anybody is still asked for is not divided.
    close_offer(change, settings, stored, replace(given, response="declined", person_prefers=""))
    look_at_put_forward(change, state, offer.package_id)
    for other in state.stock["offers"].values():
        if other.record.package_id == offer.package_id and other.record.offer_id != offer_id and not other.record.response:
            close_offer(change, settings, other, Given("withdrawn", PART_TAKEN))
    part_id = divide(change, offer.package_id, Portion(taken), settings.double_assist_service, settings.clock.now().isoformat())
    own_id = f"O-{secrets.token_hex(8)}"
    # When it was asked and by which step; what was said of the whole is said no more.
    asked = {name: value for name, value in stored.body.items() if name not in (EXTRA, SAID)}
    change.put("offers", own_id, asked | {"offer_id": own_id, "package_id": part_id})
    after = change.as_if()
    accept(change, after, settings, after.stock["offers"][own_id], replace(given, reason=""))
    told = {
        "offer_id": offer_id,
        "contract_id": offer.contract_id,
        "visits": [{"visit_id": share.visit_id, "days": [*share.days]} for share in taken],
        "part": part_id,
        "part_offer_id": own_id,
        **given.told,
    }
    change.remember("offer.accepted_in_part", "packages", offer.package_id, told)
    step_on(change, settings, [offer.package_id])
    return own_id


def _gather(change: Change, state: State, settings: Settings, stored: Stored, taken: Sequence[Share], given: Given) -> None:
    """Keep it until its turn, with the days that were named. Whose turn comes by it is alerted."""
    package = state.county.packages[state.county.package_index[stored.record.package_id]]
    refuse_unfit(state, package, Portion(taken), settings.double_assist_service)
    days = {share.visit_id: [*share.days] for share in taken if share.days}
    visits = [share.visit_id for share in taken]
    gather_part(
        change,
        state,
        settings,
        stored,
        given,
        OwnYes(PART, given.answered_by, given.how, visits=visits, days=days, reason=given.reason, typed=True),
    )
    for occasion in yeses_put_forward(change.as_if(), packages_of(state, stored)):
        alert(change, occasion)


def refuse_to_divide(state: State, stored: Stored) -> None:
    """Raises the problem ``not_in_this_state`` or ``not_divisible`` where no part can be taken of it."""
    package_id = stored.record.package_id
    package = state.county.package_index[package_id]
    if state.county.packages[package].status != "new":
        raise Problem(NOT_IN_THIS_STATE, "This care runs, and moves as it is: a yes is to all of it.")
    if step_of(stored) is not None:
        raise Problem(NOT_IN_THIS_STATE, "Others move for this offer, or with it: a yes is to all of the care.")
    if stored.body.get("asked_with") or asked_with(state, package):
        raise Problem(NOT_IN_THIS_STATE, "This care is asked for as a bundle: a yes is to all of it.")
    if not visits_of(state, package_id):
        told = ["This package has no visits written down that a yes could name: write them down first."]
        raise Problem(NOT_DIVISIBLE, "1 fault(s); nothing was written.", faults=told)
