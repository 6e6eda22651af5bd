"""Every request is counted, timed and logged by its route template; every answer has an id and cautious headers.

An error that nobody caught becomes a problem here, so that no server in front of the app writes its message, which may hold what
was asked, into a log.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import Problem, answer
from api.http.logs import place_of

if TYPE_CHECKING:
    from api.upkeep.metrics import Metrics

NO_ROUTE = "none"

QUIET = ("/health/live", "/health/ready", "/metrics")
"""Asked every few seconds by machines: logged only when they fail."""

HEADERS = {
    # Almost every answer holds something of a person: nothing on the way may keep one.
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""A route that sets one of them itself keeps its own."""

log = structlog.get_logger("api")


@dataclass
class _Answered:
    """What is known of an answer so far; 499: the caller left before there was one."""

    status: int = 499
    started: bool = False


class Observing:
    """ASGI middleware, outside of all others."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, request_id, answered = time.perf_counter(), secrets.token_hex(8), _Answered()

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered.status, answered.started = message["status"], True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, marked)
        except Exception as error:
            log.error("defect", route=_route(scope), error=type(error).__name__, at=place_of(error), request_id=request_id)
            if answered.started:
                raise  # half an answer is out: the server has to cut the connection
            defect = answer(Problem("internal", "Something that should not happen did. It was logged; nothing was changed."))
            await defect(scope, receive, marked)
        finally:
            self._note(scope, answered.status, time.perf_counter() - began, request_id)

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        route, method = _route(scope), scope["method"]
        self._metrics.answered(route, method, status, seconds)
        if route in QUIET and status < 400:
            return
        milliseconds, role = round(seconds * 1000, 1), scope.get("state", {}).get("role")
        # The audit trail has the names.
        log.info(
            "request", route=route, method=method, status=status, milliseconds=milliseconds, role=role, request_id=request_id
        )


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", NO_ROUTE))
