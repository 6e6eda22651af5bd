"""The short version of the campaign of faults, and whether its judge finds what is untrue, lost or doubled."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, Engine, event

from api.storage.database import open_database
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import loaded, serving, small
from tests.campaigns.faulting.deeds import Deed, Preparing
from tests.campaigns.faults import Trial
from tests.campaigns.serving import Running

__all__ = ["small"]

SHORT = ("add a package", "read a package", "record an answer")


def failing(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("FAULT0 lives there")
    error.sqlite_errorname = name
    return error


@contextmanager
def at(engine: Engine, moment: str, name: str) -> Iterator[Callable[[], int]]:
    """At the next statement, or commit, of an engine's writers its database fails."""
    times = 0

    def fail(connection: Connection, *_: Any) -> None:
        nonlocal times
        if connection.get_execution_options().get("writes"):
            times += 1
            raise failing(name)

    event.listen(engine, moment, fail)
    try:
        yield lambda: times
    finally:
        event.remove(engine, moment, fail)


def test_whatever_fails_is_told_as_it_is(tmp_path: Path, small: Snapshot) -> None:
    said = tmp_path / "said"
    said.touch()
    settings = loaded(tmp_path, small, run_workers=0, tick_seconds=0)
    with serving(settings) as served, served.client("admin") as client:
        engine, own = open_database(settings.database_url), served.service.store.engine
        trial = Trial(Running(served.address, {"admin": served.key("admin")}, os.getpid(), said), engine, client, print)
        preparing = Preparing(client, engine, small.as_of)
        faults = [("before_cursor_execute", "SQLITE_FULL"), ("commit", "SQLITE_FULL"), ("commit", "SQLITE_IOERR_FSYNC")]
        for act in SHORT:
            for moment, name in faults:
                assert trial.try_deed(act, preparing.kinds[act](), partial(at, own, moment, name))
        engine.dispose()
    assert trial.wrong == []
    assert trial.answers == {
        "503 not_ready full changed=no": 6,
        "503 not_ready failing changed=unknown": 2,
        "503 not_ready failing changed=no": 1,  # of a reading, which changes nothing
    }


@dataclass(frozen=True)
class Told(Deed):
    """A deed that the trail tells of so often."""

    times: int = 0

    def times_told(self, engine: Engine) -> int:
        return self.times


def problem(code: str, status: int = 503, **more: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "detail": "It failed.", "cause": "full", **more})


@pytest.mark.parametrize(
    ("answer", "times", "found"),
    [
        (httpx.Response(201), 1, []),
        (httpx.Response(201), 0, ["acknowledged, and there 0 times"]),
        (httpx.Response(201), 2, ["acknowledged, and there 2 times"]),
        (problem("busy", changed="no"), 0, []),
        (problem("not_ready", changed="unknown"), 1, []),
        (problem("not_ready", changed="no"), 1, ["changed=no, and there 1 times"]),
        (problem("not_ready", changed="yes"), 0, ["changed=yes, and there 0 times"]),
        (problem("internal", 500, changed="no"), 0, ["500 internal: It failed."]),
        (problem("busy", changed="no", of="N1"), 0, ["the answer names whom it is about"]),
    ],
)
def test_the_judge_finds_what_is_untrue(answer: httpx.Response, times: int, found: list[str]) -> None:
    trial = Trial(Running("", {}, 0, Path()), None, None, print)  # type: ignore[arg-type]
    trial._judge("an act", Told("package.add", "N1", "POST", "/v1/packages", times=times), answer)
    assert trial.wrong == [f"an act: {each}" for each in found]
