"""Recording answers. The first acceptance wins; it is judged by every rule again, in the transaction that records it.

Offers of one step go ahead together: with the acceptance of the last of them, all at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from api.first_visits.expecting import cells_of_a_move, expect
from api.http.errors import Problem
from api.http.responses import refuse_changed, tag
from api.offers.alerts import look_at_put_forward
from api.offers.asking import own_limits, waiting_with
from api.offers.eligibility import as_it_was_asked, barred, room
from api.offers.going_together import has_agreed, others_waiting, places_of, step_of
from api.offers.lapsing import step_on, sweep
from api.offers.own_yes import YES, OwnYes, hear, is_typed, refuse_out_of_turn, said_in, waits_for_its_turn
from api.offers.problems import (
    ALREADY_ANSWERED,
    ALREADY_PLACED,
    ANSWERS_FOR_MOVES,
    BEYOND_PROVIDER_LIMIT,
    MAY_NOT_BE_ASKED,
    NO_ROOM,
    NOT_A_RISE,
    plain_rules,
    refuse_new_care,
)
from api.security.roles import ADMIN, CONTRACTS, PLANNER
from api.settings import Settings
from api.state.holds import Order
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from optimiser.county import NOWHERE
from optimiser.domain.records import Offer
from optimiser.domain.words import MINUTES_PER_HOUR_4W as FOUR_WEEK_HOUR
from optimiser.judging.first_visits import MOVED
from optimiser.rules.vocabulary import Finding

LATE_AFTER = "late_after"
"""Under this name the body of an offer that was answered late holds the instant at which it had expired."""


@dataclass(frozen=True)
class Rise:
    """A limit raised because a provider says yes beyond it."""

    max_hours_4w: Decimal
    evidence: str


@dataclass(frozen=True)
class Given:
    """A provider's answer, or the planner's withdrawal."""

    response: str
    reason: str = ""
    raise_provider_limit: Rise | None = None
    raise_contract_maximum: Rise | None = None
    answered_by: str = ""
    """Who at the provider said so, as the planner writes it down."""
    how: str = ""
    """By which way the answer came."""
    person_prefers: str = ""
    """Of an acceptance before its turn: why the person would rather have this provider."""
    gathers: bool = False
    """Of an acceptance: whether it is kept until its turn, where answers are gathered."""

    @property
    def told(self) -> dict[str, str]:
        """Who said so and how, as far as it was written down."""
        told = (("answered_by", self.answered_by), ("how", self.how), ("person_prefers", self.person_prefers))
        return {name: said for name, said in told if said}

    def as_said(self, stored: Stored) -> Given:
        """The same, said by whom the provider's own yes was, where nobody else is named."""
        said = said_in(stored)
        if said is None or self.answered_by or self.how:
            return self
        return replace(self, answered_by=said["said_by"], how=said["how"])


def record_answer(
    change: Change, state: State, settings: Settings, offer_id: str, given: Given, if_match: str | None = None
) -> bool:
    """Record an answer inside a change; False when the same one stands there already. ``state``: as the change has it so far.

    ``if_match``: the tag of the offer that the decision rests on, where that is told.
    """
    stored = state.get("offers", offer_id)
    if stored is None:
        raise Problem("not_found", "There is no offer of this id.")
    refuse_new_care(change.actor, state, stored.record.package_id, ANSWERS_FOR_MOVES)
    if not stored.record.response:
        refuse_changed(if_match, tag(stored.version))
    else:
        if (given.response, given.reason or stored.record.reason) == (stored.record.response, stored.record.reason):
            return False
        over = "Its time is over. If the provider answers all the same, send the answer with late."
        raise Problem(
            ALREADY_ANSWERED, over if stored.record.response == "expired" else "Read it again.", response=stored.record.response
        )
    if given.response == "accepted":
        if has_agreed(stored):
            return False
        if given.gathers and not given.person_prefers and waits_for_its_turn(state, stored):
            return _gather(change, state, settings, stored, given)
        refuse_out_of_turn(state, stored, given.person_prefers)
        accept(change, state, settings, stored, given.as_said(stored))
        return True
    asked = [stored, *waiting_with(state, stored)]
    for each in asked:
        close_offer(change, settings, each, given)
    if step_of(stored) is not None:
        sweep(change, settings, change.as_if())  # the others of its step are not waited for any more
    step_on(change, settings, [each.record.package_id for each in asked])
    return True


