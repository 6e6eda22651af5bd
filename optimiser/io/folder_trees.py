"""Folders in a folder, such as a snapshot for each council: written all together or not at all, readable by their owner alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from optimiser.io.folders import MAX_NAME, refuse_taken, write_file
from optimiser.io.leftovers import hidden_folder


def write_tree(folder: Path, files: Mapping[str, bytes], accept: Callable[[Path], None]) -> None:
    """Write files, by their path in a new folder, beside its final place and move them there in one step.

    ``accept``: looks at the folder before it is moved, and raises where it is not to be.

    Raises ``FolderTakenError`` or ``OSError`` where it cannot be written.
    """
    refuse_taken(folder, replace=False)
    folder = folder.absolute()
    with hidden_folder(f".{folder.name[:MAX_NAME]}.writing-", folder.parent) as made:
        for path, content in files.items():
            place = made / path
            place.parent.mkdir(mode=0o700, exist_ok=True)
            write_file(place, content)
        accept(made)
        made.replace(folder)
