"""Addresses that carry ids, whatever an id holds: a slash in one is written as ``%2F`` and divides nothing.

A server hands the path on as it reads, in which ``%2F`` is a slash like those between the segments. Routes are found by the
path as it was sent, a segment at a time; until a route has been found, another sign stands for the slash inside of an id.
"""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote, unquote

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.errors import Problem
from optimiser.domain.records import LONGEST

SLASH = "\ue02f"
"""Stands for a slash inside of a segment. It is no printable character, so that no id holds it."""
UNREADABLE = "\ufffd"
LONGEST_NAME = 50
LONGEST_HERE = 2 * LONGEST
"""Characters of an id in an address, which may be made of a contract's and a day."""


def address_of(*segments: str) -> str:
    """The address of something under ``/v1``; ids go in as they are."""
    return "/".join(("/v1", *(quote(segment, safe="") for segment in segments)))


class WholeIds:
    """ASGI middleware, before routing: slashes of ids do not divide the path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw: bytes = scope.get("raw_path") or b""
        if scope["type"] == "http" and b"%2F" in raw.upper():
            scope["path"] = path_of(raw)
        await self._app(scope, receive, send)


def path_of(raw: bytes) -> str:
    """The path to find a route by."""
    segments = raw.decode("ascii", "replace").split("/")
    return "/".join(unquote(segment).replace(SLASH, UNREADABLE).replace("/", SLASH) for segment in segments)


async def asked_once_each(request: Request) -> None:
    """For every route: of a parameter that is given twice one value would count, and who stands in between may see the other.

    Raises a ``Problem`` with each.
    """
    times = Counter(name for name, _ in request.query_params.multi_items())
    if faults := [{"where": ["query", name[:LONGEST_NAME]], "problem": "given twice"} for name in times if times[name] > 1]:
        raise Problem("invalid_request", f"{len(faults)} fault(s)", faults=faults)


async def ids_as_they_are(request: Request) -> None:
    """For every route, before all that it depends on: the ids of its address with their slashes.

    What no record can be called is not there. That is said before anything is asked of the database or written down: an id that
    the audit trail could not hold would take the readings of others with it. Raises a ``Problem``.
    """
    for name, value in request.path_params.items():
        if isinstance(value, str):
            request.path_params[name] = own = value.replace(SLASH, "/")
            if len(own) > LONGEST_HERE or not own.isprintable():
                raise Problem("not_found", f"There is nothing of that name: an id has at most {LONGEST} printable characters.")
