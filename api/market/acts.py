"""What is done on the providers' side and how it is answered: own limits, skills and ratings, contracts, restrictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.http.conversion import columns_of, record_json
from api.http.errors import Problem
from api.http.paging import Page
from api.http.responses import Shown, require, shown_record, tag
from api.http.strict import Query
from api.market.schemas import (
    ContractChanges,
    ContractsQuery,
    NewRestriction,
    ProviderChanges,
    RestrictionEnd,
    RestrictionsQuery,
)
from api.offers.lapsing import sweep
from api.packages.acts import ALREADY_THERE
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import as_before, with_given
from optimiser.io.likely_typos import new_notes

CARE = only(PLANNER, TRANSITION, ADMIN)


@act("providers.list", CARE)
def list_providers(by: Caller, query: Query) -> Page[bytes]:
    """Providers, a page at a time, in the order of their ids."""
    state = by.store.state()
    page = by.page(state.stock["providers"], lambda each: (each,), query.limit, query.cursor)
    return Page([orjson.dumps(provider_json(state, each)) for each in page.items], page.next_cursor)


@act("providers.read", CARE)
def read_provider(by: Caller, provider_id: str) -> Shown:
    """A provider with its offices: ratings, skills and own limits."""
    return shown_record(by.store.state(), "providers", provider_id, provider_json)


@act("providers.change", only(PLANNER, ADMIN), writes=("providers.change",), changes=True)
def change_provider(by: Caller, provider_id: str, changes: ProviderChanges, if_match: str | None) -> Shown:
    """A provider's own limits, skills or ratings are changed, with a reason."""
    with by.change() as change:
        before = change.state
        _change_record(change, "providers", provider_id, changes, if_match)
    return shown_record(by.store.state(), "providers", provider_id, noting(provider_json, before))


@act("contracts.list", CARE)
def list_contracts(by: Caller, query: ContractsQuery) -> Page[bytes]:
    """Contracts, a page at a time, in the order of their ids."""
    state = by.store.state()
    wanted = {name: value for name in ("provider_id", "area_id", "tier") if (value := getattr(query, name)) is not None}
    page = by.page(
        (c for c in state.snapshot.contracts if all(getattr(c, name) == wanted[name] for name in wanted)),
        lambda contract: (contract.contract_id,),
        query.limit,
        query.cursor,
    )
    return Page([orjson.dumps(contract_json(state, each.contract_id)) for each in page.items], page.next_cursor)


@act("contracts.read", CARE)
def read_contract(by: Caller, contract_id: str) -> Shown:
    """A contract's maximum, guarantee, rates and bands."""
    return shown_record(by.store.state(), "contracts", contract_id, contract_json)


@act("contracts.change", only(ADMIN), writes=("contracts.change",), changes=True)
def change_contract(by: Caller, contract_id: str, changes: ContractChanges, if_match: str | None) -> Shown:
    """A contract's maximum is changed, with a reason."""
    with by.change() as change:
        _change_record(change, "contracts", contract_id, changes, if_match)
    return shown_record(by.store.state(), "contracts", contract_id, contract_json)


@act("restrictions.list", CARE)
def list_restrictions(by: Caller, query: RestrictionsQuery) -> Page[bytes]:
    """Restrictions, a page at a time, those that have ended included."""
    state = by.store.state()
    page = by.page(
        (
            each
            for each in state.snapshot.restrictions
            if query.provider_id in (None, each.provider_id) and query.in_force in (None, each.in_force(state.as_of))
        ),
        lambda restriction: (restriction.restriction_id,),
        query.limit,
        query.cursor,
    )
    return Page([orjson.dumps(restriction_json(state, each.restriction_id)) for each in page.items], page.next_cursor)


@act("restrictions.read", CARE)
def read_restriction(by: Caller, restriction_id: str) -> Shown:
    """Whom a restriction restricts, where, from when until when, and why."""
    return shown_record(by.store.state(), "restrictions", restriction_id, restriction_json)


@act("restrictions.add", only(PLANNER, ADMIN), writes=("restrictions.add",), changes=True)
def add_restriction(by: Caller, asked: NewRestriction) -> Shown:
    """A provider is restricted: running care stays, offers that may no longer be waited for are stopped."""
    with by.change() as change:
        before = change.state
        if before.get("restrictions", asked.restriction_id):
            raise Problem(ALREADY_THERE, "A restriction with this restriction_id is there already.")
        cells = with_given(dict.fromkeys(columns_of("restrictions"), ""), asked.cells())
        put_checked(change, {("restrictions", asked.restriction_id): cells})
        change.remember("restrictions.add", "restrictions", asked.restriction_id, {"after": cells})
        sweep(change, by.settings, change.as_if())  # it stops offers that wait for an answer, at once
    return shown_record(by.store.state(), "restrictions", asked.restriction_id, noting(restriction_json, before))


@act("restrictions.change", only(PLANNER, ADMIN), writes=("restrictions.change",), changes=True)
def change_restriction(by: Caller, restriction_id: str, changes: RestrictionEnd, if_match: str | None) -> Shown:
    """When a restriction ends is changed, with a reason."""
    with by.change() as change:
        before = change.state
        _change_record(change, "restrictions", restriction_id, changes, if_match)
        sweep(change, by.settings, change.as_if())
    return shown_record(by.store.state(), "restrictions", restriction_id, noting(restriction_json, before))


def _change_record(
    change: Change, kind: str, record_id: str, changes: ProviderChanges | ContractChanges | RestrictionEnd, if_match: str | None
) -> None:
    """Write new values of some columns; the reason goes into the audit trail."""
    stored = change.state.get(kind, record_id)
    if stored is None:
        raise Problem("not_found", f"There is none of the {kind} with this id.")
    require(if_match, tag(stored.version))
    given = changes.cells("reason")
    put_checked(change, {(kind, record_id): with_given(stored.body, given)})
    before = as_before(stored.body, given)
    change.remember(f"{kind}.change", kind, record_id, {"before": before, "after": given, "reason": changes.reason})


AsJson = Callable[[State, str], dict[str, Any]]


def provider_json(state: State, provider_id: str) -> dict[str, Any]:
    """A provider with its offices."""
    own = [each for each, office in sorted(state.stock["offices"].items()) if office.record.provider_id == provider_id]
    offices = [record_json("offices", state.stock["offices"][each].body) for each in own]
    found = record_json("providers", state.stock["providers"][provider_id].body)
    return found | {"offices": [{name: office[name] for name in office if name != "provider_id"} for office in offices]}


def plain_json(kind: str) -> AsJson:
    """How a record of a kind is shown that has nothing beside its columns."""
    return lambda state, record_id: record_json(kind, state.stock[kind][record_id].body)


def noting(as_json: AsJson, before: State) -> AsJson:
    """A record that has just been written, with what is probably mistyped since; ``before``: the state that was changed."""
    return lambda state, record_id: as_json(state, record_id) | {"notes": new_notes(before.snapshot, state.snapshot)}


contract_json, restriction_json = plain_json("contracts"), plain_json("restrictions")
