"""``optimiser work``: works on the service's queue of runs, until it is told to stop; serves nothing."""

from __future__ import annotations

import argparse
import signal
from types import FrameType
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.saying import refused

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 520
SUMMARY = "work on the service's queue of long runs, beside a server or in its place"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "work",
        description="Work on the service's queue of long runs, beside a server or in its place, until it is told to stop. It goes"
        " by the settings of 'optimiser serve'.",
        example="optimiser work",
        run=run,
    )


def run(_: argparse.Namespace) -> int:
    """Exit code 0 once it was told to stop and its runs are back in the queue; 2 where it cannot work."""
    from api.runs.supervisor import Supervisor
    from api.terminal import may_stand_open, open_store, or_refused, place_of, read_settings

    settings = read_settings()
    store = open_store(settings)
    if store is None:
        return exits.REFUSED
    with or_refused(settings):
        if not may_stand_open(store):
            return exits.REFUSED
    if settings.run_workers < 1:
        return refused("OPTIMISER_RUN_WORKERS is 0, so there would be nobody to work.")
    supervisor = Supervisor(store.engine, settings)

    def leave(_: int, __: FrameType | None) -> None:
        supervisor.stop()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, leave)
    print(f"Working on the runs of {place_of(store.engine)}, {settings.run_workers} at once.", flush=True)
    supervisor.run()
    return exits.PROVEN
