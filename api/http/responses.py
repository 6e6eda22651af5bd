"""Answers as bytes: made once, sent as they are, with the tag that says which version they show and whether what a caller has
read is still so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import Header
from fastapi.responses import Response

from api.http.errors import Problem, declare
from api.http.paging import Page

if TYPE_CHECKING:
    from api.state.state import State


IfNoneMatch = Annotated[str | None, Header(description="The ETag of what you have: 304 where it is still so.", examples=['"7"'])]
IfMatch = Annotated[str | None, Header(description="The ETag of the record that you have read. Required.", examples=['"7"'])]


@dataclass(frozen=True)
class Shown:
    """What an act answers with, as JSON. ``etag`` changes whenever it does; empty: nobody asks."""

    body: bytes
    etag: str = ""


def shown(body: dict[str, Any], etag: str = "") -> Shown:
    return Shown(orjson.dumps(body), etag)


def shown_whole(body: dict[str, Any]) -> Shown:
    """The same with the tag of all that stands in it."""
    answer = orjson.dumps(body)
    return Shown(answer, tag_of(answer))


def with_notes(answer: Shown, notes: list[str]) -> Shown:
    """An answer with ``notes`` that has more of them."""
    if not notes:
        return answer
    body = orjson.loads(answer.body)
    return Shown(orjson.dumps(body | {"notes": [*body["notes"], *notes]}), answer.etag)


def shown_record(state: State, kind: str, record_id: str, as_json: Callable[[State, str], dict[str, Any]]) -> Shown:
    """A single record as a state has it. Raises the problem ``not_found``."""
    stored = state.get(kind, record_id)
    if stored is None:
        raise Problem("not_found", f"There is no {kind.removesuffix('s')} of this id.")
    return shown(as_json(state, record_id), tag(stored.version))


def one(answer: Shown, if_none_match: str | None = None, *, created_at: str = "") -> Response:
    """A single answer: 200, 201 with its address, or 304 where the caller has it already."""
    headers = ({"ETag": answer.etag} if answer.etag else {}) | ({"Location": created_at} if created_at else {})
    if answer.etag and is_known(if_none_match, answer.etag):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, 201 if created_at else 200, headers, "application/json")


def several(page: Page[bytes]) -> Response:
    """A page of a list."""
    items = b",".join(page.items)
    return Response(
        b'{"items":[' + items + b'],"next_cursor":' + orjson.dumps(page.next_cursor) + b"}", media_type="application/json"
    )


PRECONDITION_REQUIRED = declare("precondition_required", 428, "Say with If-Match which version of the record you have read")


ANY = "*"


def tag(*versions: object) -> str:
    """The tag of a record at a version."""
    return f'"{"-".join(map(str, versions))}"'


def tag_of(body: bytes) -> str:
    """The tag of an answer that is put together of several records: another one whenever anything in it is."""
    return tag(hashlib.sha256(body).hexdigest()[:16])


def is_known(known: str | None, now: str) -> bool:
    """Whether a caller's If-None-Match names what would be answered: ``*`` is whatever there is."""
    return known is not None and (known.strip() == ANY or now in tags_of(known))


def require(expected: str | None, now: str) -> None:
    """Raises a ``Problem`` unless a caller's If-Match names the record as it is."""
    if expected is None:
        raise Problem(PRECONDITION_REQUIRED, "Send the ETag that came with the record as If-Match.")
    refuse_changed(expected, now)


def refuse_changed(expected: str | None, now: str) -> None:
    """The same where a caller need not say what it has read. ``*``, of a caller in this process: whatever it is now."""
    if expected is not None and expected != ANY and now not in tags_of(expected):
        raise Problem("changed_since", "Somebody has changed the record since: read it again.", headers={"ETag": now})


def refuse_any(expected: str | None) -> None:
    """Raises a ``Problem`` for an If-Match that came over HTTP and names no version: whoever has read any has read none."""
    if expected is not None and ANY in (each.strip() for each in expected.split(",")):
        raise Problem(PRECONDITION_REQUIRED, "If-Match: * names no version: send the ETag that came with the record.")


def tags_of(header: str) -> list[str]:
    """The tags of a list of them, weak ones as strong ones: a proxy that packs an answer makes its tag a weak one."""
    return re.findall(r'(?:W/)?("[^"]*")', header)
