"""What time does to offers: some run out, some may no longer be waited for. Looked for at every change, and by a clock between.

Nothing here ever ends care: a hold that runs out alerts the planners, no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from api.contacts.contact_log import late_questions
from api.enhanced.support_clocks import support_occasions
from api.first_visits.expecting import late_first_visits
from api.meanwhile.alerting import occasions
from api.offers.alerts import CASCADE_EXHAUSTED, HOLD_RAN_OUT, OFFER_EXPIRED, OFFER_STOPPED, Occasion, alert
from api.offers.asking import Asking, ask_inside, waiting_with
from api.offers.eligibility import candidates, next_step
from api.offers.going_together import STEP_ENDED, has_agreed, has_ended, step_of
from api.offers.own_yes import said_in
from api.offers.problems import plain_rules
from api.offers.turns import turns_come, turns_come_of
from api.offers.waiting_offers import watched_of
from api.offers.windows import answer_by, on_call_of
from api.rights.open_requests import late_requests
from api.security.roles import SERVICE
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from api.storage.audit import Actor
from optimiser.county import NOWHERE
from optimiser.domain.dates import instant_of, wall_clock
from optimiser.judging.safe_meanwhile import CARER_CANNOT_GO_ON, NO_PLAN, PLAN_TOO_SHORT

THE_CLOCK = Actor("the service's clock", SERVICE)
"""Who lets offers expire, in the audit trail."""
OF_SWEEPS = ("offer.expired", "offer.withdrawn", "offer.made", "hold.ran_out", "clock.doubt")
"""What a sweep may write in the audit trail, beside what the act writes that it is a part of."""


@dataclass(frozen=True)
class Lapse:
    """An offer that is no longer waited for, and why."""

    offer_id: str
    package_id: str
    response: str
    reason: str
    at: dt.datetime
    """London's wall clock."""


def expires_at(state: State, stored: Stored, settings: Settings) -> dt.datetime:
    """The instant at which an offer expires; one that came with a snapshot has its priority's window from when it was made."""
    if written := stored.body.get("expires_at"):
        return dt.datetime.fromisoformat(written)
    person = state.county.packages[state.county.package_index[stored.record.package_id]]
    on_call = on_call_of(state, state.county.contracts[state.county.contract_of_offer(stored.record)].provider_id)
    return answer_by(instant_of(stored.record.offered_at), person.priority, settings, on_call)


def is_to_be_reminded(state: State, stored: Stored, settings: Settings) -> bool:
    """Whether its provider has said nothing yet and so much of the time is gone that a planner should ring it."""
    if stored.record.response or has_agreed(stored) or said_in(stored) is not None:
        return False
    asked, due = instant_of(stored.record.offered_at), expires_at(state, stored, settings)
    return settings.clock.moment() - asked >= (due - asked) * settings.remind_at_percent / 100


TIMELESS = (NO_PLAN, PLAN_TOO_SHORT, CARER_CANNOT_GO_ON)
"""What is wrong for somebody who waits whatever day it is."""


def lapses(state: State, settings: Settings, *, believed: bool = True) -> Iterator[Lapse]:
    """The pending offers that are over now. ``believed``: whether the clock is; else only those that are over at any time."""
    now = settings.clock.moment()
    accepted, watched_of_all = state.county.offers_in_force.accepted, watched_of(state, settings.closed_reserve_offers)
    looked_at = {each for each, watched in watched_of_all.items() if not watched.goes_on(now)}
    looked_at |= {offer.offer_id for package_id in accepted for offer in state.offers_of[package_id] if not offer.response}
    for offer_id, stored in state.stock["offers"].items() if looked_at else ():
        if offer_id not in looked_at:
            continue
        watched, offer = watched_of_all[offer_id], stored.record
        shown = max(wall_clock(now), offer.offered_at)
        if offer.package_id in accepted:
            yield Lapse(offer_id, offer.package_id, "withdrawn", "another provider has accepted", shown)
            continue
        if has_ended(state, stored):
            yield Lapse(offer_id, offer.package_id, "withdrawn", STEP_ENDED, shown)
            continue
        if not believed:
            continue
        due = expires_at(state, stored, settings)
        if due <= now and not has_agreed(stored) and said_in(stored) is None:
            yield Lapse(offer_id, offer.package_id, "expired", "", max(wall_clock(due), offer.offered_at))
            continue
        if watched.failed:
            reason = f"no longer allowed: {', '.join(plain_rules(state, watched.failed))}"
            yield Lapse(offer_id, offer.package_id, "withdrawn", reason, shown)


def with_their_bundles(state: State, lapsed: Iterable[Lapse]) -> list[Lapse]:
    """The lapses, and for each offer of a bundle those of the offers that were asked with it: they are one question."""
    found = {lapse.offer_id: lapse for lapse in lapsed}
    for lapse in list(found.values()):
        for other in waiting_with(state, state.stock["offers"][lapse.offer_id]):
            record = other.record
            found.setdefault(record.offer_id, replace(lapse, offer_id=record.offer_id, package_id=record.package_id))
    return list(found.values())


