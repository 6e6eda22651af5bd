"""Reading a snapshot for a command: faults on the error stream, and how they are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from optimiser.commands.shared.marked_faults import write_into
from optimiser.commands.shared.saying import is_free, print_json, refused, refused_with

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from optimiser.domain.brief import Brief
    from optimiser.domain.plan import EarlierMove
    from optimiser.domain.policy import TransferPolicy
    from optimiser.domain.snapshot import Snapshot
    from optimiser.io.faults import Note
    from optimiser.io.reading import Reading


@dataclass(frozen=True)
class Facts:
    """A county, and the settings of its transfers."""

    snapshot: Snapshot
    transfer: TransferPolicy


def facts_or_refuse(options: argparse.Namespace) -> Facts | None:
    """From the folder, else from the service's database (``DATABASE_URL``); None after every fault has been said."""
    if options.folder is None:
        from api.terminal import at_the_terminal, read_settings
        from api.upkeep import acts

        with at_the_terminal(read_settings()) as by:
            if by is None:
                return None
            snapshot = acts.read_for_report(by, options.command).snapshot
            return Facts(snapshot, snapshot.transfer)
    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return None
    say_notes(reading.notes)
    return Facts(reading.snapshot, reading.transfer)


def read_or_refuse(
    folder: str, *, show_values: bool, writes: bool = True, into: str | None = None, faults_as_json: bool = False
) -> Reading | None:
    """The snapshot, or None after every fault has been said.

    Values of personal columns are shown only when asked for and only on a terminal, so that they end in no log.
    ``writes``: the command would have written a result. ``into``: a workbook for the faults, cell by cell.
    ``faults_as_json``: each fault by itself on the output as well, for programs.
    """
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.io.reading import read_snapshot

    if not folder:  # the empty path would be the folder that we happen to stand in
        refused("expected a folder with a snapshot; found an empty name.")
        return None
    try:
        return read_snapshot(Path(folder))
    except InputRefusedError as faults:
        after = "Nothing was written." if writes else ""
        shows = show_values and sys.stderr.isatty()
        if into is not None:
            from optimiser.tidying.marking import sheets_of_snapshot

            write_into(into, faults, lambda: sheets_of_snapshot(Path(folder)), show_values=shows)
        if faults_as_json:
            shows_there = show_values and sys.stdout.isatty()
            print_json({"faults": [fault.record(show_values=shows_there) for fault in faults.each]})
        refused_with(faults, after, of=Path(folder).name or folder, show_values=shows)
        return None


def read_for_results(options: argparse.Namespace, out: Path | None) -> Reading | None:
    """The snapshot of ``options.folder``, its notes said; None after why there can be no results has been said.

    ``out``: where they would go, asked first so that nobody waits in vain; None: nowhere but the terminal.
    """
    if out is not None and not is_free(out, replace=options.replace):
        return None
    reading = read_or_refuse(options.folder, show_values=options.show_values, writes=out is not None)
    if reading is not None:
        say_notes(reading.notes)
    return reading


class HistoryRefusedError(Exception):
    """The history has faults; all of them have been said."""


def history_or_refuse(file: str | None, snapshot: Snapshot) -> tuple[EarlierMove, ...] | None:
    """The history, None where none is given. Raises ``HistoryRefusedError`` after every fault has been said."""
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.io.moves import read_history

    if file is None:
        return None
    try:
        history, notes = read_history(Path(file), snapshot)
    except InputRefusedError as faults:
        refused_with(faults, of=Path(file).name)
        raise HistoryRefusedError from None
    say_notes(notes)
    return history


def brief_of(options: argparse.Namespace) -> Brief:
    """What ``--only-…``, ``--pin`` and ``--pins`` ask for: nothing, of a command without them. Raises ``InputRefusedError``."""
    from pathlib import Path

    from optimiser.domain.brief import Brief, Part
    from optimiser.io.moves import read_pins

    if "pins" not in options:
        return Brief()
    named = (options.only_area, options.only_package, options.only_round, options.only_provider)
    pins = read_pins(None if options.pins is None else Path(options.pins), options.pin)
    return Brief(Part(*(tuple(sorted(set(ids))) for ids in named)), pins)


def say_notes(notes: Iterable[Note]) -> None:
    """What was noticed in files that were accepted."""
    for note in notes:
        print(f"Note: {note.message()}", file=sys.stderr)


def notes_of(reading: Reading, *, show_values: bool) -> list[str]:
    """What a command that only reads has noticed; values that may be a person's are shown as those of faults are."""
    return [note.message(show_values=show_values and sys.stdout.isatty()) for note in reading.notes]


def say_likely_typos(snapshot: Snapshot, to: TextIO | None = None) -> None:
    """In a run's summary, after its figures: whoever is left with nobody for a mistyped word is easily taken for unlucky."""
    from optimiser.io.likely_typos import typo_notes

    for note in typo_notes(snapshot):
        print(f"Probably mistyped: {note.message()}", file=to)
