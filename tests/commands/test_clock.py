"""A fixed day is for practice alone, and the clock is read and confirmed at the terminal."""

from __future__ import annotations

import pytest

from tests.api.timekeeping.watching import Watch
from tests.commands.running import Ran, run
from tests.making.folders import Folder


@pytest.fixture
def place(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder.path.parent}/county.db")
    monkeypatch.delenv("OPTIMISER_AS_OF", raising=False)
    return folder


def test_a_day_is_fixed_on_a_county_for_practice_alone(
    place: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(found: Ran) -> None:
        assert found.code == 2
        assert found.err.startswith("Refused: OPTIMISER_AS_OF fixes the day")
        assert len(found.err.splitlines()) == 1

    monkeypatch.setenv("OPTIMISER_AS_OF", "2026-11-23")
    refused(run(capsys, "load", place.path))
    refused(run(capsys, "serve"))  # nothing is loaded: it may become people's
    monkeypatch.delenv("OPTIMISER_AS_OF")
    assert run(capsys, "load", place.path).code == 0
    monkeypatch.setenv("OPTIMISER_AS_OF", "2026-11-23")
    for command in (["serve"], ["work"], ["export", place.path.parent / "out"], ["forget", "--due"], ["clock"]):
        refused(run(capsys, *command))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{place.path.parent}/practice.db")
    assert "for practice" in run(capsys, "load", place.path, "--practice").out
    assert "on a fixed day" in run(capsys, "clock").out


def test_the_clock_is_read_and_confirmed_at_the_terminal(
    place: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(monkeypatch)
    assert run(capsys, "load", place.path).code == 0
    assert run(capsys, "clock").out == "The service's clock shows 2026-11-23T12:00:00+00:00. The clock is believed.\n"
    watch.move(days=2)
    said = run(capsys, "clock")
    assert said.code == 0
    assert "either it was off, or the clock is wrong. Nothing ends by time" in said.out
    assert run(capsys, "clock", "--it-is", "2026-11-25 12:00").code == 2  # no reason
    assert run(capsys, "clock", "--it-is", "noon", "--reason", "a watch").code == 2
    wrong = run(capsys, "clock", "--it-is", "2026-11-23 12:00", "--reason", "a watch")
    assert (wrong.code, "shows 2026-11-25T12:00:00+00:00" in wrong.err) == (2, True)
    assert "is believed" in run(capsys, "clock", "--it-is", "2026-11-25 12:01", "--reason", "off for two days").out
    assert "no break" in run(capsys, "audit", "verify").out
