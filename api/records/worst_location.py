"""A provider's rating by CQC follows from its locations: it is written with each of them, in the same transaction."""

from __future__ import annotations

from typing import Any

from api.records.record_kinds import RecordKind
from api.state.state import State
from api.state.store import Change
from optimiser.domain.cqc import worst_of
from optimiser.domain.records import Location
from optimiser.io.faults import InputRefusedError
from optimiser.io.record_cells import record_of

Cells = dict[str, Any]
Written = dict[tuple[str, str], Cells | None]


def with_providers_rating(state: State, kind: RecordKind, written: Written) -> Written:
    """What is written, and where it is a location its provider with the worst rating that there then is.

    The last location's rating stays with its provider: that CQC rates it no more is no better rating.
    """
    if kind.kind != "locations":
        return written
    ((_, location_id), body) = next(iter(written.items()))
    stored = state.get("locations", location_id)
    provider_id = body["provider_id"] if body else stored.record.provider_id if stored else ""
    provider = state.get("providers", provider_id)
    others = [each for each in state.county.locations_of.get(provider_id, ()) if each.location_id != location_id]
    try:
        own: list[Location] = [*others, record_of("locations", body)] if body else others
    except InputRefusedError:
        return written  # which is refused with its own faults
    if provider is None or not own:
        return written
    worst = worst_of(own).cqc_rating
    return (
        written
        if worst == provider.record.cqc_rating
        else {**written, ("providers", provider_id): provider.body | {"cqc_rating": worst}}
    )


def remember_providers_rating(change: Change, written: Written, reason: str) -> None:
    """An entry about the provider whose rating is another now."""
    for (kind, record_id), body in written.items():
        if kind == "providers" and body is not None:
            before = change.state.stock[kind][record_id].body.get("cqc_rating") or ""
            told = {"before": {"cqc_rating": before}, "after": {"cqc_rating": body["cqc_rating"]}, "reason": reason}
            change.remember("providers.change", "providers", record_id, told)
