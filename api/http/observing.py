"""Every request is counted, timed and logged by its route template; every answer has an id and cautious headers.

An error that nobody caught becomes a problem here, so that no server in front of the app writes its message, which may hold what
was asked, into a log: one of the database as what it is, in a word, all others as a defect. Neither says more of what was changed
than is so.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import deed_outcome
from api.http.deed_outcome import Outcome
from api.http.errors import Problem, answer
from api.http.logs import place_of
from api.http.peers import Peers
from api.http.repeats import Repeats

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


class OfTheDatabase(Protocol):
    """Whether an error tells of the database: its cause in a word and the answer to give; None: it is a defect."""

    def __call__(self, error: Exception, outcome: Outcome, /) -> tuple[str, Problem] | None: ...


class Known(Protocol):
    """Somebody whose key or token is known, as ``request.state.known``."""

    @property
    def key_id(self) -> str: ...


REFUSED = frozenset({401, 403})


class Observing:
    """ASGI middleware, outside of all that answers. ``refused`` is told who was refused what: status, method, route."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, of_the_database: OfTheDatabase, refused: Callable[[Any, str], None]
    ) -> None:
        self._app, self._metrics, self._of_the_database, self._refused = app, metrics, of_the_database, refused
        self._repeats, self._peers = Repeats(), Peers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, request_id, answered = time.perf_counter(), secrets.token_hex(8), _Answered()
        became = deed_outcome.begin()

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
        except ClientDisconnect:
            pass  # in the middle of a body: nobody is there to be answered, and nothing is wrong here
        except Exception as error:
            problem = self._problem_of(error, became, _route(scope), request_id)
            if answered.started:
                raise  # half an answer is out: the server has to cut the connection
            await answer(problem)(scope, receive, marked)
        finally:
            self._note(scope, answered.status, time.perf_counter() - began, request_id)

    def _problem_of(self, error: Exception, became: Outcome, route: str, request_id: str) -> Problem:
        """What is answered; it is logged, a failing database once a minute for each cause."""
        found = self._of_the_database(error, became)
        if found is None:
            log.error("defect", route=route, error=type(error).__name__, at=place_of(error), request_id=request_id)
            said = f"Something that should not happen did. It was logged. {became.sentence}"
            return Problem("internal", said, changed=became.changed.value)
        cause, problem = found
        more = self._repeats.due(cause)
        if more is not None:
            log.error("database", cause=cause, error=type(error).__name__, at=place_of(error), route=route, **more)
        return problem

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        route, method = _route(scope), scope["method"]
        self._metrics.answered(route, method, status, seconds)
        if route in QUIET and status < 400:
            return
        milliseconds, role = round(seconds * 1000, 1), scope.get("state", {}).get("role")
        more = self._of_refusal(scope, f"{status} {method} {route}") if status in REFUSED else {}
        told = {"route": route, "method": method, "status": status, "milliseconds": milliseconds, "role": role, **more}
        log.info("request", **told, request_id=request_id)  # the audit trail has the names

    def _of_refusal(self, scope: Scope, what: str) -> dict[str, Any]:
        """What the log says beside it; the trail is told where it is known whose key it was."""
        known: Known | None = scope.get("state", {}).get("known")
        if known is not None:
            self._refused(known, what)
        host = scope["client"][0] if scope.get("client") else ""
        return {"key_id": known.key_id or None if known is not None else None, "peer": self._peers.hashed(host)}


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", NO_ROUTE))
