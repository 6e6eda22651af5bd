"""Names in place of ids, where the role may read them; nobody is called by an id."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from api.acts.act import Act, Caller
from api.http.whole_lists import parts
from api.pages.area_outlines import outlines_of
from api.records.acts import DEEDS
from api.records.schemas import SCHEMAS

Json = dict[str, Any]
MOST = 1000
"""Records at a time: as many as the service gives."""


def provider_names(by: Caller) -> dict[str, str]:
    """Every provider's name by its id."""
    return dict(_named(each) for each in _told(by, "providers"))


def area_names(by: Caller) -> dict[str, str]:
    """Every area's name by its id, in the order of the names: from the outlines, for which no figure is worked out."""
    found = sorted((each.name, each.area_id) for each in outlines_of(by))
    return {area_id: name for name, area_id in found}


def reads(by: Caller, kind: str) -> bool:
    """Whether the role may read records of a kind."""
    listed = DEEDS[kind].list
    return listed is not None and listed.role_of(by.actor) is not None


def records(by: Caller, kind: str, **narrowed: str) -> list[Json]:
    """All records of a kind, or those of it that have some cells; none where the role may not read them."""
    return [orjson.loads(each) for each in _told(by, kind, **narrowed)]


@lru_cache(maxsize=MOST)
def _named(provider: bytes) -> tuple[str, str]:
    """A provider's id and name, of its record as it is told: most pages ask for all of them."""
    told = orjson.loads(provider)
    return told["provider_id"], told["name"]


def _told(by: Caller, kind: str, **narrowed: str) -> Iterator[bytes]:
    """The records as they are told; none where the role may not read them."""
    listed: Act[..., Any] | None = DEEDS[kind].list
    if listed is None or not reads(by, kind):
        return
    wanted = SCHEMAS[kind].query
    for part in parts(lambda cursor: listed(by, wanted(cursor=cursor, limit=MOST, **narrowed))):
        yield from part.items
