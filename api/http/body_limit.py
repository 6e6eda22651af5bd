"""A request that is too large is refused before any of it is parsed, whether it tells its size or not.

Where larger ones are taken, the route itself counts, once it is judged who calls.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import Problem, answer


class _TooLargeError(Exception):
    pass


class BodyLimit:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, max_bytes: int, counted_elsewhere: Collection[str] = ()) -> None:
        self._app, self._max_bytes, self._elsewhere = app, max_bytes, frozenset(counted_elsewhere)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._elsewhere:
            await self._app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and int(told) > self._max_bytes:
            await self._refuse(scope, receive, send)
            return
        seen = 0
        answered = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max_bytes:
                raise _TooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLargeError:
            if not answered:
                await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = Problem("too_large", f"At most {self._max_bytes:,} bytes.", headers={"Connection": "close"})
        await answer(problem)(scope, receive, send)
