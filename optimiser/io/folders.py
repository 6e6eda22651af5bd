"""Writing a folder all together or not at all, readable by its owner alone."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

OUR_FILES = frozenset({"allocations.csv", "result.json", "explanations.jsonl", "run.json"})


class FolderTakenError(Exception):
    """The folder holds something already, and replacing it was not asked for (or it holds files that are not ours)."""


def refuse_taken(folder: Path, *, replace: bool) -> None:
    """Raise ``FolderTakenError`` before any work is done, rather than after."""
    if not folder.exists():
        parent = folder.absolute().parent
        if not parent.is_dir():
            raise FolderTakenError(f"{parent} is not a folder: make it first")
        return
    if not folder.is_dir():
        raise FolderTakenError(f"{folder} is a file: name a folder")
    there = {entry.name for entry in folder.iterdir()}
    if there and not replace:
        raise FolderTakenError(f"{folder} is not empty: name another folder, or say --replace to replace an earlier result")
    if there - OUR_FILES:
        raise FolderTakenError(
            f"{folder} holds files that are not a result of ours ({min(there - OUR_FILES)}): name another folder"
        )


def write_folder(folder: Path, files: Mapping[str, bytes], *, replace: bool = False) -> None:
    """Write the files into a new folder beside its final place and move it there in one step.

    A kill at any moment leaves either no result or a whole one. When an earlier result is replaced it is moved aside first,
    so a kill between the two moves leaves it whole beside its place, as ``NAME.previous-…``.
    """
    refuse_taken(folder, replace=replace)
    folder = folder.absolute()
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.writing-", dir=folder.parent))  # mode 700
    try:
        for name, content in files.items():
            descriptor = os.open(made / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        if folder.is_dir() and any(folder.iterdir()):
            aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.previous-", dir=folder.parent))
            folder.replace(aside)
            made.replace(folder)
            shutil.rmtree(aside)
        else:
            made.replace(folder)
        _sync(folder.parent)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
