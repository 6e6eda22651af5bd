"""What a run tells of its progress: now and then, and of each level at least how it was closed."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import create_engine

from api.clock import Clock
from api.runs import control
from api.runs.control import Control
from api.runs.queue import Claim
from optimiser.solving.outcome import Progress


class Watch:
    """A clock that stands still until it is put on."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize(("most", "told"), [(100, "a9 a7 b4 c1"), (1, "a9 a7 c1")])
def test_of_each_level_its_last_line_is_told(monkeypatch: pytest.MonkeyPatch, most: int, told: str) -> None:
    """Six lines at one moment: the first is told at once, the last of a level when the next one begins, so often at most; then,
    a second later, c1.
    """
    lines, watch = list[str](), Watch()

    def tell(_engine: Any, _claim: Claim, _now: dt.datetime, news: dict[str, Any]) -> bool:
        lines.append(f"{news['level']}{news['value']}")
        return True

    monkeypatch.setattr(control, "time", watch)
    monkeypatch.setattr(control, "MOST_CLOSINGS", most)
    monkeypatch.setattr("api.runs.queue.tell", tell)
    of_run = Control(create_engine("sqlite://"), Clock(None), Claim("r1", 1, 1), threading.Event())
    for level, value in (("a", 9), ("a", 8), ("a", 7), ("b", 5), ("b", 4), ("c", 2)):
        of_run.report(Progress(level, value, 0, value, 0.0))
    watch.now += 1.0
    of_run.report(Progress("c", 1, 0, 1, 0.0))
    assert " ".join(lines) == told
