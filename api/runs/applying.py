"""From a plan to offers: each proposal is judged again on the county as it is now, inside one transaction.

The changes of a step in which people move are judged together, and become offers together or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.http.errors import Problem
from api.offers.asking import Asking, ask_as_proposed
from api.offers.decision_references import FOR_ANOTHER_MOVE, is_for_another_move, reference_of
from api.offers.eligibility import broken, for_move
from api.offers.lapsing import sweep
from api.offers.problems import ASKS_FOR_MOVES, refuse_new_care
from api.offers.recording import Given, record_answer
from api.runs.apply_schemas import ApplyRequest
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.storage.audit import Actor
from optimiser.county import NOWHERE
from optimiser.domain.person_records import REOPTIMISE
from optimiser.rules.vocabulary import Finding

DECISION_NEEDED = "The provider of running care would change: that needs a recorded social work decision for this package."
NOT_WITHOUT_THE_OTHERS = (
    "It goes ahead only with the other changes of its step, and those are not all possible, or not all asked for."
)
OFFER_FIRST = "Running care moves when its new provider has accepted an offer: apply it as an offer."


@dataclass(frozen=True)
class Applying:
    """The run whose proposals are to be done, and how. ``accepted``: agreed already, with the evidence for it."""

    run_id: str
    state_version: int
    accepted: bool = False
    evidence: str = ""
    decisions: Mapping[str, str] = field(default_factory=dict)
    """Per package whose care runs: where the social work decision is recorded."""
    move: str = REOPTIMISE
    """What running care would move for: no decision for another kind of move is used."""


@dataclass(frozen=True)
class Wish:
    """A proposal of a run that somebody wants to see done. ``contract_id`` None: the run proposed nobody."""

    package_id: str
    contract_id: str | None
    moved: bool
    step: int = 0
    """The step in which people move that it belongs to; 0: it goes ahead alone."""
    step_changes: int = 0
    """How many changes that step has."""


@dataclass(frozen=True)
class Applied:
    """A proposal that is now an offer; ``before``: it was one already, by an earlier request for the same run."""

    package_id: str
    contract_id: str
    offer_id: str
    before: bool


@dataclass(frozen=True)
class Refused:
    """A proposal that is not possible (any more), and why. ``findings``: the rules that stand in the way."""

    package_id: str
    contract_id: str | None
    code: str
    reason: str
    findings: tuple[Finding, ...] = ()


def apply_inside(
    change: Change, settings: Settings, run: Applying, wishes: Sequence[Wish]
) -> tuple[list[Applied], list[Refused]]:
    """Make an offer of every wish that still can be one, inside a change; the others are refused one by one.

    Each is asked as a planner asks, of the county as the wishes before it leave it: what one takes, the next does not find. Those
    of a step in which people move are all asked, or all refused.
    """
    state = for_move(sweep(change, settings), run.move)
    done = _offers_of_run(state, run.run_id)
    said: list[Applied | Refused] = []
    for together in _by_step(wishes):
        judged = _judged_together(change.actor, state, run, together, done)
        for wish, known in zip(together, judged, strict=True):
            others = {} if known else _places(state, [each for each in together if each != wish])
            said.append(_with_its_bundle(state, said, wish) or known or _offered(change, state, settings, run, wish, others))
            state = for_move(change.as_if(), run.move)
    refused = [each for each in said if isinstance(each, Refused)]
    _remember(change, run, refused)
    return [each for each in said if isinstance(each, Applied)], refused


def _with_its_bundle(state: State, said: Iterable[Applied | Refused], wish: Wish) -> Applied | None:
    """The offer that a wish has become already, with another package of its bundle: they are asked for as one."""
    for each in said:
        if isinstance(each, Applied) and not each.before and each.contract_id == wish.contract_id:
            made = (state.get("offers", offer_id) for offer_id in state.stock["offers"][each.offer_id].body.get("asked_with", ()))
            for stored in made:
                if stored is not None and stored.record.package_id == wish.package_id:
                    return Applied(wish.package_id, each.contract_id, stored.record.offer_id, before=False)
    return None


def _by_step(wishes: Sequence[Wish]) -> list[list[Wish]]:
    """Each wish alone, those of a step in which people move together where the first of them stands."""
    found: dict[object, list[Wish]] = {}
    for place, wish in enumerate(wishes):
        found.setdefault(("step", wish.step) if wish.step else place, []).append(wish)
    return list(found.values())


def _places(state: State, wishes: Iterable[Wish]) -> dict[int, int]:
    """Per package of these wishes: the contract that it would go to, where both are there."""
    packages, contracts = state.county.package_index, state.county.contract_index
    known = [each for each in wishes if each.package_id in packages and each.contract_id in contracts]
    return {packages[each.package_id]: contracts[each.contract_id or ""] for each in known}


def _judged_together(
    actor: Actor, state: State, run: Applying, together: Sequence[Wish], done: Mapping[tuple[str, str], str]
) -> list[Applied | Refused | None]:
    """What stands in the way of wishes that go ahead together, or the offers that they are; None: they may become some."""
    if len(together) < together[0].step_changes:
        return [_refuse(wish, "step_incomplete", NOT_WITHOUT_THE_OTHERS) for wish in together]
    judged = [
        _judged(actor, state, run, wish, done, _places(state, [each for each in together if each != wish])) for wish in together
    ]
    if len(together) == 1 or not any(judged) or all(isinstance(each, Applied) for each in judged):
        return judged
    return [
        each if isinstance(each, Refused) else _refuse(wish, "step_incomplete", NOT_WITHOUT_THE_OTHERS)
        for wish, each in zip(together, judged, strict=True)
    ]


def _offers_of_run(state: State, run_id: str) -> dict[tuple[str, str], str]:
    """The offers that a run's proposals became already and that still stand, by package and contract."""
    return {
        (stored.body["package_id"], stored.body["contract_id"]): offer_id
        for offer_id, stored in state.stock["offers"].items()
        if stored.body.get("run_id") == run_id and stored.body["response"] in ("", "accepted")
    }


