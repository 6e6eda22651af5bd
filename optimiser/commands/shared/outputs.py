"""Writing a command's folder: refused before the work where it is taken, and all together after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from optimiser.commands.shared.saying import complain, refused

if TYPE_CHECKING:
    from pathlib import Path


def is_free(folder: Path, *, replace: bool) -> bool:
    """Whether results may go into a folder; if not, why has been said."""
    from optimiser.io.folders import FolderTakenError, refuse_taken

    try:
        refuse_taken(folder, replace=replace)
    except FolderTakenError as taken:
        refused(str(taken))
        return False
    return True


def written(folder: Path, files: Mapping[str, bytes], *, replace: bool) -> bool:
    """Write a folder; False where nothing could be written, after why has been said."""
    from optimiser.io.folders import FolderTakenError, write_folder

    try:
        write_folder(folder, files, replace=replace)
    except (FolderTakenError, OSError) as error:
        complain(f"Could not write {folder}: {error}. Nothing was written.")
        return False
    return True
