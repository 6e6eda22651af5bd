"""Names of providers and areas, and what a form lets choose from: read by the acts that list them, where the role may."""

from __future__ import annotations

from typing import Any

from api.acts.act import Caller
from api.http.strict import Query
from api.overview import acts as overview
from api.pages.whole_lists import every
from api.records.acts import DEEDS

Json = dict[str, Any]


def listed_of(by: Caller, kind: str) -> list[Json]:
    """All records of a kind; none where the role may not read them."""
    deed = DEEDS[kind].list
    if deed is None or deed.role_of(by.actor) is None:
        return []
    return every(lambda query: deed(by, _NarrowedByNothing(**query.model_dump())))


class _NarrowedByNothing(Query):
    """All of a kind, by whatever lists of that kind may be narrowed."""

    provider_id: None = None
    area_id: None = None
    tier: None = None


def provider_names(by: Caller) -> dict[str, str]:
    """By their ids."""
    return {each["provider_id"]: each["name"] for each in listed_of(by, "providers")}


def area_names(by: Caller) -> dict[str, str]:
    """By their ids, in the order of the names."""
    found = ((each["name"], each["area_id"]) for each in every(lambda query: overview.list_areas(by, query)))
    return {area_id: name for name, area_id in sorted(found)}
