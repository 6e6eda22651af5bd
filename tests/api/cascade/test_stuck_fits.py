"""The process that finds fits, where it no longer answers."""

from __future__ import annotations

from multiprocessing import Pipe
from unittest.mock import Mock

import pytest

from api.cascade import fitting_room as room
from api.cascade.fitting_room import FittingRoom
from api.settings import Settings
from optimiser.domain.snapshot import Snapshot


def test_a_process_that_answers_nothing_is_ended_and_nobody_waits_for_it_any_more(
    small: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert room.STUCK_SECONDS < 60
    monkeypatch.setattr(room, "STUCK_SECONDS", 0.1)
    stuck = FittingRoom(Settings())
    stuck._ours, theirs = Pipe()
    stuck._process = Mock()
    stuck._process.kill.side_effect = theirs.close
    package = small.packages[0]
    assert stuck._answer(room.Question(package, (), ["ALDER"])).defect == "the process ended"
    stuck._process.kill.assert_called_once_with()
