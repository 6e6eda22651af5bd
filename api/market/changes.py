"""What changes on the providers' side: their own limits, skills and ratings, contracts' maxima, restrictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.http.conversion import columns_of, record_json
from api.http.errors import Problem
from api.http.etags import require, tag
from api.market.schemas import ContractChanges, NewRestriction, ProviderChanges, RestrictionEnd
from api.packages.needs import ALREADY_THERE
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from optimiser.io.likely_typos import new_notes


def change_record(
    change: Change, kind: str, record_id: str, changes: ProviderChanges | ContractChanges | RestrictionEnd, if_match: str | None
) -> None:
    """Write new values of some columns; the reason goes into the audit trail."""
    stored = change.state.get(kind, record_id)
    if stored is None:
        raise Problem("not_found", f"There is none of the {kind} with this id.")
    require(if_match, tag(stored.version))
    given = changes.cells("reason")
    put_checked(change, {(kind, record_id): stored.body | given})
    before = {name: stored.body[name] for name in given}
    change.remember(f"{kind}.change", kind, record_id, {"before": before, "after": given, "reason": changes.reason})


def add_restriction(change: Change, asked: NewRestriction) -> None:
    """Write a restriction. Running care is left alone; what becomes of pending offers is for the caller to see to."""
    if change.state.get("restrictions", asked.restriction_id):
        raise Problem(ALREADY_THERE, "A restriction with this restriction_id is there already.")
    cells: dict[str, Any] = dict.fromkeys(columns_of("restrictions"), "") | asked.cells()
    put_checked(change, {("restrictions", asked.restriction_id): cells})
    change.remember("restrictions.add", "restrictions", asked.restriction_id, {"after": cells})


def provider_json(state: State, provider_id: str) -> dict[str, Any]:
    """A provider with its offices."""
    offices = [office for office in state.snapshot.offices if office.provider_id == provider_id]
    names = ("office_id", "latitude", "longitude")
    found = record_json("providers", state.stock["providers"][provider_id].body)
    return found | {"offices": [{name: getattr(office, name) for name in names} for office in offices]}


def noting(shown: Callable[[State, str], dict[str, Any]], before: State) -> Callable[[State, str], dict[str, Any]]:
    """A record that has just been written, with what is probably mistyped since; ``before``: the state that was changed."""
    return lambda state, record_id: shown(state, record_id) | {"notes": new_notes(before.snapshot, state.snapshot)}


def plain_json(kind: str) -> Callable[[State, str], dict[str, Any]]:
    """How a record of a kind is shown that has nothing beside its columns."""
    return lambda state, record_id: record_json(kind, state.stock[kind][record_id].body)
