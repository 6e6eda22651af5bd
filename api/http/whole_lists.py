"""Lists that the service tells a page at a time, from their first page to their last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

import orjson

from api.http.paging import Page
from api.http.strict import Query

Json = dict[str, Any]


class Part(Protocol):
    """A page of a list; with None as ``next_cursor`` the last."""

    @property
    def next_cursor(self) -> str | None: ...


P = TypeVar("P", bound=Part)


def every(read: Callable[[Query], Page[bytes]]) -> list[Json]:
    """All of a list, of which ``read`` tells one page."""
    return [orjson.loads(each) for part in parts(lambda cursor: read(Query(cursor=cursor))) for each in part.items]


def parts(read: Callable[[str | None], P]) -> Iterator[P]:
    """Every page of a list, of which ``read`` tells the one that begins at a cursor."""
    part = read(None)
    yield part
    while part.next_cursor is not None:
        part = read(part.next_cursor)
        yield part
