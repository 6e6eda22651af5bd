"""``optimiser nightly --counties DIR``: the night of every county that lies there, each as it is run alone."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.nightly.each_apart import Ended, Watcher, each_apart
from optimiser.commands.shared.elsewhere import elsewhere
from optimiser.commands.shared.running import Begun, is_watched
from optimiser.commands.shared.saying import complain, print_table, refused, say, table, tell, told_left, written
from optimiser.domain.words import percent_in_short, rounded
from optimiser.io.faults import clean
from optimiser.io.folders import FolderTakenError, take_away_left
from optimiser.io.leftovers import hidden_folder
from optimiser.nightly.counties.county_endings import IN_SHORT, WELL, Ending, worst_of
from optimiser.nightly.counties.county_folders import CountiesRefusedError, Nights, counties_in
from optimiser.nightly.counties.county_rows import county_row
from optimiser.nightly.counties.county_summary import summary_files, summary_record
from optimiser.nightly.shelves import LockHeldError, only_one

if TYPE_CHECKING:
    from optimiser.nightly.counties.county_rows import Row


def run_counties(options: argparse.Namespace) -> int:
    """The worst exit code of all; 6 where another run holds the lock of the whole folder."""
    place, out = Path(options.counties), Path(options.out)
    faults = [
        f"{what} is of one county: leave it out with --counties"
        for what, given in (("FOLDER", options.folder), ("--history", options.history))
        if given is not None
    ]
    try:
        found, beside = counties_in(place)
    except CountiesRefusedError as none:
        faults += none.faults
    for each in faults:
        complain(each)
    if faults:
        return refused(f"{len(faults)} fault(s). Nothing was done.")
    with elsewhere(options) as cluster:  # one that cannot be used is told once, and not by every county
        at_once = options.workers or (0 if cluster is None else cluster.count())
    nights = Nights(out)
    try:
        nights.open(place)
        with only_one(out):
            told_left(take_away_left(out))
            for name in beside:
                complain(f"Note: {name} in {place} is no folder, and left out.")
            for name in nights.without_a_county(each.name for each in found):
                complain(f"Note: {nights.shelf(name).place} holds reports of a county that is not in {place}; they stay until"
                         " somebody removes them.")  # fmt: skip
            return _locked(options, nights, found, at_once)
    except LockHeldError:
        complain(f"Another nightly run of many counties holds the lock of {out}. Nothing was done.")
        return exits.LOCKED
    except FolderTakenError as taken:
        return refused(str(taken))
    except OSError as error:
        complain(f"Could not write {out}: {error}. Each county's latest report is whole.")
        return exits.REFUSED


def _locked(options: argparse.Namespace, nights: Nights, found: Sequence[Path], at_once: int) -> int:
    """``at_once``: so many counties, and 0: one a processor."""
    begun = Begun()
    before = {each.name: nights.latest(each.name) for each in found}
    tasks = {each.name: _of_one(options, each, nights) for each in found}
    watcher = _OnTheTerminal(len(tasks)) if is_watched(quiet=options.quiet) else None
    with hidden_folder(".said.writing-", nights.place) as said:
        ended = each_apart(run_one, tasks, said, workers=at_once, seconds=60.0 * options.most_minutes, watcher=watcher)
    endings = {name: Ending(ended[name].exit_code if name in ended else None) for name in tasks}
    rows = [county_row(nights, name, ending, before[name]) for name, ending in endings.items()]
    record = summary_record(rows, endings)
    _say_what_they_said(ended, tasks)
    stopped = "cancelled" if {"interrupted", "not_begun"} & record["ended"].keys() else "no"
    took = {name: round(ended[name].seconds, 3) for name in tasks if name in ended}
    run = {**begun.record(stopped), "workers": options.workers, "seconds_of_counties": took}
    if not written(nights.summary, summary_files(record, run), replace=True):
        return exits.REFUSED
    tell(options, lambda: record, lambda: _say(record, nights.summary))
    return worst_of(endings.values())


def _of_one(options: argparse.Namespace, folder: Path, nights: Nights) -> argparse.Namespace:
    """What the same command is told for one county alone. Values of people are never shown: what it says ends in a file."""
    alone = {"counties": None, "workers": None, "json": False, "quiet": True, "show_values": False}
    told = {"folder": str(folder), "out": str(nights.shelf(folder.name).place)}
    return argparse.Namespace(**vars(options) | alone | told)


def run_one(options: argparse.Namespace) -> int:
    """In the county's own process."""
    try:
        return int(options.run(options))
    except exits.RefusedError as why:
        return refused(str(why))


def _say_what_they_said(ended: Mapping[str, Ended], names: Mapping[str, Any]) -> None:
    """In the order of names, whoever ended first; each line with its county."""
    for name in names:
        if name in ended:
            for line in ended[name].said.splitlines():
                complain(f"{name}: {line}")
            if ended[name].too_long:
                complain(f"{name}: took longer than --most-minutes, and was ended.")


class _OnTheTerminal(Watcher):
    """A line for each county that is done; who is at work stands below, and is written over."""

    def __init__(self, count: int) -> None:
        self._count, self._done = count, 0
        self._at_work: list[str] = []

    def begun(self, name: str) -> None:
        self._at_work.append(name)
        self._show()

    def ended(self, name: str, ended: Ended) -> None:
        self._at_work.remove(name)
        self._done += 1
        sys.stderr.write(f"\r\x1b[K{clean(name)}: {Ending(ended.exit_code).in_words()} ({ended.seconds:.1f} s)\n")
        self._show()

    def _show(self) -> None:
        at_work = f"; at work: {clean(', '.join(self._at_work))}" if self._at_work else "\n"
        sys.stderr.write(f"\r\x1b[K{self._done} of {self._count} counties{at_work}")
        sys.stderr.flush()


def _say(record: Mapping[str, Any], summary: Path) -> None:
    made = table("Counties, today → after", "county", "ended", "unmet", "hours", "moves", "share", "proven", left=2)
    for row in record["counties"]:
        made.add_row(*_cells(row))
    print_table(made)
    for row in record["counties"]:
        if row["ended"] not in WELL:
            kept = (
                f" Its latest report is as it was, of {row['latest_as_of']}." if row["latest_as_of"] and not row["report"] else ""
            )
            say(f"{row['county']}: {row['said']}.{kept}")
    ended = ", ".join(f"{IN_SHORT[word]} {count}" for word, count in record["ended"].items())
    say(f"{record['all']['counties']} counties: {ended}. Exit code {record['exit_code']}, the worst of all.")
    say(f"Written to {summary}; the reports that it leads to hold personal data: only you may read them.")


def _cells(row: Row) -> list[str]:
    told = [clean(row["county"]), IN_SHORT[row["ended"]]]
    if row["as_of"] is None:
        return told
    share = row["principal_share_after"]
    return [
        *told,
        f"{row['unmet_people_today']:,} → {row['unmet_people_after']:,}",
        " → ".join(rounded(float(row[f"unmet_hours_{when}_per_week"])) for when in ("today", "after")),
        f"{row['moves']:,}",
        "" if share is None else percent_in_short(share),
        f"{row['levels_proven']} of {row['levels']}",
    ]
