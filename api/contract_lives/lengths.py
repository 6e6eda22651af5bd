"""How long a contract runs: extended by somebody's authority, or ended early with notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.contract_lives.deeds import Done, care_on, late, refuse_out_of_order, undecided
from api.contract_lives.new_plans import hand_back_call
from api.contract_lives.schemas import EarlyEnd, Extension, Follows, Notice
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored
from optimiser.domain.records import Contract

Cells = dict[str, Any]


def extend(change: Change, stored: Stored, asked: Extension) -> Done:
    """A later end, as far as the contract allows."""
    contract: Contract = stored.record
    refuse_out_of_order(_no_extension(change.state, contract, asked))
    told = _until(change, stored, asked.ends.isoformat()) | asked.authority.told() | {"reason": asked.reason}
    change.remember("contracts.extend", "contracts", contract.contract_id, told)
    return Done(contract.contract_id, Follows())


def _no_extension(state: State, contract: Contract, asked: Extension) -> Iterator[str]:
    yield from undecided("authority", asked.authority, state.as_of)
    if contract.ends is None:
        yield "It has no end: there is nothing to extend."
        return
    if contract.ends == contract.starts:
        yield f"It was withdrawn from before it began on {contract.starts}: award another."
    elif contract.has_ended(state.as_of):
        yield f"It ended on {contract.ends}: another contract succeeds one that has ended."
    elif asked.ends <= contract.ends:
        yield f"It runs until {contract.ends} already: an earlier day is an early end, with notice."
    if contract.extension_until is not None and asked.ends > contract.extension_until:
        yield f"It may be extended until {contract.extension_until} at the latest (extension_until), not until {asked.ends}."


def end_early(change: Change, stored: Stored, asked: EarlyEnd) -> Done:
    """An earlier end, with the notice that has to be given; whose care runs on it is told, and where to go from here."""
    contract: Contract = stored.record
    notice = notice_of(change.state, contract, asked)
    refuse_out_of_order(_no_early_end(change.state, contract, asked, notice))
    shorter = {} if asked.shorter_notice is None else {"shorter_notice": asked.shorter_notice.told()}
    told: Cells = {
        "notice_given_on": asked.notice_given_on.isoformat(),
        "given_by": asked.given_by,
        **notice.model_dump(),
        **shorter,
    }
    told = _until(change, stored, asked.ends.isoformat()) | told | {"reason": asked.reason}
    change.remember("contracts.end_early", "contracts", contract.contract_id, told)
    care = care_on(change.state, contract.contract_id, asked.ends)
    call = [hand_back_call(contract.contract_id)] if care.place_by else []
    return Done(contract.contract_id, Follows(notice=notice, care=care, next=call))


def notice_of(state: State, contract: Contract, asked: EarlyEnd) -> Notice:
    """How long notice has to be: as the contract says, else as its provider's record does, else by the settings."""
    given = max(0, (asked.ends - asked.notice_given_on).days)
    provider = state.stock["providers"][contract.provider_id].record
    if contract.notice_days is not None:
        return Notice(days_needed=contract.notice_days, rests_on="contract", days_given=given)
    if provider.notice_days is not None:
        return Notice(days_needed=provider.notice_days, rests_on="provider", days_given=given)
    return Notice(days_needed=state.snapshot.procurement.notice_days, rests_on="settings", days_given=given)


def _no_early_end(state: State, contract: Contract, asked: EarlyEnd, notice: Notice) -> Iterator[str]:
    today = state.as_of
    yield from late("notice_given_on", asked.notice_given_on, today)
    yield from undecided("shorter_notice", asked.shorter_notice, today)
    if contract.has_ended(today):
        yield f"It ended on {contract.ends}."
    elif not contract.has_begun(today):
        yield f"It begins on {contract.starts}: who steps back before that withdraws."
    elif contract.ends is not None and asked.ends >= contract.ends:
        yield f"It ends on {contract.ends} of itself: a later day is an extension."
    if asked.ends < today:
        yield f"ends: a day from today, {today}, on; it is {asked.ends}."
    if notice.days_given < notice.days_needed and asked.shorter_notice is None:
        yield (
            f"Notice is {notice.days_needed} days, as its {notice.rests_on} say{'' if notice.rests_on == 'settings' else 's'}:"
            f" {notice.days_given} lie between {asked.notice_given_on} and {asked.ends}."
            " Name in shorter_notice who decided that it may be shorter."
        )


def _until(change: Change, stored: Stored, ends: str) -> Cells:
    """Another end is written; what was and what is, for the trail."""
    put_checked(change, {("contracts", stored.record.contract_id): stored.body | {"ends": ends}})
    return {"before": {"ends": stored.body.get("ends") or ""}, "after": {"ends": ends}}
