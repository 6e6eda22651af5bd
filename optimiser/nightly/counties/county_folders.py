"""Which counties lie in a folder, and where their reports go: ``counties/NAME`` is a shelf of its own for each, ``summary`` tells
of the last run of them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from optimiser.io.folders import FolderTakenError, refuse_taken
from optimiser.io.leftovers import CHANCE
from optimiser.nightly.shelves import LOCK, Shelf

SHELVES, SUMMARY = "counties", "summary"
_OF_THE_SUMMARY = re.compile(rf"(\.{SUMMARY}\.writing-|\.said\.writing-|{SUMMARY}\.previous-){CHANCE}")
"""What a run that was killed leaves beside the summary."""


class CountiesRefusedError(Exception):
    """There are no counties to run; ``faults`` say why, a sentence each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} fault(s)")


def counties_in(place: Path) -> tuple[list[Path], list[str]]:
    """The folders in a folder, by name, each taken for a county, and the names of what else lies there, but for what is hidden.

    Raises ``CountiesRefusedError`` where there is none, or a name that cannot be written down.
    """
    try:
        entries = sorted(each for each in place.iterdir() if not each.match(".*"))
    except OSError as error:
        raise CountiesRefusedError([f"--counties: {place} cannot be read: {error.strerror}"]) from None
    found = [each for each in entries if each.is_dir()]
    unwritable = [each.name for each in found if not _can_be_written(each.name)]
    if unwritable:
        raise CountiesRefusedError(f"--counties: expected names of folders in UTF-8; found {name!a}" for name in unwritable)
    if not found:
        raise CountiesRefusedError([f"--counties: expected a folder for each county in {place}; found none"])
    return found, [each.name for each in entries if each not in found]


def _can_be_written(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


class Nights:
    """A folder with a shelf for each county and the summary of them all. Hold its lock (``only_one``) to change it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.summary = place / SUMMARY

    def open(self, counties: Path) -> None:
        """Make the folder where it is new. ``counties``: where the snapshots lie, which is neither in here nor around it.

        Raises ``FolderTakenError`` where it holds what no such run wrote.
        """
        here, there = self.place.resolve(), counties.resolve()
        if here.is_relative_to(there) or there.is_relative_to(here):
            raise FolderTakenError(f"{self.place} and {counties} lie in one another: name another folder for the reports")
        if not self.place.is_dir() or self.place.is_symlink():
            refuse_taken(self.place, replace=False)
            self.place.mkdir(mode=0o700)
        foreign = [each.name for each in self.place.iterdir() if not _ours(each)]
        if foreign:
            raise FolderTakenError(
                f"{self.place} holds what no nightly run of many counties wrote ({min(foreign)}): name another folder"
            )
        self._shelves.mkdir(mode=0o700, exist_ok=True)

    @property
    def _shelves(self) -> Path:
        return self.place / SHELVES

    def shelf(self, county: str) -> Shelf:
        return Shelf(self._shelves / county)

    def latest(self, county: str) -> str:
        """The name of a county's latest report; empty where there is none."""
        found = self.shelf(county).latest()
        return "" if found is None else found.name

    def without_a_county(self, counties: Iterable[str]) -> list[str]:
        """The names of shelves whose county lies there no more. Nothing removes what they hold."""
        return sorted({each.name for each in self._shelves.iterdir() if each.is_dir()} - set(counties))


def _ours(entry: Path) -> bool:
    if entry.is_symlink():
        return False
    if entry.name == LOCK:
        return entry.is_file()
    return entry.is_dir() and (entry.name in (SHELVES, SUMMARY) or _OF_THE_SUMMARY.fullmatch(entry.name) is not None)
