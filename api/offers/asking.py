"""Making offers: by the next step of the cascade, or out of order with a recorded reason."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.http.errors import Problem
from api.offers.decision_references import FOR_ANOTHER_MOVE, is_for_another_move, reference_of
from api.offers.eligibility import Candidate, asked_with, broken, candidates, for_move, name_of, next_step
from api.offers.problems import (
    ALREADY_ASKED,
    ALREADY_PLACED,
    ASKS_FOR_MOVES,
    CONTRACT_TAKEN_OVER,
    DECISION_NEEDED,
    MAY_NOT_BE_ASKED,
    NO_ROOM,
    NOBODY_TO_ASK,
    OFFERS_WAITING,
    REASON_NEEDED,
    package_index,
    plain_rules,
    refuse_new_care,
)
from api.offers.windows import answer_by, on_call_of
from api.settings import Settings
from api.state.holds import ALONE
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from api.statements.first_askings import count_asking
from api.storage.audit import Actor
from optimiser.county import NOWHERE
from optimiser.domain.dates import wall_clock
from optimiser.domain.person_records import REOPTIMISE
from optimiser.domain.records import Contract
from optimiser.judging.checking import DisagreementError

BY_RUN = "run"
"""The step of an offer that a run proposed."""


@dataclass(frozen=True)
class Asking:
    """Whom to ask for a package. No ``contract_ids``: the next step of the cascade."""

    package_id: str
    contract_ids: tuple[str, ...] | None = None
    reason: str = ""
    decision_reference: str = ""
    """Where the social work decision is recorded: needed to move running care, unless one is recorded here for this move."""
    move: str = REOPTIMISE
    """What running care would move for, out of ``MOVES``: no decision for another kind of move is used."""
    run_id: str = ""
    """The run whose proposal it is."""
    evidence: str = ""
    """What shows that the provider has agreed already."""
    run_step: int = 0
    """The step of the run in which people move: its offers go ahead together. 0: it goes ahead alone."""
    run_step_offers: int = 0
    """How many offers that step has."""


def ask_inside(change: Change, state: State, settings: Settings, asking: Asking, actor: Actor | None = None) -> list[str]:
    """Make the offers inside a change; returns their ids. ``state``: as the change has it so far.

    Raises a problem, having written nothing, where a rule does not allow it.
    """
    package, state = package_index(state, asking.package_id), for_move(state, asking.move)
    members = (package, *asked_with(state, package))
    for member in members:
        _may_be_placed(actor or change.actor, state, member, asking)
    found = candidates(state, package)
    step = next_step(found, settings.framework_asked)
    chosen = _in_order(found, step) if asking.contract_ids is None else _named(state, found, step, asking)
    for candidate in chosen:
        _refuse_without_decision(state, package, candidate, asking)
        _confirm(state, members, candidate)
    in_order = chosen == step and not any(candidate.asked for candidate in found)
    reason = "" if in_order else asking.reason
    count_asking(change, state, members, found, chosen, settings.clock.moment())
    return [
        offer_id
        for candidate in chosen
        for offer_id in _offers(change, state, settings, members, candidate, asking, reason, name_of(step), actor)
    ]


def ask_as_proposed(
    change: Change, state: State, settings: Settings, asking: Asking, contract: int, others: Mapping[int, int] = ALONE
) -> str | None:
    """Make the offer that a run proposes; its id, or None where the contract is none that the package could be offered to.

    Whoever calls has found no rule ``broken``, with the same ``others``: who goes ahead together with it.
    """
    package = package_index(state, asking.package_id)
    # In a step in which people move all are asked one by one, and none goes ahead without the others: a bundle as well.
    members = (package,) if asking.run_step else (package, *asked_with(state, package))
    for member in members:
        _may_be_placed(change.actor, state, member, asking)
    found = candidates(state, package)
    candidate = next((each for each in found if each.place.contract == contract), None)
    if candidate is None:
        return None
    _confirm(state, members, candidate, others)
    reason = f"proposed by run {asking.run_id}"
    count_asking(change, state, members, found, [candidate], settings.clock.moment())
    return _offers(change, state, settings, members, candidate, asking, reason, BY_RUN, None)[0]


def _may_be_placed(actor: Actor, state: State, package: int, asking: Asking) -> None:
    package_id = state.county.packages[package].package_id
    refuse_new_care(actor, state, package_id, ASKS_FOR_MOVES)
    if package_id in state.county.offers_in_force.accepted:
        raise Problem(ALREADY_PLACED, "Care has not begun yet, but a provider has accepted it: nobody else is asked.")
    decided = asking.decision_reference or state.county.decisions.are_about(state.county.packages[package])
    if state.county.running_on[package] != NOWHERE and not decided:
        raise Problem(DECISION_NEEDED, "The care is running: give the decision's reference as decision_reference.")


def _refuse_without_decision(state: State, package: int, candidate: Candidate, asking: Asking) -> None:
    """Raises the problem ``decision_needed`` where running care would move on a decision for another move, or on none."""
    if state.county.running_on[package] == NOWHERE:
        return
    provider_id, given = state.county.provider(candidate.place.contract).provider_id, asking.decision_reference
    on_none = not given and not reference_of(state.county, asking.package_id, provider_id)
    if on_none or is_for_another_move(state.county, asking.package_id, provider_id, given):
        raise Problem(DECISION_NEEDED, FOR_ANOTHER_MOVE)


def _in_order(found: Sequence[Candidate], step: list[Candidate]) -> list[Candidate]:
    if any(candidate.asked for candidate in found):
        raise Problem(OFFERS_WAITING, "Record their answers first, or name contract_ids and a reason to ask out of order.")
    if not step:
        raise Problem(NOBODY_TO_ASK, "The cascade tells which rule stands in the way of each.")
    return step


def _named(state: State, found: Sequence[Candidate], step: list[Candidate], asking: Asking) -> list[Candidate]:
    """The contracts that the planner names, in the cascade's order."""
    names = asking.contract_ids or ()
    for name in names:
        after = state.county.succession.named_instead(name, state.as_of)
        if after is not None:
            told = f"Name {after}, which has taken over from it."
            raise Problem(CONTRACT_TAKEN_OVER, told, contract_id=name, named_instead=after)
    by_name = {state.county.contracts[candidate.place.contract].contract_id: candidate for candidate in found}
    elsewhere = [name for name in names if name not in by_name]
    if elsewhere:
        raise Problem(MAY_NOT_BE_ASKED, "Not a contract of the package's area or the county.", contract_ids=elsewhere)
    chosen = [candidate for name, candidate in by_name.items() if name in names]
    asked = [name for name in names if by_name[name].asked]
    if asked:
        raise Problem(ALREADY_ASKED, "Record the answer to it first.", contract_ids=asked)
    if (chosen != step or any(candidate.asked for candidate in found)) and not asking.reason:
        raise Problem(REASON_NEEDED, "These are not the next step of the cascade: give a reason.", step=name_of(step))
    for candidate in chosen:
        _refuse(state, candidate)
    holders = [int(state.county.provider_of[candidate.place.contract]) for candidate in chosen]
    if len(set(holders)) < len(holders):
        raise Problem(MAY_NOT_BE_ASKED, "A provider is asked on one of its contracts at a time.")
    return chosen


