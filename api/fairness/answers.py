"""The counts as they are answered: exact for who places care; for everybody else so that nobody can be picked out of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.fairness.counts_of_people import FIGURES, REASONS, WAITS, Asked, Row, Waits, asked_in, told_of, waits_in
from api.fairness.quarters import Span
from api.fairness.requests_kept import requests_kept
from api.state.state import State
from optimiser.explaining.who_comes_last import skills_offered

Json = dict[str, Any]
TIERS = ("principal", "framework", "legacy", "specialist", "reserve")


@dataclass(frozen=True)
class Hiding:
    """How people are hidden in what is told. ``smallest``: figures about fewer people are withheld, others rounded to it;
    ``names``: whether providers are named.
    """

    smallest: int
    names: bool


def fairness_of(connection: Connection, state: State, span: Span, hiding: Hiding | None) -> Json:
    """The answer for a span of days. Without ``hiding``: exact, with the providers' names."""
    kept = requests_kept(connection, state)
    contracts = {contract_id: stored.record for contract_id, stored in state.stock["contracts"].items()}
    undated = {each.person for each in kept if each.package.requested_at is None}
    asked, waits = asked_in(kept, contracts, span), waits_in(kept, skills_offered(state.county), span)
    return {
        "since": str(span.since),
        "until": str(span.until),
        "counts_to_the_nearest": 1 if hiding is None else hiding.smallest,
        "rural_beyond_miles": float(state.snapshot.policy.rural_beyond_miles),
        "requests_without_a_day": len(undated) if hiding is None else None,
        "asked": _asked_rows(state, asked, hiding),
        "waits": _wait_rows(waits, hiding),
    }


def _asked_rows(state: State, asked: Asked, hiding: Hiding | None) -> list[Json]:
    areas = {area.area_id: area.name for area in state.snapshot.areas}
    names = {provider.provider_id: provider.name for provider in state.snapshot.providers}
    rows = []
    for (area_id, tier, provider_id), figures in asked.items():
        if _is_too_small(figures, "asked", hiding):
            continue
        row: Json = {"area_id": area_id, "area": areas.get(area_id, area_id), "tier": tier}
        row |= {"provider_id": provider_id, "provider": names.get(provider_id, provider_id)}
        smallest = None if hiding is None else hiding.smallest
        row |= told_of(figures, FIGURES, smallest)
        found = told_of(figures, [f"declined.{reason}" for reason in REASONS], smallest)
        rows.append(row | {"declined_by_reason": {name.removeprefix("declined."): count for name, count in found.items()}})
    if hiding is not None and not hiding.names:
        return _without_names(rows)
    return sorted(rows, key=lambda row: (row["area"], row["area_id"], _place(row["tier"]), row["provider"], row["provider_id"]))


def _without_names(rows: Iterable[Json]) -> list[Json]:
    """Providers by number within their area and tier, in an order that follows from the figures shown and tells nothing more."""
    numbers: Counter[tuple[str, str]] = Counter()
    found = []
    for row in sorted(rows, key=lambda row: (row["area"], row["area_id"], _place(row["tier"]), _figures_of(row))):
        numbers[row["area_id"], row["tier"]] += 1
        number = numbers[row["area_id"], row["tier"]]
        found.append(row | {"provider_id": None, "provider": f"{row['tier'].capitalize()} provider {number}"})
    return found


def _figures_of(row: Json) -> tuple[int, ...]:
    """The most asked first; what is withheld comes last."""
    told = (*(row[name] for name in FIGURES), *row["declined_by_reason"].values())
    return tuple(1 if count is None else -count for count in told)


def _place(tier: str) -> int:
    return TIERS.index(tier) if tier in TIERS else len(TIERS)


def _wait_rows(waits: Waits, hiding: Hiding | None) -> list[Json]:
    smallest = None if hiding is None else hiding.smallest
    return [
        {"by": table, "group": group, **told_of(figures, ("people", *WAITS), smallest)}
        for table, groups in waits.items()
        for group, figures in groups.items()
        if not _is_too_small(figures, "people", hiding)
    ]


def _is_too_small(figures: Row, whole: str, hiding: Hiding | None) -> bool:
    """Whether a row is left out: that there is such a one would tell of somebody already."""
    return hiding is not None and len(figures[whole].people) < hiding.smallest