def _judged(
    actor: Actor,
    state: State,
    run: Applying,
    wish: Wish,
    done: Mapping[tuple[str, str], str],
    others: Mapping[int, int],
) -> Applied | Refused | None:
    """What stands in the way of a wish, or the offer that it is already; None: it may become one.

    ``others``: per package that goes ahead together with it, its contract.
    """
    if wish.contract_id is None:
        return _refuse(wish, "not_proposed", "The run proposes nobody for this package.")
    package = state.county.package_index.get(wish.package_id)
    contract = state.county.contract_index.get(wish.contract_id)
    if package is None or contract is None:
        return _refuse(wish, "gone", "The package or the contract is not there any more.")
    try:
        refuse_new_care(actor, state, wish.package_id, ASKS_FOR_MOVES)
    except Problem as problem:
        return _refuse(wish, problem.code, problem.detail)
    if (wish.package_id, wish.contract_id) in done:
        return Applied(wish.package_id, wish.contract_id, done[wish.package_id, wish.contract_id], before=True)
    if state.county.running_on[package] == contract:
        return _refuse(wish, "gone", "The package is on this contract already.")
    stands_in_the_way = _changed(state, run, wish) or _moving(state, package, contract, run, wish)
    return stands_in_the_way or _broken(state, package, contract, wish, others)


def _changed(state: State, run: Applying, wish: Wish) -> Refused | None:
    if state.stock["packages"][wish.package_id].version > run.state_version:
        return _refuse(wish, "changed_since", "The package was changed after the plan was made: start another run.")
    if wish.package_id in state.county.offers_in_force.accepted:
        return _refuse(wish, "already_placed", "A provider has accepted it already.")
    if any(not offer.response for offer in state.offers_of.get(wish.package_id, ())):
        return _refuse(wish, "already_asked", "An offer of it is waiting for an answer.")
    return None


