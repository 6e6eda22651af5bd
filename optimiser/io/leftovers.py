"""What is written beside its place before it is moved there, and what a process that was killed meanwhile has left of it.

Whoever writes holds a lock on the folder, which the system lets go of with the process, however that ends: a folder that nobody
holds is nobody's any more. It holds what a result holds, people among it, so the next run takes it away, and says so.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CHANCE = "[a-z0-9_]{8}"
"""What is put at the end of a name that has to be new."""


@contextmanager
def hidden_folder(prefix: str, beside: Path | None = None) -> Iterator[Path]:
    """A new folder for its owner alone, held while it is written; gone at the end unless it was moved to its place.

    ``beside``: where it is made; None: where the system keeps what is for a while.
    """
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=beside))  # mode 700
    try:
        descriptor = os.open(made, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    try:
        with suppress(OSError):  # a drive that knows no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        made.mkdir(mode=0o700, exist_ok=True)  # where it was taken for one that was left, before it was held
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)  # held until it is gone: nobody takes it for one that was left
        os.close(descriptor)


def left_in(place: Path, pattern: str) -> list[Path]:
    """The folders of ours in a place whose names fit and that nobody holds, by name. ``pattern``: before the last eight signs."""
    name = re.compile(pattern + CHANCE)
    try:
        with os.scandir(place) as entries:
            ours = [Path(each.path) for each in entries if name.fullmatch(each.name) and _is_ours(each)]
    except OSError:
        return []  # whoever writes there is told what is wrong with it
    return sorted(each for each in ours if _is_nobodys(each))


def take_away(place: Path, pattern: str) -> list[str]:
    """Take away what killed processes have left in a place; the names of the folders."""
    found = left_in(place, pattern)
    for each in found:
        shutil.rmtree(each, ignore_errors=True)
    return [each.name for each in found if not each.exists()]


def _is_ours(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.geteuid()


def _is_nobodys(folder: Path) -> bool:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False  # somebody writes there, or the drive cannot tell
    finally:
        os.close(descriptor)
    return True