def _refuse(state: State, candidate: Candidate) -> None:
    """Eligibility is never passed over; of the limits only the one that the provider sets itself."""
    limits, own = {rule.name for rule in state.rules.limits}, own_limits(state)
    name = state.county.contracts[candidate.place.contract].contract_id
    barred = [finding for finding in candidate.failed if finding.rule not in limits]
    full = [finding for finding in candidate.failed if finding.rule in limits and finding.rule not in own]
    if barred:
        raise Problem(MAY_NOT_BE_ASKED, "See the cascade.", contract_id=name, rules=plain_rules(state, barred))
    if full:
        raise Problem(NO_ROOM, full[0].sentence, contract_id=name, rules=plain_rules(state, full))


def own_limits(state: State) -> set[str]:
    """The rules whose limits a provider sets itself, and may say yes beyond."""
    return {rule.name for rule in state.rules.limits if rule.providers_own}


def _confirm(state: State, members: Sequence[int], candidate: Candidate, others: Mapping[int, int] = ALONE) -> None:
    """The check alone judges whoever is about to be asked, every rule of it, for every package of a bundle."""
    contract = candidate.place.contract
    own = own_limits(state)
    if any(finding.rule not in own for member in members for finding in broken(state, member, contract, others)):
        raise DisagreementError("the cascade offers a contract that the check refuses")


