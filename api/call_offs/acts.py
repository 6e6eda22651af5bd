"""What is done to call-offs: filed, read and withdrawn; volumes are offered, answered and awarded as well."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import orjson

from api.acts.act import Caller, Size, act, only
from api.call_offs.answers import areas_of, call_off_json, etag_of, members, state_of
from api.call_offs.filing import ALREADY_WITHDRAWN, AnyCallOff, file, notes_of, withdraw_care
from api.call_offs.schemas import Award, CallOffVolume, OfferVolume, VolumeAnswer, Withdrawal
from api.call_offs.shown import CallOffsQuery
from api.call_offs.volumes import answer_volume, award_volume, offer_volume, withdraw_volume
from api.http.errors import Problem
from api.http.paging import Page
from api.http.places import placed
from api.http.responses import Shown, refuse_changed, require, shown
from api.offers.lapsing import OF_SWEEPS, sweep
from api.security.roles import ADMIN, CONTRACTS, PLANNER, TRANSITION
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import CALL_OFFS, Body

VOLUMES_ALONE = "volumes alone"
FILED_BY = {PLANNER: "", CONTRACTS: VOLUMES_ALONE, ADMIN: ""}
OF_PACKAGES = ("package.add", "package.change", "package.end", "package.divide", "package.rejoin", "offer.supersede")


@act("call_offs.list", {**FILED_BY, TRANSITION: ""}, writes=("call_offs.read",))
def list_call_offs(by: Caller, query: CallOffsQuery) -> Page[bytes]:
    """Call-offs, a page at a time, in the order in which they were asked for."""

    def wanted(state: State, call_off_id: str) -> bool:
        kind = state.stock[CALL_OFFS][call_off_id].body["kind"]
        return (
            query.kind in (None, kind)
            and (by.actor.role != CONTRACTS or kind == "volume")
            and (query.state is None or query.state == state_of(state, call_off_id))
            and (query.area_id is None or query.area_id in areas_of(state, call_off_id))
        )

    before = by.store.state()
    stock = before.stock[CALL_OFFS]
    page = by.page(
        (each for each in stock if wanted(before, each)),
        lambda call_off_id: (stock[call_off_id].body["asked_at"], call_off_id),
        query.limit,
        query.cursor,
    )
    package_ids = sorted(each for call_off_id in page.items for each in members(before, call_off_id))
    state = by.read("call_offs.read", CALL_OFFS, details={"call_off_ids": page.items, "package_ids": package_ids})
    return Page([orjson.dumps(call_off_json(state, each)) for each in page.items], page.next_cursor)


@act("call_offs.read", {**FILED_BY, TRANSITION: ""}, writes=("call_off.read",))
def read(by: Caller, call_off_id: str) -> Shown:
    """A call-off: who asked for what and when, where it stands, and everything that has come of it."""
    _found(by, by.store.state(), call_off_id)
    seen = {"package_ids": members(by.store.state(), call_off_id)}
    state = by.read("call_off.read", CALL_OFFS, call_off_id, seen)
    return shown(call_off_json(state, call_off_id), etag_of(state, call_off_id))


@act("call_offs.add", FILED_BY, writes=("call_off.add", *OF_PACKAGES), changes=True, takes=Size.LIST)
def add(by: Caller, asked: AnyCallOff, dry_run: bool = False) -> tuple[str, Shown]:
    """One request, whatever is asked for: it is written whole, or refused with every fault. Its id, and what it is now."""
    if by.actor.role == CONTRACTS and not isinstance(asked, CallOffVolume):
        raise Problem("forbidden", "A contract officer asks for volumes; people's care is asked for by planners.")
    asked = placed(asked, by.service.postcodes)
    with _changing(by, dry_run) as change:
        call_off_id = file(change, asked, by.settings)
        after = change.as_if()
    return call_off_id, _written(after, call_off_id, dry_run)


@act("call_offs.withdraw", FILED_BY, writes=("call_off.withdraw", *OF_PACKAGES, "alert.acknowledge"), changes=True)
def withdraw(by: Caller, call_off_id: str, asked: Withdrawal, if_match: str | None, dry_run: bool = False) -> Shown:
    """What was asked for is no longer, with a reason; care that a provider has accepted or delivers is never ended by it."""
    now = by.settings.clock.now().isoformat()

    def withdrawn(change: Change) -> Body:
        found = _found(by, change.state, call_off_id)
        if found["withdrawn_at"]:
            raise Problem(ALREADY_WITHDRAWN, f"By {found['withdrawn_by']} at {found['withdrawn_at']}.")
        require(if_match, etag_of(change.state, call_off_id))
        if found["kind"] == "volume":
            body = withdraw_volume(change, call_off_id, asked.reason)
        else:
            body = withdraw_care(change, call_off_id, asked.reason, now)
        return body | {"withdrawn_by": by.actor.name, "withdrawn_at": now}

    return _done(by, call_off_id, withdrawn, dry_run)


@act("call_offs.offer", only(CONTRACTS, ADMIN), writes=("call_off.offer",), changes=True, takes=Size.LIST)
def offer(by: Caller, call_off_id: str, asked: OfferVolume, if_match: str | None, dry_run: bool = False) -> Shown:
    """A volume is offered to named providers: all of them or none, and nobody who is given no new work."""
    now = by.settings.clock.now().isoformat()
    return _done(by, call_off_id, lambda change: offer_volume(change, call_off_id, asked, now), dry_run, if_match)


@act("call_offs.answer", only(CONTRACTS, ADMIN), writes=("call_off.answer",), changes=True)
def answer(by: Caller, call_off_id: str, provider_id: str, given: VolumeAnswer, if_match: str | None) -> Shown:
    """What a provider says about a volume is written down, with who said so and how."""
    now = by.settings.clock.now().isoformat()
    return _done(by, call_off_id, lambda change: answer_volume(change, call_off_id, provider_id, given, now), False, if_match)


@act(
    "call_offs.award",
    only(CONTRACTS, ADMIN),
    writes=("call_off.award", "contracts.add", *OF_SWEEPS),
    changes=True,
    takes=Size.LIST,
)
def award(by: Caller, call_off_id: str, asked: Award, if_match: str | None, dry_run: bool = False) -> Shown:
    """A volume becomes contracts with a provider, in some of its areas or in all, each judged as any contract is."""

    def awarded(change: Change) -> Body:
        require(if_match, etag_of(change.state, call_off_id))
        return award_volume(change, call_off_id, asked)

    return _done(by, call_off_id, awarded, dry_run)


def _changing(by: Caller, dry_run: bool) -> AbstractContextManager[Change]:
    return by.trial() if dry_run else by.change()


def _done(by: Caller, call_off_id: str, does: Callable[[Change], Body], dry_run: bool, if_match: str | None = None) -> Shown:
    """Do something to a call-off, and what follows from it for offers that wait. ``if_match``: where it need not be told."""
    with _changing(by, dry_run) as change:
        before = _found(by, change.state, call_off_id)
        refuse_changed(if_match, etag_of(change.state, call_off_id))
        body = does(change)
        if body is not before:
            change.put(CALL_OFFS, call_off_id, body)
        after = sweep(change, by.settings, change.as_if())
    return _written(after, call_off_id, dry_run)


def _found(by: Caller, state: State, call_off_id: str) -> Body:
    """A call-off's body, to whoever may see it. Raises the problems ``not_found`` and ``forbidden``."""
    stored = state.get(CALL_OFFS, call_off_id)
    if stored is None:
        raise Problem("not_found", "There is no call-off of this id.")
    if by.actor.role == CONTRACTS and stored.body["kind"] != "volume":
        raise Problem("forbidden", "Call-offs of people's care are the planners'; yours are volumes.")
    return stored.body


def _written(state: State, call_off_id: str, dry_run: bool) -> Shown:
    """A call-off as it is now, or would be: the change's own entry in the audit trail covers this answer."""
    body = call_off_json(state, call_off_id) | {"notes": notes_of(state, members(state, call_off_id)), "dry_run": dry_run}
    return shown(body, "" if dry_run else etag_of(state, call_off_id))
