"""What is told of a database that may be damaged: as the service starts, by readiness, by answers, by ``audit verify``."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.settings import Settings
from optimiser import exits
from optimiser.__main__ import main
from optimiser.commands.serve import _opened
from tests.api.conftest import Served, serving
from tests.campaigns.damaging.history import Compared, History

FILES = ("damaged", "gone_back")
"""The causes that readiness gives for what is wrong with files as a whole."""
ASKED = ("/v1/packages", "/v1/packages/N1", "/v1/packages/N1/cascade", "/v1/offers", "/v1/runs", "/v1/contracts", "/v1/overview")


@dataclass
class Told:
    """What was said. ``wrong``: what was untrue in it."""

    started: bool = True
    ready: str = "ready"
    verified: int = -1
    good_head: str = ""
    breaks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        word = {exits.PROVEN: "holds", exits.BROKEN_TRAIL: "broken", exits.REFUSED: "refused"}.get(self.verified, "?")
        return f"{self.ready if self.started else 'not started'}, {word}"


@contextmanager
def environment(**settings: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def at_the_start(settings: Settings, key: str, told: Told) -> None:
    """Start the service as the command does, look at everything, and ask."""
    if not opened(settings, told):
        return
    try:
        with serving(settings) as served:
            while_serving(served, key, told)
    except AssertionError:
        told.wrong.append("the service ended as it started")


def opened(settings: Settings, told: Told) -> bool:
    """Whether ``optimiser serve`` would open this database."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            told.started = _opened(settings) is not None
        except exits.RefusedError as refused:
            told.started = False
            said.write(str(refused))
        except SystemExit as end:
            told.started = False
            if end.code != exits.REFUSED:
                told.wrong.append(f"the start ended with exit code {end.code}")
        except Exception as defect:  # whatever it is, it was to be said in a sentence
            told.started = False
            told.wrong.append(f"the start failed as a defect: {type(defect).__name__}: {defect}")
    if not told.started and not said.getvalue():
        told.wrong.append("the start was refused without a word")
    return told.started


def while_serving(served: Served, key: str, told: Told) -> None:
    """What answers say, and then readiness once all was looked over, which tells what an answer may have called a defect."""
    defects = Told()
    with httpx.Client(base_url=served.address, headers={"Authorization": f"Bearer {key}"}, timeout=30, verify=False) as client:
        for path in ASKED:
            _heard(path, client.get(path), defects)
        served.files.look()
        told.ready = ready(client)
    told.wrong += defects.wrong if told.ready == "ready" else []


def _heard(path: str, answer: httpx.Response, told: Told) -> None:
    if answer.status_code >= 500 and (answer.status_code != 503 or "cause" not in answer.json()):
        told.wrong.append(f"{path}: {answer.status_code} {answer.json().get('code')}")


def ready(client: httpx.Client) -> str:
    """``ready``, or what is wrong in a word."""
    return str(client.get("/health/ready").json().get("cause", "ready"))


def verify(given: Mapping[str, str], history: History, told: Told) -> None:
    """``audit verify``: its exit code, and that the head it calls good was one."""
    said, complained = io.StringIO(), io.StringIO()
    with environment(**given), contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        try:
            told.verified = main(["audit", "verify", "--json"])
        except SystemExit as end:
            told.verified = int(end.code or 0)
    if told.verified == exits.BROKEN_TRAIL:
        report: dict[str, Any] = json.loads(said.getvalue())
        told.good_head = report["last_good_head"]
        told.breaks = [str(each["problem"]) for each in report["breaks"]]
        seq, _, found = told.good_head.partition(":")
        if int(seq) and history.heads.get(int(seq)) not in (found, None):
            told.wrong.append(f"{told.good_head} is called a good head, and never was one")
    elif told.verified == exits.REFUSED and not complained.getvalue():
        told.wrong.append("verify refuses without a word")
    elif told.verified not in (exits.PROVEN, exits.REFUSED):
        told.wrong.append(f"verify ends with exit code {told.verified}: {complained.getvalue()[-300:]}")


def judge(told: Told, found: Compared) -> list[str]:
    """What is not told that is so."""
    wrong = list(told.wrong)
    if told.verified == exits.PROVEN and (found.lost or found.unreadable or found.broken):
        what = f"{len(found.lost)} rows are lost ({found.lost[:2]})" if found.lost else "the files are damaged"
        wrong.append(f"{what}, and verify says that all holds")
    if found.broken and told.started and told.ready not in (*FILES, "failing", "unreachable", "empty", "older"):
        wrong.append(f"the files are damaged, and readiness says {told.ready}")
    return wrong
