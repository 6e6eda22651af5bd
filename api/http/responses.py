"""Answers as bytes: made once, sent as they are, with the tag that says which version they show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

import orjson
from fastapi import Header
from fastapi.responses import Response

from api.http.errors import Problem
from api.http.etags import is_known, tag
from api.state.state import State

IfNoneMatch = Annotated[str | None, Header(description="The ETag of what you have: 304 where it is still so.", examples=['"7"'])]
IfMatch = Annotated[str | None, Header(description="The ETag of the record that you have read. Required.", examples=['"7"'])]


def one(body: bytes | dict[str, Any], etag: str = "", if_none_match: str | None = None, *, created_at: str = "") -> Response:
    """A single answer: 200, 201 with its address, or 304 where the caller has it already."""
    headers = ({"ETag": etag} if etag else {}) | ({"Location": created_at} if created_at else {})
    if etag and is_known(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(content, 201 if created_at else 200, headers, "application/json")


def record(
    state: State,
    kind: str,
    record_id: str,
    shown: Callable[[State, str], dict[str, Any]],
    if_none_match: str | None = None,
    *,
    created_at: str = "",
) -> Response:
    """A single record as a state has it. Raises the problem ``not_found``."""
    stored = state.get(kind, record_id)
    if stored is None:
        raise Problem("not_found", f"There is no {kind.removesuffix('s')} of this id.")
    return one(shown(state, record_id), tag(stored.version), if_none_match, created_at=created_at)


def several(bodies: Iterable[bytes], next_cursor: str | None) -> Response:
    """A page of a list."""
    items = b",".join(bodies)
    return Response(b'{"items":[' + items + b'],"next_cursor":' + orjson.dumps(next_cursor) + b"}", media_type="application/json")
