"""The cascade's answer with fits beside its places. Round ids and minutes alone: nothing of anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson

from api.cascade.fitting_messages import Provenance, Told

NOT_KNOWN: dict[str, Any] = {
    "outcome": "not_known", "extra_minutes_per_week": None, "round_ids": [], "visits_later": None, "visits_without_room": None,
}  # fmt: skip


def with_fits(body: dict[str, Any], told: Mapping[str, Told], provenance: Provenance | None) -> bytes:
    """``body``: the cascade as it is without; its order, and who is asked, stay as they are."""
    rounds = None if provenance is None else asdict(provenance)
    for place in body["places"]:
        place["fit"] = _fit(told.get(place["provider_id"]))
    return orjson.dumps({**body, "rounds": rounds})


def _fit(told: Told | None) -> dict[str, Any]:
    if told is None:
        return NOT_KNOWN
    fits = not told.without_room
    return {
        "outcome": "fits" if fits else "no_fit_found",
        "extra_minutes_per_week": told.extra_minutes if fits else None,
        "round_ids": told.round_ids if fits else [],
        "visits_later": told.visits_later if fits else None,
        "visits_without_room": told.without_room,
    }
