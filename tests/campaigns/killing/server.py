"""``optimiser serve`` as it is, in a process that a request may end at a named point."""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

from fastapi import FastAPI
from sqlalchemy import Connection, event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.app import create_app
from api.runs.supervisor import Supervisor
from api.settings import Settings
from optimiser.__main__ import main
from tests.campaigns.killing.trap import die

HEADER = b"x-kill"
BEFORE, COMMIT, UNANSWERED = "before a request is handled", "at the commit", "between commit and answer"


class Switch:
    """ASGI: ends the process where the request says."""

    def __init__(self, app: ASGIApp, armed: threading.Event) -> None:
        self._app, self._armed = app, armed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        phase = dict(scope.get("headers", [])).get(HEADER, b"").decode()

        async def watched(message: Message) -> None:
            if phase == UNANSWERED:
                die(phase)
            await send(message)

        if phase == BEFORE:
            die(phase)
        if phase == COMMIT:
            self._armed.set()
        await self._app(scope, receive, watched)


def _with_switch(settings: Settings) -> FastAPI:
    app, armed = create_app(settings), threading.Event()

    def commits(_: Connection) -> None:
        if armed.is_set():
            die(COMMIT)

    event.listen(app.state.service.store.engine, "commit", commits)
    app.add_middleware(Switch, armed=armed)
    return app


def serve(environment: Mapping[str, str], log: str) -> None:
    """``optimiser serve`` with these settings, until it is killed or told to stop. Runs in a process of its own."""
    os.environ.update(environment)
    with Path(log).open("ab", buffering=0) as stream:
        os.dup2(stream.fileno(), sys.stdout.fileno())
        os.dup2(stream.fileno(), sys.stderr.fileno())
    solver = functools.partial(Supervisor, solver="tests.campaigns.killing.solver")
    with patch("api.app.create_app", _with_switch), patch("api.app.Supervisor", solver):
        sys.exit(main(["serve"]))
