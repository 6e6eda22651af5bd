"""What time it is, as a test has it."""

from __future__ import annotations

import datetime as dt

import pytest

from api.clock import Clock

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


class Watch:
    """What every clock of this process shows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shows = NOON
        monkeypatch.setattr(Clock, "instant", lambda _: self.shows)

    def move(self, **by: float) -> None:
        self.shows += dt.timedelta(**by)
