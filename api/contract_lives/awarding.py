"""A contract goes to another provider: one in the place of another that ends, which care then has to come to by a transfer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from api.contract_lives.deeds import KIND, Done, care_on, refuse_out_of_order, undecided
from api.contract_lives.new_plans import hand_back_call, transfer_call
from api.contract_lives.schemas import CareToPlace, Follows, StaffNotice
from api.records.lifecycle import refuse_there_already
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored, with_given
from optimiser.domain.dates import days_after, working_day_up_to
from optimiser.domain.records import Contract
from optimiser.io.record_cells import EXTRA

OF_THE_AWARD = ("authority", "shorter_staff_notice", "reason")


def award_anew(change: Change, stored: Stored, asked: Any) -> Done:
    """The new contract is written down. Nobody is moved by it: care comes to it by a transfer that is planned and decided."""
    kind, old, state = KIND["contracts"], stored.record, change.state
    given = dict(asked.cells(*OF_THE_AWARD))
    care = care_on(state, old.contract_id, old.ends)
    staff = _staff_notice(state, given.get("starts", ""), care)
    refuse_out_of_order(_no_award(state, old, asked, staff))
    of_the_old_one = {"tier": old.tier, "area_id": old.area_id, "service": old.service}
    cells = with_given(dict.fromkeys(kind.columns, ""), given | of_the_old_one)
    refuse_there_already(state, kind, cells["contract_id"])
    put_checked(change, {("contracts", cells["contract_id"]): cells})
    told = {
        "in_place_of": old.contract_id,
        "after": {name: cells[name] for name in (*kind.columns, EXTRA) if name in cells},
        **asked.authority.told(),
        **({} if asked.shorter_staff_notice is None else {"shorter_staff_notice": asked.shorter_staff_notice.told()}),
    }
    change.remember("contracts.award_anew", "contracts", cells["contract_id"], told | {"reason": asked.reason})
    call = transfer_call([old.area_id]) if old.tier == "principal" else hand_back_call(old.contract_id)
    return Done(cells["contract_id"], Follows(staff_notice=staff, care=care, next=[call] if care.people else []))


def _staff_notice(state: State, starts: str, care: CareToPlace) -> StaffNotice | None:
    """By when the staff have to know; None for a contract that has always run."""
    if not starts:
        return None
    days = state.snapshot.procurement.tupe_days
    by = working_day_up_to(days_after(dt.date.fromisoformat(starts), -days))
    return StaffNotice(by=by, days=days, kept=state.as_of <= by or not care.people)


def _no_award(state: State, old: Contract, asked: Any, staff: StaffNotice | None) -> Iterator[str]:
    yield from undecided("authority", asked.authority, state.as_of)
    yield from undecided("shorter_staff_notice", asked.shorter_staff_notice, state.as_of)
    if asked.provider_id == old.provider_id:
        yield f"{old.contract_id} is that provider's already: add a contract that succeeds it, and the care carries over."
    if old.contract_id in state.county.succession.successor:
        yield f"{state.county.succession.successor[old.contract_id]} succeeds it: end that one instead."
    if old.ends is None:
        yield f"{old.contract_id} has no end: end it first, with notice."
    if staff is None:
        yield "starts: the day on which it takes the place of the other."
    elif not staff.kept and asked.shorter_staff_notice is None:
        yield (
            f"Notice to the staff (TUPE) was to begin by {staff.by}, {staff.days} days before {asked.starts}; today is"
            f" {state.as_of}. Begin later, or name in shorter_staff_notice who decided that it may be shorter or is not needed."
        )
