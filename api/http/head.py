"""HEAD is GET without the body: the same key, the same entry in the audit trail, the same headers."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _TakenError(Exception):
    """The head is out, and nobody waits for what follows: a stream that goes on for an hour ends here."""


class HeadAsGet:
    """ASGI middleware, inside of what counts and logs requests by their own method."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked: dict[str, Any] = {**scope, "method": "GET"}
        answered = False

        async def without_body(message: Message) -> None:
            nonlocal answered
            if answered:
                raise _TakenError
            await send(message)
            if message["type"] == "http.response.start":
                answered = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        try:
            await self._app(asked, receive, without_body)
        except _TakenError:
            pass
        finally:
            if "route" in asked:
                scope["route"] = asked["route"]  # by which the request is counted and logged