def run_out_holds(state: State) -> Iterator[Occasion]:
    """The stays in hospital whose promised date has come, not yet alerted."""
    return (occasion for occasion in past_holds(state) if occasion.alert_id not in state.stock["alerts"])


def past_holds(state: State) -> Iterator[Occasion]:
    """The stays in hospital whose promised date has come, with nobody having accepted the care since."""
    accepted = state.county.offers_in_force.accepted
    for person in state.county.kinds.held:
        if person.held_until is not None and person.held_until <= state.as_of and person.package_id not in accepted:
            yield Occasion(HOLD_RAN_OUT, person.package_id, person.held_until.isoformat())


def expired(state: State, settings: Settings) -> Iterator[Lapse]:
    """The pending offers whose time has passed, if the clock is right."""
    return (lapse for lapse in lapses(state, settings) if lapse.response == "expired")


def alerts_due(state: State, settings: Settings, *, everybody: bool, believed: bool) -> Iterator[Occasion]:
    """Whom somebody has to look at and was not alerted about; where the clock is not believed, what does not hang on a day."""
    if believed:
        waiting = occasions(state, everybody=everybody)
        late = late_first_visits(state, settings), support_occasions(state, settings), late_requests(state)
        return chain(waiting, *late, late_questions(state, settings), yeses_put_forward(state))
    return (occasion for occasion in occasions(state, everybody=False) if occasion.kind in TIMELESS)


def yeses_put_forward(state: State, of: Iterable[str] | None = None) -> Iterator[Occasion]:
    """The yeses of providers that a named planner has to place now, not yet alerted. ``of``: of these packages alone."""
    found = turns_come(state) if of is None else turns_come_of(state, of)
    return (occasion for occasion in found if occasion.alert_id not in state.stock["alerts"])


def is_due(state: State, settings: Settings, *, believed: bool = True) -> bool:
    """Whether a sweep for everybody would change anything."""
    found = (lapses(state, settings, believed=believed), alerts_due(state, settings, everybody=True, believed=believed))
    return any(True for each in found for _ in each) or (believed and any(True for _ in run_out_holds(state)))


def sweep(change: Change, settings: Settings, state: State | None = None, *, everybody: bool = False) -> State:
    """Let lapse what has lapsed, inside a change; the state after it. ``state``: where the change has got to already.

    ``everybody``: it is looked for, too, for whom nobody is left to ask since somebody else was placed; that takes a while.
    While the clock is not believed nothing ends because of what it shows.
    """
    state = state or change.state
    believed = change.believes_the_clock(settings, THE_CLOCK)
    touched: list[str] = []
    while _let_lapse(change, settings, state, touched, believed=believed):
        state = change.as_if()  # of an offer that has ended, the others in its step have ended as well
    for occasion in run_out_holds(state) if believed else ():
        alert(change, occasion)
        change.remember("hold.ran_out", "packages", occasion.package_id, {"held_until": occasion.about}, actor=THE_CLOCK)
    if touched:
        state = step_on(change, settings, touched)
    for occasion in alerts_due(state, settings, everybody=everybody, believed=believed):
        alert(change, occasion)
    return change.as_if() if change.changes_records else state


def _let_lapse(change: Change, settings: Settings, state: State, touched: list[str], *, believed: bool) -> bool:
    """Let lapse what has lapsed in a state; whether more may have lapsed by that."""
    more = False
    for lapse in with_their_bundles(state, lapses(state, settings, believed=believed)):
        more = more or step_of(state.stock["offers"][lapse.offer_id]) is not None
        answered = {"responded_at": lapse.at.isoformat(), "response": lapse.response, "reason": lapse.reason}
        change.put("offers", lapse.offer_id, state.stock["offers"][lapse.offer_id].body | answered)
        told = {"offer_id": lapse.offer_id, **answered}
        change.remember(f"offer.{lapse.response}", "packages", lapse.package_id, told, actor=THE_CLOCK)
        if lapse.package_id not in state.county.offers_in_force.accepted:
            kind = OFFER_EXPIRED if lapse.response == "expired" else OFFER_STOPPED
            alert(change, Occasion(kind, lapse.package_id, lapse.offer_id))
            touched.append(lapse.package_id)
    return more


def step_on(change: Change, settings: Settings, package_ids: list[str]) -> State:
    """Packages that may have nobody waiting any more: ask the next step where the settings say so, alert where nobody is left."""
    state = change.as_if()
    asked = False
    for package_id in dict.fromkeys(package_ids):
        package = state.county.package_index[package_id]
        if state.county.running_on[package] != NOWHERE or package_id in state.county.offers_in_force.accepted:
            continue
        found = candidates(state, package)
        if any(candidate.asked for candidate in found):
            continue
        if not next_step(found, settings.framework_asked):
            alert(change, Occasion(CASCADE_EXHAUSTED, package_id, state.as_of.isoformat()))
        elif settings.step_on_automatically:
            ask_inside(change, state, settings, Asking(package_id), THE_CLOCK)
            asked = True
            state = change.as_if()
    return change.as_if() if asked else state
