"""Whoever reads pages in a browser reads problems as pages too; programs, and everything under ``/v1``, are answered as ever."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import MEDIA_TYPE
from api.pages.frame import HEADERS, page
from api.pages.front_door import sign_in_page

OF_PROGRAMS = frozenset({"v1", "health", "metrics", "openapi.json", "handbook", "assets", "price-band"})
"""The first part of addresses that keep their own answers."""
HEADINGS = {403: "You may not do this", 404: "Page not found", 405: "Page not found", 503: "Please try again"}
A_PAGES_OWN = frozenset({"content-type", "content-length", *(name.lower() for name in HEADERS)})
"""Headers of an answer that its page has of its own; all others stay."""


def is_of_people(scope: Scope) -> bool:
    """Whether a request is for a page, by somebody who reads HTML."""
    if scope["type"] != "http" or scope["method"] == "HEAD" or scope["path"].lstrip("/").partition("/")[0] in OF_PROGRAMS:
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


class AsPages:
    """ASGI middleware, outside of all others. An answer that is no problem goes through it untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_of_people(scope):
            await self._app(scope, receive, send)
            return
        held: Message | None = None
        body = b""

        async def read_first(message: Message) -> None:
            nonlocal held, body
            if message["type"] == "http.response.start" and Headers(raw=message["headers"]).get("content-type") == MEDIA_TYPE:
                held = message
            elif held is None:
                await send(message)
            else:
                body += message.get("body", b"")

        await self._app(scope, receive, read_first)
        if held is not None:
            await _page_of(Request(scope), orjson.loads(body), Headers(raw=held["headers"]))(scope, receive, send)


def _page_of(request: Request, problem: dict[str, Any], told: Headers) -> Any:
    """The page that tells of a problem, with the headers of its answer."""
    headers = {name: value for name, value in told.items() if name not in A_PAGES_OWN}
    status = problem["status"]
    if status == 401:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        then = asked if request.method == "GET" else ""
        return sign_in_page(request, then=then, note=problem["detail"], status=401, headers=headers)
    heading = HEADINGS.get(status, "Something went wrong" if status >= 500 else "This cannot be done")
    values = {"detail": problem["detail"], "faults": _in_words(problem.get("faults", []))}
    return page(request, "problem.html.j2", heading, values, status=status, wrong=True, headers=headers)


def _in_words(faults: list[Any]) -> list[str]:
    return [each if isinstance(each, str) else f"{' '.join(each['where'][1:])}: {each['problem']}" for each in faults]