def _offers(
    change: Change,
    state: State,
    settings: Settings,
    members: Sequence[int],
    candidate: Candidate,
    asking: Asking,
    reason: str,
    step: str,
    actor: Actor | None,
) -> list[str]:
    """An offer for each package, the ids in their order; those of a bundle are one question, answered as one, by one time."""
    asked_at = settings.clock.moment()
    on_call = on_call_of(state, state.county.contracts[candidate.place.contract].provider_id)
    expires = min(answer_by(asked_at, state.county.packages[member].priority, settings, on_call) for member in members)
    names = [f"O-{secrets.token_hex(8)}" for _ in members]
    for member, name in zip(members, names, strict=True):
        others = [other for other in names if other != name]
        _offer(change, state, member, candidate, asking, reason, step, actor, Question(name, asked_at, expires, others))
    return names


def waiting_with(state: State, stored: Stored) -> list[Stored]:
    """The other offers of a bundle that were asked with this one and have no answer yet: one answer is for all."""
    found = (state.get("offers", offer_id) for offer_id in stored.body.get("asked_with", ()))
    return [each for each in found if each is not None and not each.record.response]


def packages_of(state: State, stored: Stored) -> set[str]:
    """The packages that an answer to an offer is about: its own, and those of its bundle."""
    return {each.record.package_id for each in (stored, *waiting_with(state, stored))}


@dataclass(frozen=True)
class Question:
    """One offer of those that are asked, and have to be answered, at once."""

    offer_id: str
    asked_at: dt.datetime
    expires_at: dt.datetime
    asked_with: list[str]
    """The other offers of a bundle on the same contract."""


def _offer(
    change: Change,
    state: State,
    package: int,
    candidate: Candidate,
    asking: Asking,
    reason: str,
    step: str,
    actor: Actor | None,
    question: Question,
) -> None:
    person, contract = state.county.packages[package], state.county.contracts[candidate.place.contract]
    body = {
        "offer_id": question.offer_id,
        "package_id": person.package_id,
        "contract_id": contract.contract_id,
        "offered_at": wall_clock(question.asked_at).isoformat(),
        "responded_at": "",
        "response": "",
        "reason": "",
        "expires_at": question.expires_at.isoformat(),
        "step": step,
        "out_of_order_reason": reason,
        **_decision(state, package, contract, asking),
        **({"run_id": asking.run_id, "evidence": asking.evidence} if asking.run_id else {}),
        **({"asked_with": question.asked_with} if question.asked_with else {}),
        **({"run_step": asking.run_step, "run_step_offers": asking.run_step_offers, "agreed_at": ""} if asking.run_step else {}),
    }
    change.put("offers", question.offer_id, body)
    place = candidate.place
    figures = {
        "tier": place.tier,
        "over_upper_edge": place.over_upper_edge,
        "below_part_minutes": round(float(place.below_part_minutes), 2),
        "cost_pence": place.cost_pence,
        "metres": place.metres,
        "full": [finding.sentence for finding in candidate.failed],
        "county_version": state.version,
    }
    change.remember("offer.made", "packages", person.package_id, {**body, "figures": figures}, actor=actor)


def _decision(state: State, package: int, contract: Contract, asking: Asking) -> dict[str, str]:
    """The decision that a move rests on, and what kind of move it is; of new care neither."""
    if state.county.running_on[package] == NOWHERE:
        return {"decision_reference": asking.decision_reference}
    recorded = reference_of(state.county, state.county.packages[package].package_id, contract.provider_id)
    return {"decision_reference": asking.decision_reference or recorded, "move": asking.move}
