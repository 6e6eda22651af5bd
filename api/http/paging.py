"""Pages of lists: each goes on after the last record of the page before, whatever has changed in between."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson

from api.http.errors import Problem

T = TypeVar("T")
Key = tuple[Any, ...]
"""Where a record stands in its list: texts and whole numbers, its id last."""

MOST_TIMES = 10
"""How many times the usual page a caller may ask for."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some records of a list. ``next_cursor`` None: there are no more."""

    items: list[T]
    next_cursor: str | None


def page_of(records: Iterable[T], key: Callable[[T], Key], *, limit: int | None, cursor: str | None, usual: int) -> Page[T]:
    """The next page in the order of a key. Raises a ``Problem`` for a cursor that is none of this list."""
    size = min(limit or usual, usual * MOST_TIMES)
    ordered = sorted(((key(record), number, record) for number, record in enumerate(records)), key=lambda each: each[:2])
    if cursor is not None:
        after = key_of(cursor, ordered[0][0] if ordered else None)
        ordered = [each for each in ordered if each[0] > after]
    items = ordered[:size]
    return Page([record for *_, record in items], cursor_of(items[-1][0]) if len(ordered) > size else None)


def cursor_of(key: Key) -> str:
    """A key made opaque."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def key_of(cursor: str, like: Key | None) -> Key:
    """Where a page begins. ``like``: a key of the list, with the types that this one has to have; None: of an empty list."""
    try:
        key = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        key = None
    wrong = not isinstance(key, list) or (like is not None and [type(each) for each in key] != [type(each) for each in like])
    if wrong or any(isinstance(each, str) and "\0" in each for each in key):  # no record's, and no database takes one
        raise Problem(
            "invalid_request", "1 fault(s)", faults=[{"where": ["query", "cursor"], "problem": "no cursor of this list"}]
        )
    return tuple(key)