def _moving(state: State, package: int, contract: int, run: Applying, wish: Wish) -> Refused | None:
    """Care that runs ends or moves by a person's act alone."""
    if state.county.running_on[package] == NOWHERE:
        return None
    if not wish.moved:
        return _refuse(wish, "already_running", "Its care has begun: this run did not propose to move it.")
    given, provider_id = run.decisions.get(wish.package_id, ""), state.county.provider(contract).provider_id
    if not given and not reference_of(state.county, wish.package_id, provider_id):
        return _refuse(wish, "decision_needed", DECISION_NEEDED)
    if is_for_another_move(state.county, wish.package_id, provider_id, given):
        return _refuse(wish, "decision_needed", FOR_ANOTHER_MOVE)
    if run.accepted:
        return _refuse(wish, "offer_first", OFFER_FIRST)
    return None


def _broken(state: State, package: int, contract: int, wish: Wish, others: Mapping[int, int]) -> Refused | None:
    found = tuple(broken(state, package, contract, others))
    return _refuse(wish, "rule_broken", found[0].sentence, found) if found else None


def _offered(
    change: Change, state: State, settings: Settings, run: Applying, wish: Wish, others: Mapping[int, int]
) -> Applied | Refused:
    contract_id = wish.contract_id or ""
    decision = run.decisions.get(wish.package_id, "")
    asking = Asking(
        wish.package_id,
        decision_reference=decision,
        move=run.move,
        run_id=run.run_id,
        evidence=run.evidence,
        run_step=wish.step,
        run_step_offers=wish.step_changes,
    )
    offer_id = ask_as_proposed(change, state, settings, asking, state.county.contract_index[contract_id], others)
    if offer_id is None:
        return _refuse(wish, "gone", "The package is on this contract already.")
    if run.accepted:
        record_answer(change, change.as_if(), settings, offer_id, Given("accepted"))
    return Applied(wish.package_id, contract_id, offer_id, before=False)


def _refuse(wish: Wish, code: str, reason: str, findings: tuple[Finding, ...] = ()) -> Refused:
    return Refused(wish.package_id, wish.contract_id, code, reason, findings)


def _remember(change: Change, run: Applying, refused: Iterable[Refused]) -> None:
    change.remember("run.apply", "runs", run.run_id, {"accepted": run.accepted, "evidence": run.evidence})
    for each in refused:
        change.remember("run.apply.refused", "packages", each.package_id, {"run_id": run.run_id, **_plain(each)})


def _plain(refused: Refused) -> Mapping[str, Any]:
    return {"code": refused.code, "contract_id": refused.contract_id, "rules": [finding.rule for finding in refused.findings]}


def wishes_of(proposals: list[dict[str, Any]], asked: ApplyRequest) -> list[Wish]:
    """What is asked for, each package once; those of steps in the steps' order, who moves before who is placed."""
    known = {str(each["package_id"]): each for each in proposals}
    moving = {each["step"] for each in proposals if each["moved"]}
    sizes = Counter(each["step"] for each in proposals if each.get("step") in moving)
    if asked.steps is not None:
        order = {step: place for place, step in enumerate(asked.steps)}
        in_steps = [each for each in known.values() if each.get("step") in order]
        in_steps.sort(key=lambda each: (order[each["step"]], not each["moved"], str(each["package_id"])))
        chosen = [str(each["package_id"]) for each in in_steps]
    elif asked.package_ids == "all":
        chosen = [package_id for package_id, each in known.items() if each["contract_id"] is not None]
    else:
        chosen = sorted(set(asked.package_ids or ()))
    return [_wish(package_id, known.get(package_id, {}), sizes) for package_id in chosen]


def _wish(package_id: str, proposal: dict[str, Any], sizes: Mapping[int, int]) -> Wish:
    contract_id, step = proposal.get("contract_id"), proposal.get("step")
    size = 0 if step is None else sizes.get(step, 0)
    return Wish(
        package_id,
        None if contract_id is None else str(contract_id),
        bool(proposal.get("moved")),
        step if size and step else 0,
        size,
    )
