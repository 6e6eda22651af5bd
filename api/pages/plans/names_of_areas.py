"""Names of areas, read by the act that lists them."""

from __future__ import annotations

from api.acts.act import Caller
from api.overview import acts as overview
from api.pages.whole_lists import every


def area_names(by: Caller) -> dict[str, str]:
    """By their ids, in the order of the names."""
    found = ((each["name"], each["area_id"]) for each in every(lambda query: overview.list_areas(by, query)))
    return {area_id: name for name, area_id in sorted(found)}
