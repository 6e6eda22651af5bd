"""``optimiser nightly [FOLDER] --out DIR``: the report for the morning, from a folder or the service's database."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path
from typing import Any

from optimiser import exits
from optimiser.commands.allocate import allocation_run, exit_code
from optimiser.commands.defects import telling_defects
from optimiser.commands.inputs import read_or_refuse, say_likely_typos, say_notes
from optimiser.commands.progress import reporter
from optimiser.commands.reoptimise import HistoryRefusedError, history_or_refuse
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import clean
from optimiser.io.folders import FolderTakenError
from optimiser.nightly.shelves import LATEST, LockHeldError, Shelf, only_one
from optimiser.nightly.story import Night, Wishes, nightly
from optimiser.reoptimising.story import Reoptimisation


@telling_defects
def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    shelf = Shelf(Path(options.out))
    try:
        shelf.open()
        with only_one(shelf.place):
            return _locked(options, shelf)
    except LockHeldError:
        print(clean(f"Another nightly run holds the lock of {options.out}. Nothing was done."), file=sys.stderr)
        return exits.LOCKED
    except FolderTakenError as taken:
        print(clean(f"Refused: {taken}"), file=sys.stderr)
    except OSError as error:
        print(clean(f"Could not write {options.out}: {error}. The latest report is as it was."), file=sys.stderr)
    return exits.REFUSED


def _locked(options: argparse.Namespace, shelf: Shelf) -> int:
    started, clock = dt.datetime.now(dt.UTC), time.perf_counter()
    snapshot = _snapshot(options)
    if snapshot is None:
        return exits.REFUSED
    try:
        history = history_or_refuse(options.history, snapshot)
    except HistoryRefusedError:
        return exits.REFUSED

    def run_of(made: Reoptimisation) -> dict[str, Any]:
        record = allocation_run(made.allocation, started, time.perf_counter() - clock)
        record["repeatable"] &= not any(few.by_the_clock for few in made.few)
        return record

    wishes = Wishes(
        max_moves=options.max_moves,
        history=history,
        wall_seconds=options.wall_seconds,
        ids=options.ids,
        keep_days=options.keep_days,
        ahead_days=options.ahead_days,
    )
    night = nightly(snapshot, shelf, wishes, run_of, reporter(quiet=options.quiet))
    if night is None:
        print(clean(f"Nothing new since {shelf.place / LATEST}: same facts, settings and software. Nothing was changed."))
        return exits.NOTHING_NEW
    _say(night, shelf)
    return exit_code(night.made.allocation)


def _snapshot(options: argparse.Namespace) -> Snapshot | None:
    """From the folder, else from the service's database; None after what is wrong has been said."""
    if options.folder is None:
        from api.terminal import read_settings, the_store

        with the_store(read_settings()) as store:
            return None if store is None else store.state().snapshot
    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return None
    say_notes(reading.notes)
    return reading.snapshot


def _say(night: Night, shelf: Shelf) -> None:
    """Counts alone: what is printed here ends in a scheduler's log."""
    record = night.record
    print(f"As of {record['as_of']}: {len(record['past_their_date'])} urgent or discharge past their date,"
          f" {len(record['waiting'])} waiting with no answer due, {record['asked_or_accepted']} asked or accepted.")  # fmt: skip
    print(f"Steps worth taking: {record['steps']}, in which {record['moves']} change provider.")
    print(f"Limits exceeded on entry: {len(record['limits_exceeded_on_entry'])}. Frameworks below"
          f" {record['framework_providers_wanted']} providers: {len(record['thin_frameworks'])}."
          f" Changes within {record['ahead_days']} days: {len(record['ahead'])}.")  # fmt: skip
    say_likely_typos(night.made.allocation.county.snapshot)
    if night.made.allocation.stopped == "cancelled":
        print("Interrupted: the report shows the best plan found by then; the next run makes it anew.")
    if night.forgotten:
        print(f"Reports removed, being older than is kept: {len(night.forgotten)}.")
    print(clean(f"Written to {night.folder}; {shelf.place / LATEST} leads there. It holds personal data: only you may read it."))
