"""What the acts on the life of a contract have in common: judged whole, one transaction, told with what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from api.acts.act import Caller, only
from api.contract_lives.schemas import Authority, CareToPlace, Follows
from api.http.errors import Problem, declare
from api.http.responses import Shown
from api.offers.lapsing import sweep
from api.records.lifecycle import answer, changing, found_record
from api.records.record_kinds import RECORD_KINDS, RecordKind
from api.security.roles import ADMIN, CONTRACTS
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored

OUT_OF_ORDER = declare("out_of_order", 409, "This cannot be done to the contract or the area as it is; `faults` says why")
WHO = only(CONTRACTS, ADMIN)
OF_PLANS = ("run.out_of_date", "letter.written")

KIND: dict[str, RecordKind] = {kind.kind: kind for kind in RECORD_KINDS}


@dataclass(frozen=True)
class Done:
    """What a deed has written: the record that is answered with, and what follows from it."""

    record_id: str
    follows: Follows


def lived(
    by: Caller, kind: str, record_id: str, if_match: str | None, dry_run: bool, deed: Callable[[Change, Stored], Done]
) -> Shown:
    """A deed is done to a record as its caller has read it, or tried."""
    with changing(by, dry_run) as change:
        done = deed(change, found_record(change.state, KIND[kind], record_id, if_match))
        after = sweep(change, by.settings, change.as_if())
        stopped = sum(
            not stored.record.response and bool(after.stock["offers"][offer_id].record.response)
            for offer_id, stored in change.state.stock["offers"].items()
        )
        follows = done.follows.model_copy(update={"offers_stopped": stopped}).model_dump(mode="json")
        return answer(by, change, KIND[kind], done.record_id, dry_run=dry_run, more={"follows": follows})


def refuse_out_of_order(faults: Iterable[str]) -> None:
    """Raises the problem ``out_of_order`` with everything that stands in the way."""
    if found := list(faults):
        raise Problem(OUT_OF_ORDER, f"{len(found)} thing(s) stand in the way; nothing was written.", faults=found)


def late(name: str, day: dt.date | None, today: dt.date) -> Iterator[str]:
    """What is written down has happened: a day that is still to come is a slip of the pen."""
    if day is not None and day > today:
        yield f"{name}: a day up to today, {today}; it is {day}."


def undecided(name: str, authority: Authority | None, today: dt.date) -> Iterator[str]:
    """A decision that is still to be taken authorises nothing."""
    if authority is not None:
        yield from late(f"{name}.decided_on", authority.decided_on, today)


def care_on(state: State, contract_id: str, place_by: dt.date | None) -> CareToPlace:
    """The care that is under a contract today."""
    county = state.county
    on_it = [package for package, on in enumerate(county.running_on) if on == county.contract_index[contract_id]]
    return CareToPlace(
        people=county.people(on_it),
        hours_per_week=sum(int(county.minutes[package]) for package in on_it) / 60,
        place_by=place_by if on_it and contract_id not in county.succession.successor else None,
        listed_at=f"/v1/packages?contract_id={quote(contract_id, safe='')}",
    )
