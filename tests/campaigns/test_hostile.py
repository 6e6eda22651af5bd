"""The short version of the campaign of hostile callers, and whether its judge finds what is too slow."""

from __future__ import annotations

import os
from pathlib import Path

from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import serving, small
from tests.api.http.test_observing import quick
from tests.campaigns.hostile import of_all_kinds, try_kind
from tests.campaigns.serving import Running

__all__ = ["small"]

ON_A_BUSY_MACHINE = 20.0


def test_others_are_served_beside_those_who_mean_harm(tmp_path: Path, small: Snapshot) -> None:
    said, lines = tmp_path / "said", list[str]()
    said.touch()
    settings = quick(tmp_path, small, max_connections=15, max_requests=10, run_workers=0, tick_seconds=0)
    with serving(settings) as served:
        running = Running(served.address, served.keys, os.getpid(), said)
        kinds = of_all_kinds(running)
        assert all(try_kind(running, each, 20, 0.1, lines.append, ON_A_BUSY_MACHINE) for each in kinds)
        assert not try_kind(running, kinds[0], 1, 0.05, lines.append, most_seconds=0)
    assert [line.split(":")[0] for line in lines[:-1]] == [f"20 {each.name}" for each in kinds]
    assert lines[-1].endswith("TOO SLOW")
