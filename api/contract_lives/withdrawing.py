"""A principal steps back from its contract: nobody is moved by it, whoever was to move stays, and a new plan is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from api.contract_lives.deeds import Done, care_on, late, refuse_out_of_order
from api.contract_lives.new_plans import after_a_withdrawal, ask_for
from api.contract_lives.plans_made import newest, overtaken, plans_made, put_right, set_aside
from api.contract_lives.schemas import Follows, Withdrawal
from api.offers.alerts import ACCEPTANCE_STOPPED, OFFER_STOPPED, Occasion, alert
from api.offers.lapsing import step_on, sweep
from api.offers.recording import Given, close_offer
from api.settings import Settings
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from optimiser.county import NOWHERE
from optimiser.domain.records import Contract

STEPPED_BACK = Given("withdrawn", "the provider has withdrawn from its contract")


def withdraw(change: Change, stored: Stored, asked: Withdrawal, settings: Settings, *, dry_run: bool) -> Done:
    """From today, or from the first day of one that has not begun, nothing may be asked of it."""
    contract: Contract = stored.record
    name, area_id = contract.contract_id, contract.area_id
    refuse_out_of_order(_no_withdrawal(change.state, contract, asked))
    ends = max(change.state.as_of, contract.starts or change.state.as_of)
    put_checked(change, {("contracts", name): stored.body | {"ends": ends.isoformat()}})
    accepted = _stop_offers(change, change.as_if(), settings, name)
    after = change.as_if()
    made = plans_made(change.connection)
    found = overtaken(after, made, area_id, lambda move: move.contract_id == name)
    letters = put_right(change, after, found)
    calls = after_a_withdrawal(change.as_if(), name, newest(found), made)
    told = {
        "before": {"ends": stored.body.get("ends") or ""},
        "after": {"ends": ends.isoformat()},
        "told_on": asked.told_on.isoformat(),
        "letters": letters,
        "plans_out_of_date": [each.plan.run.run_id for each in found],
    }
    change.remember("contracts.withdraw", "contracts", name, told | {"reason": asked.reason})
    if not dry_run:
        set_aside(change, found, f"the provider has withdrawn from {name}")
    return Done(
        name,
        Follows(
            care=care_on(after, name, ends),
            acceptances_stopped=accepted,
            plans_out_of_date=[each.told() for each in found],
            letters=letters,
            new_plans=ask_for(change, settings, calls, dry_run=dry_run),
            next=calls if dry_run else [],
        ),
    )


def _no_withdrawal(state: State, contract: Contract, asked: Withdrawal) -> Iterator[str]:
    yield from late("told_on", asked.told_on, state.as_of)
    if contract.tier != "principal":
        yield f"Only a principal withdraws: a {contract.tier} contract ends early, with notice."
    if contract.has_ended(state.as_of) or (contract.ends is not None and contract.ends == contract.starts):
        yield f"It ended on {contract.ends}."
    if (after := state.county.succession.successor.get(contract.contract_id)) is not None:
        yield f"{after} of the same provider takes over from it: withdraw from that one first."


def _stop_offers(change: Change, state: State, settings: Settings, contract_id: str) -> int:
    """Nothing that was asked or agreed on it goes ahead; how many acceptances that were, whose people wait again.

    Care that has begun is nobody's to stop here.
    """
    accepted, touched = 0, list[str]()
    for offer_id, stored in sorted(state.stock["offers"].items()):
        offer, package = stored.record, state.county.package_index[stored.record.package_id]
        runs = state.county.running_on[package] != NOWHERE
        if offer.contract_id != contract_id or offer.response not in ("", "accepted") or (offer.response and runs):
            continue
        accepted += bool(offer.response)
        close_offer(change, settings, stored, STEPPED_BACK)
        kind = ACCEPTANCE_STOPPED if offer.response else OFFER_STOPPED
        alert(change, Occasion(kind, offer.package_id, offer_id))
        touched.append(offer.package_id)
    sweep(change, settings, change.as_if())  # others of a step are not waited for any more
    step_on(change, settings, touched)
    return accepted
