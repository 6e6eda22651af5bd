"""Reading a snapshot for a command: faults on the error stream, and how they are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from optimiser.io.faults import InputRefusedError, Note, clean
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
