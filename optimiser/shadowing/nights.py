"""Folders of dated snapshots to nights in the order of their days: all of one county under one policy, or refused whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

from optimiser.domain.policy import Policy
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import listed
from optimiser.io.faults import Fault, InputRefusedError, clean
from optimiser.io.policy_settings import FILE as SETTINGS
from optimiser.io.reading import read_snapshot

Report = Callable[[int, int], None]
"""Told how many of how many nights are read."""


class NightsRefusedError(Exception):
    """The nights are refused whole: every fault of every folder, and what is wrong between them."""

    def __init__(self, of_folders: Iterable[tuple[str, Fault]], between: Iterable[str]) -> None:
        self._of_folders, self._between = tuple(of_folders), tuple(between)
        super().__init__(f"{len(self._of_folders) + len(self._between)} fault(s)")

    def said(self, *, show_values: bool = False) -> list[str]:
        """A line a fault. ``show_values``: with values of personal columns."""
        told = [f"{name}: {fault.message(show_values=show_values)}" for name, fault in self._of_folders]
        return [clean(each) for each in (*told, *self._between)]


def nights_of(folders: Sequence[Path], report: Report | None = None) -> tuple[Snapshot, ...]:
    """The snapshots by day. A folder is a night, or holds a folder for each night; nothing depends on their order or names.

    Raises ``NightsRefusedError``.
    """
    between: list[str] = []
    places: dict[Path, Path] = {}
    for folder in folders:
        found = _nights_in(folder)
        if not found:
            between.append(f"{folder}: expected a snapshot folder, or a folder with one for each night; found neither")
        for each in found:
            places.setdefault(each.resolve(), each)  # a link to a night, such as the latest, is no other night
    faults: list[tuple[str, Fault]] = []
    read: list[tuple[str, Snapshot]] = []
    for done, place in enumerate(sorted(places.values(), key=str), start=1):
        try:
            read.append((str(place), read_snapshot(place).snapshot))
        except InputRefusedError as refused:
            faults += [(str(place), fault) for fault in refused.faults]
        if report is not None:
            report(done, len(places))
    read.sort(key=lambda night: (night[1].as_of, night[0]))
    between += _of_one_day(read)
    between += [fault for first, other in zip(read[:1] * len(read), read[1:], strict=False) for fault in _apart(first, other)]
    if not faults and not between and len(read) < 2:
        between.append(f"expected two nights or more, as decisions are read from their differences; found {len(read)}")
    if faults or between:
        raise NightsRefusedError(faults, between)
    return tuple(snapshot for _, snapshot in read)


def longest_gap(nights: Sequence[Snapshot]) -> int:
    """Days between two nights that follow each other, at most."""
    return max((later.as_of - earlier.as_of).days for earlier, later in pairwise(nights))


def _nights_in(folder: Path) -> list[Path]:
    if (folder / SETTINGS).is_file():
        return [folder]
    try:
        return [each for each in folder.iterdir() if each.is_dir() and not each.match(".*")]
    except OSError:
        return []


def _of_one_day(read: Sequence[tuple[str, Snapshot]]) -> list[str]:
    of_day = defaultdict(list)
    for name, night in read:
        of_day[night.as_of].append(name)
    return [f"{listed(names)} are all of {day}: expected one folder a day" for day, names in of_day.items() if len(names) > 1]


def _apart(first: tuple[str, Snapshot], other: tuple[str, Snapshot]) -> list[str]:
    """How a night cannot be of the first one's county, or was decided under another policy."""
    (name, one), (other_name, another) = first, other
    found = []
    if (here := {area.area_id for area in one.areas}) != (there := {area.area_id for area in another.areas}):
        differ = listed(sorted(here ^ there))
        found.append(f"{other_name} has other areas than {name} ({differ}): expected nights of one county")
    settings = [part.name for part in fields(Policy) if getattr(one.policy, part.name) != getattr(another.policy, part.name)]
    if settings:
        found.append(
            f"{other_name} has other settings than {name} ({listed(settings)}): expected one policy;"
            " lay the nights before and after the change beside it in two runs"
        )
    return found
