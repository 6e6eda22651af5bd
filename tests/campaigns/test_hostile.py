"""The short version of the campaign of hostile callers, and whether its judge finds what is too slow."""

from __future__ import annotations

import os
from pathlib import Path

from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import loaded, serving, small
from tests.campaigns.hostile import of_all_kinds, try_kind
from tests.campaigns.serving import Running

__all__ = ["small"]

ON_A_BUSY_MACHINE = 20.0
CALLERS = 20
ROOM_FOR_ALL = 200
"""More connections than all kinds together hold: whom the limit turns away is shown in ``tests/api/http/test_connections.py``."""


def test_others_are_served_beside_those_who_mean_harm(tmp_path: Path, small: Snapshot) -> None:
    said, lines = tmp_path / "said", list[str]()
    said.touch()
    settings = loaded(tmp_path, small, max_connections=ROOM_FOR_ALL, max_requests=10, run_workers=0, tick_seconds=0)
    with serving(settings) as served:
        running = Running(served.address, {"planner": served.key("planner")}, os.getpid(), said)
        kinds = of_all_kinds(running)
        assert all(try_kind(running, each, CALLERS, 0.1, lines.append, ON_A_BUSY_MACHINE) for each in kinds)
        assert not try_kind(running, kinds[0], 1, 0.05, lines.append, most_seconds=0)
    assert [line.split(":")[0] for line in lines[:-1]] == [f"{CALLERS} {each.name}" for each in kinds]
    assert lines[-1].endswith("TOO SLOW")
