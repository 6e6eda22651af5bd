"""A provider's rating by CQC follows from its locations: it is written with each of them, in the same transaction."""

from __future__ import annotations

from typing import Any

from api.state.state import State
from optimiser.domain.cqc import worst_of
from optimiser.io.faults import InputRefusedError
from optimiser.io.record_cells import record_of


def rating_of_its_provider(
    state: State, location_id: str, cells: dict[str, Any] | None
) -> list[tuple[tuple[str, str], dict[str, Any]]]:
    """Its provider's ``cqc_rating`` where that becomes another: the worst that there then is. ``cells`` None: it closes.

    The last location's rating stays with its provider: that CQC rates it no more is no better rating.
    """
    stored = state.get("locations", location_id)
    provider_id = cells["provider_id"] if cells else stored.record.provider_id if stored else ""
    provider = state.get("providers", provider_id)
    own = [each for each in state.county.locations_of.get(provider_id, ()) if each.location_id != location_id]
    try:
        own += [record_of("locations", cells)] if cells else []
    except InputRefusedError:
        return []  # it is refused with its own faults
    if provider is None or not own or worst_of(own).cqc_rating == provider.record.cqc_rating:
        return []
    return [(("providers", provider_id), {"cqc_rating": worst_of(own).cqc_rating})]