def end_offers(change: Change, state: State, settings: Settings, offers: Iterable[Offer], given: Given) -> list[str]:
    """Those offers end that wait for an answer, or whose care has not begun; the packages of what ended, each once.

    A bundle that was asked as one, and others that were to go ahead together, are waited for no more.
    """
    ended: dict[str, str] = {}
    for offer in offers:
        stored, begun = state.stock["offers"][offer.offer_id], _has_begun(state, offer)
        if offer.response == "" or (offer.response == "accepted" and not begun):
            for each in (stored, *waiting_with(state, stored)):
                if each.record.offer_id not in ended:
                    close_offer(change, settings, each, given)
                    ended[each.record.offer_id] = each.record.package_id
    if ended:
        sweep(change, settings, change.as_if())
    return list(dict.fromkeys(ended.values()))


def _has_begun(state: State, offer: Offer) -> bool:
    """Whether a person's care runs, so that an accepted offer of theirs has done its work."""
    return bool(state.county.running_on[state.county.package_index[offer.package_id]] != NOWHERE)


def close_offer(change: Change, settings: Settings, stored: Stored, given: Given) -> None:
    """An offer has its answer, or is withdrawn, with an entry in the trail; nothing else follows here."""
    at = max(settings.clock.now(), stored.record.offered_at).isoformat()
    answered = {"responded_at": at, "response": given.response, "reason": given.reason, **given.told}
    change.put("offers", stored.record.offer_id, stored.body | answered)
    told = {"offer_id": stored.record.offer_id, "contract_id": stored.record.contract_id, **answered}
    change.remember(f"offer.{given.response}", "packages", stored.record.package_id, told)


def accept(change: Change, state: State, settings: Settings, stored: Stored, given: Given) -> None:
    """Record a yes, judged by every rule; where others of its step are waited for, it is agreed. Raises a problem."""
    offer = stored.record
    if offer.package_id in state.county.offers_in_force.accepted:
        raise Problem(ALREADY_PLACED, "Another provider has accepted it.")
    if _raise_limits(change, state, offer.contract_id, given):
        state = change.as_if()
    in_step, in_bundle = others_waiting(state, stored), waiting_with(state, stored)
    others = [*in_step, *in_bundle]
    _judge(state, settings, stored, others)
    if not all(has_agreed(each) for each in in_step):
        _agree(change, settings, stored, given)
        return
    together = [*others, stored]
    for each in others:
        _judge(state, settings, each, [other for other in together if other is not each])
    for each in in_step:
        _go_ahead(change, state, settings, each, Given("accepted"))
    for each in (*in_bundle, stored):
        _go_ahead(change, state, settings, each, given)


def _gather(change: Change, state: State, settings: Settings, stored: Stored, given: Given) -> bool:
    """A yes that a planner types in before its turn is judged as any other and kept; False where it is kept already.

    Raises a problem where the rules or limits do not allow it now, or where the provider's own yes waits for its turn.
    """
    if said_in(stored) is not None and not is_typed(stored):
        refuse_out_of_turn(state, stored, "")
    if _raise_limits(change, state, stored.record.contract_id, given):
        state = change.as_if()
    _judge(state, settings, stored, waiting_with(state, stored))
    return _keep(change, state, settings, stored, given, OwnYes(YES, given.answered_by, given.how, typed=True))


def gather_part(change: Change, state: State, settings: Settings, stored: Stored, given: Given, yes: OwnYes) -> bool:
    """A yes to a part, as a planner types it in before its turn, is kept; False where it is kept already.

    The rules are judged now. Whether there is room is judged when the part is made, with what it then comes to. Raises as
    for a yes to all of it.
    """
    if said_in(stored) is not None and not is_typed(stored):
        refuse_out_of_turn(state, stored, "", answer=yes.answer)
    if _raise_limits(change, state, stored.record.contract_id, given):
        state = change.as_if()
    _refuse_barred(state, settings, stored)
    return _keep(change, state, settings, stored, given, yes)


def _keep(change: Change, state: State, settings: Settings, stored: Stored, given: Given, yes: OwnYes) -> bool:
    """A yes that says nothing new, or no more by whom, is none."""
    known = said_in(stored)
    if known is not None:
        same = yes.told == {name: known[name] for name in known if name != "said_at"}
        if same or (not given.told and known["answer"] == yes.answer == YES):
            return False
    hear(change, state, settings, stored, yes)
    return True


def _agree(change: Change, settings: Settings, stored: Stored, given: Given) -> None:
    """An acceptance that waits for the others of its step: the offer holds its hours, and nothing else has happened."""
    at = max(settings.clock.now(), stored.record.offered_at).isoformat()
    agreed = {"agreed_at": at, **given.told}
    change.put("offers", stored.record.offer_id, stored.body | agreed)
    told = {"offer_id": stored.record.offer_id, "contract_id": stored.record.contract_id, **agreed}
    change.remember("offer.agreed", "packages", stored.record.package_id, told)


