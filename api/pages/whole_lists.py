"""Lists that the service tells a page at a time, from their first page to their last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from api.http.paging import Page
from api.http.strict import Query

Json = dict[str, Any]


def every(read: Callable[[Query], Page[bytes]]) -> list[Json]:
    """All of a list, of which ``read`` tells one page."""
    found: list[Json] = []
    cursor: str | None = None
    while True:
        part = read(Query(cursor=cursor))
        found += [orjson.loads(each) for each in part.items]
        cursor = part.next_cursor
        if cursor is None:
            return found
