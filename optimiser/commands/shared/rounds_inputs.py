"""What every command about rounds reads: the snapshot, settings and care workers, and where travel times come from."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.saying import refused, refused_with
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings, Worker
from optimiser.geography.travel_times.choosing import travel_from
from optimiser.geography.travel_times.interface import Travel, TravelError
from optimiser.io.faults import InputRefusedError
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
    except InputRefusedError as faults:
        refused_with(faults, show_values=options.show_values and sys.stderr.isatty())
        return None
    except TravelError as error:
        refused(str(error))
        return None
    say_notes((*reading.notes, *notes))
    return Inputs(reading.snapshot, staffing, workers, travel)