def _go_ahead(change: Change, state: State, settings: Settings, stored: Stored, given: Given) -> None:
    """An accepted offer counts: others of its package are withdrawn, and care that runs moves."""
    offer = stored.record
    close_offer(change, settings, stored, given)
    look_at_put_forward(change, state, offer.package_id)
    for other in state.stock["offers"].values():
        pending = other.record.package_id == offer.package_id and not other.record.response
        if pending and other.record.offer_id != offer.offer_id:
            close_offer(change, settings, other, Given("withdrawn", "another provider has accepted"))
    if state.county.running_on[state.county.package_index[offer.package_id]] != NOWHERE:
        _move(change, state, settings, offer.package_id, offer.contract_id)


def _judge(state: State, settings: Settings, stored: Stored, others: list[Stored]) -> None:
    """Every rule, by the check, in the queue of those who hold hours: whoever asked later does not stand in the way.

    ``others``: the offers that go ahead together with it, whose care counts where it would be.
    """
    offer = stored.record
    package, contract = state.county.package_index[offer.package_id], state.county.contract_of_offer(offer)
    # Whoever was asked while an offer's time was over comes before it: answered late, it is the last in the queue.
    queued_at = dt.datetime.max if stored.body.get(LATE_AFTER) else offer.offered_at
    order: Order = (queued_at, stored.version, offer.offer_id)
    _refuse_barred(state, settings, stored)
    full = [finding for finding, _ in room(state, package, contract, order, places_of(state, others)) if not finding.passed]
    if full and {finding.rule for finding in full} <= own_limits(state):
        needed = _measured(full[0]) / FOUR_WEEK_HOUR
        told = f"{full[0].sentence} Send raise_provider_limit with evidence."
        raise Problem(BEYOND_PROVIDER_LIMIT, told, needed_hours_4w=needed)
    if full:
        raise Problem(NO_ROOM, full[0].sentence, rules=plain_rules(state, full))


def _refuse_barred(state: State, settings: Settings, stored: Stored) -> None:
    """Raises the problem ``may_not_be_asked`` where a rule stands in the way, however much room there is."""
    package, contract = state.county.package_index[stored.record.package_id], state.county.contract_of_offer(stored.record)
    if failed := barred(as_it_was_asked(state, stored), package, contract, settings.closed_reserve_offers):
        raise Problem(MAY_NOT_BE_ASKED, "The rules no longer allow it.", rules=plain_rules(state, failed))


def _measured(finding: Finding) -> int:
    return int(finding.measured or 0)


def _raise_limits(change: Change, state: State, contract_id: str, given: Given) -> bool:
    """Raise the provider's own limit or the contract's maximum, with the evidence in the audit trail."""
    provider_id = state.stock["contracts"][contract_id].record.provider_id
    raised = False
    for kind, record_id, rise, roles, told in (
        (
            "providers",
            provider_id,
            given.raise_provider_limit,
            (PLANNER, CONTRACTS, ADMIN),
            "A provider's own limit is raised by a planner or a contract officer.",
        ),
        (
            "contracts",
            contract_id,
            given.raise_contract_maximum,
            (CONTRACTS, ADMIN),
            "A contract's maximum is raised by a contract officer or an admin.",
        ),
    ):
        if rise is None:
            continue
        stored = state.stock[kind][record_id]
        before = stored.record.max_hours_4w
        if before is None or Fraction(rise.max_hours_4w) <= before:
            raise Problem(NOT_A_RISE, f"{record_id} has {'no limit' if before is None else f'{float(before):g} hours'} now.")
        used = next((role for role in roles if role in change.actor.roles), None)
        if used is None:
            raise Problem("forbidden", told)
        change.put(kind, record_id, stored.body | {"max_hours_4w": format(rise.max_hours_4w, "f")})
        figures = {"before": float(before), "after": float(rise.max_hours_4w), "evidence": rise.evidence}
        change.remember(f"{kind}.limit_raised", kind, record_id, figures, actor=change.actor.using(used))
        raised = True
    return raised


def _move(change: Change, state: State, settings: Settings, package_id: str, contract_id: str) -> None:
    """An accepted move: from now on the care is the new provider's to deliver; there is no day without one."""
    stored = state.stock["packages"][package_id]
    body = stored.body
    moved = {
        "contract_id": contract_id,
        "previous_contract_id": body["contract_id"],
        "care_started": settings.clock.today().isoformat(),
        "round_id": "",
        **cells_of_a_move(body, stored.record),
    }
    change.put("packages", package_id, body | moved)
    expect(change, state, package_id, contract_id, MOVED, settings.clock.moment())
    change.remember("package.moved", "packages", package_id, {"before": body["contract_id"], **moved})
