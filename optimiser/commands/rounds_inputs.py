"""What every command about rounds reads: the snapshot, settings and care workers, and where travel times come from."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from optimiser.commands.inputs import read_or_refuse
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings, Worker
from optimiser.geography.travel_times.choosing import travel_from
from optimiser.geography.travel_times.interface import Travel, TravelError
from optimiser.io.faults import InputRefusedError, clean
from optimiser.io.staffing import read_staffing


@dataclass(frozen=True)
class Inputs:
    """All of it, read and found right."""

    snapshot: Snapshot
    settings: StaffingSettings
    workers: tuple[Worker, ...]
    travel: Travel


def read_inputs(options: argparse.Namespace) -> Inputs | None:
    """What ``options`` name, or None after every fault has been said."""
    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return None
    try:
        settings = None if options.settings is None else Path(options.settings)
        staffing, workers, notes = read_staffing(Path(options.folder), settings, reading.snapshot)
        travel = travel_from(options.travel)
    except InputRefusedError as refused:
        for fault in refused.faults:
            print(fault.message(show_values=options.show_values and sys.stderr.isatty()), file=sys.stderr)
        print(f"Refused: {len(refused.faults)} fault(s). Nothing was written.", file=sys.stderr)
        return None
    except TravelError as error:
        print(clean(f"Refused: {error}"), file=sys.stderr)
        return None
    for note in (*reading.notes, *notes):
        print(f"Note: {note.message()}", file=sys.stderr)
    return Inputs(reading.snapshot, staffing, workers, travel)


def counter(what: str, *, quiet: bool) -> Callable[[int, int], None]:
    """Says on a terminal how many of something are done."""

    def tell(done: int, of: int) -> None:
        if not quiet and sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{done} of {of} {what}" + ("\n" if done == of else ""))
            sys.stderr.flush()

    return tell
