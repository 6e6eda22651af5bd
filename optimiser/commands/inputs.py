"""Reading a snapshot for a command: faults on the error stream, and how they are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError, Note, clean
from optimiser.io.likely_typos import typo_notes
from optimiser.io.reading import Reading, read_snapshot


def read_or_refuse(folder: str, *, show_values: bool, writes: bool = True) -> Reading | None:
    """The snapshot, or None after every fault has been said.

    Values of personal columns are shown only when asked for and only on a terminal, so that they end in no log.
    ``writes``: the command would have written a result.
    """
    if not folder:  # the empty path would be the folder that we happen to stand in
        print("Refused: expected a folder with a snapshot; found an empty name.", file=sys.stderr)
        return None
    try:
        return read_snapshot(Path(folder))
    except InputRefusedError as refused:
        shown = show_values and sys.stderr.isatty()
        for fault in refused.faults:
            print(fault.message(show_values=shown), file=sys.stderr)
        print(
            f"Refused: {len(refused.faults)} fault(s) in {clean(Path(folder).name or folder)}."
            + (" Nothing was written." if writes else ""),
            file=sys.stderr,
        )
        return None


def say_notes(notes: Iterable[Note]) -> None:
    """What was noticed in files that were accepted."""
    for note in notes:
        print(f"Note: {note.message()}", file=sys.stderr)


def say_notes_of(reading: Reading, *, show_values: bool) -> None:
    """What a command that only reads has noticed; values that may be a person's are shown as those of faults are."""
    for note in reading.notes:
        print(f"Note: {note.message(show_values=show_values and sys.stdout.isatty())}")


def say_likely_typos(snapshot: Snapshot) -> None:
    """In a run's summary, after its figures: whoever is left with nobody for a mistyped word is easily taken for unlucky."""
    for note in typo_notes(snapshot):
        print(f"Probably mistyped: {note.message()}")
