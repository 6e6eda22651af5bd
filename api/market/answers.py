"""Providers, contracts and restrictions as they are answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.http.conversion import record_json
from api.state.state import State
from optimiser.io.likely_typos import new_notes

AsJson = Callable[[State, str], dict[str, Any]]


def provider_json(state: State, provider_id: str) -> dict[str, Any]:
    """A provider with its offices."""
    offices = [office for office in state.snapshot.offices if office.provider_id == provider_id]
    names = ("office_id", "latitude", "longitude")
    found = record_json("providers", state.stock["providers"][provider_id].body)
    return found | {"offices": [{name: getattr(office, name) for name in names} for office in offices]}


def plain_json(kind: str) -> AsJson:
    """How a record of a kind is shown that has nothing beside its columns."""
    return lambda state, record_id: record_json(kind, state.stock[kind][record_id].body)


def noting(as_json: AsJson, before: State) -> AsJson:
    """A record that has just been written, with what is probably mistyped since; ``before``: the state that was changed."""
    return lambda state, record_id: as_json(state, record_id) | {"notes": new_notes(before.snapshot, state.snapshot)}
