"""Where nightly reports stand: a numbered folder each, a link to the latest that changes in one step, and a lock."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from optimiser.io.folders import FolderTakenError, refuse_taken, write_folder

LATEST = "latest"
NEXT_LATEST = ".latest.next"
_RUN = re.compile(r"(\d{6,})-(\d{4}-\d{2}-\d{2})")
_UNFINISHED = re.compile(r"\.\d{6,}-\d{4}-\d{2}-\d{2}\.writing-.*")


class Shelf:
    """A folder of reports: ``000001-2026-11-23``, ``000002-2026-11-24``, … and ``latest``. Hold its lock to change it."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def open(self) -> None:
        """Make the folder where it is new. Raises ``FolderTakenError`` where it holds what is not a nightly run's."""
        if not self.place.is_dir() or self.place.is_symlink():
            refuse_taken(self.place, replace=False)
            self.place.mkdir(mode=0o700)
        foreign = [each.name for each in self.place.iterdir() if not _ours(each)]
        if foreign:
            raise FolderTakenError(f"{self.place} holds what no nightly run wrote ({min(foreign)}): name another folder")

    def latest(self) -> Path | None:
        """The folder of the latest report."""
        link = self.place / LATEST
        return self.place / link.readlink().name if link.is_symlink() and link.is_dir() else None

    def tidy(self) -> list[str]:
        """Take away what killed runs have left: half-written folders, and reports that never became the latest; their names."""
        (self.place / NEXT_LATEST).unlink(missing_ok=True)
        latest, taken = self.latest(), []
        for each in self.place.iterdir():
            unfinished = _UNFINISHED.fullmatch(each.name) is not None
            never_shown = latest is not None and _is_run(each) and _number(each) > _number(latest)
            if unfinished or never_shown:
                shutil.rmtree(each)
                taken.append(each.name)
        return sorted(taken)

    def add(self, day: dt.date, files: Mapping[str, bytes]) -> Path:
        """Write a report and make it the latest. A kill at any moment leaves the earlier report the latest, and whole."""
        number = max((_number(each) for each in self._runs()), default=0) + 1
        folder = self.place / f"{number:06}-{day}"
        write_folder(folder, files)
        link = self.place / NEXT_LATEST
        link.unlink(missing_ok=True)
        link.symlink_to(folder.name)
        swap(link, self.place / LATEST)
        return folder

    def forget(self, day: dt.date, keep_days: int) -> list[str]:
        """Remove reports dated more than so many days before a day, never the latest; says which."""
        latest = self.latest()
        old = [each for each in self._runs() if each != latest and (day - _day(each)).days > keep_days]
        for each in old:
            shutil.rmtree(each)
        return sorted(each.name for each in old)

    def _runs(self) -> list[Path]:
        return [each for each in self.place.iterdir() if _is_run(each)]


def swap(link: Path, latest: Path) -> None:
    """The new link takes the old one's name: readers find one or the other, never none."""
    os.replace(link, latest)  # noqa: PTH105 (of a link, not of what it leads to; said plainly)
    descriptor = os.open(latest.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ours(entry: Path) -> bool:
    if entry.name == LOCK:
        return entry.is_file() and not entry.is_symlink()
    if entry.name in (LATEST, NEXT_LATEST):
        return entry.is_symlink()
    return _is_run(entry) or _UNFINISHED.fullmatch(entry.name) is not None


def _is_run(entry: Path) -> bool:
    found = _RUN.fullmatch(entry.name)
    if found is None or entry.is_symlink() or not entry.is_dir():
        return False
    try:
        dt.date.fromisoformat(found.group(2))
    except ValueError:
        return False
    return True


def _number(run: Path) -> int:
    return int(run.name.partition("-")[0])


def _day(run: Path) -> dt.date:
    return dt.date.fromisoformat(run.name.partition("-")[2])


LOCK = ".lock"


class LockHeldError(Exception):
    """Another process holds the lock of this folder."""


@contextmanager
def only_one(shelf: Path) -> Iterator[None]:
    """Hold the lock of a folder of reports. Raises ``LockHeldError`` at once where another process has it.

    The system holds the lock for as long as the process lives, so the file may stay: it means nothing by itself. On a network
    drive it keeps out runs on other machines only where the drive supports ``flock``.
    """
    descriptor = os.open(shelf / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeldError from None
        yield
    finally:
        os.close(descriptor)
