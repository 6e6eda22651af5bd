"""Writing a command's folder: refused before the work where it is taken, and all together after it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from optimiser.io.faults import clean
from optimiser.io.folders import FolderTakenError, refuse_taken, write_folder


def is_free(folder: Path, *, replace: bool) -> bool:
    """Whether results may go into a folder; if not, why has been said."""
    try:
        refuse_taken(folder, replace=replace)
    except FolderTakenError as taken:
        print(clean(f"Refused: {taken}"), file=sys.stderr)
        return False
    return True


def written(folder: Path, files: Mapping[str, bytes], *, replace: bool) -> bool:
    """Write a folder; False where nothing could be written, after why has been said."""
    try:
        write_folder(folder, files, replace=replace)
    except (FolderTakenError, OSError) as error:
        say_not_written(folder, error)
        return False
    return True


def say_not_written(folder: Path, error: Exception) -> None:
    """Why nothing was written."""
    print(clean(f"Could not write {folder}: {error}. Nothing was written."), file=sys.stderr)
