"""A nightly run from a snapshot to its files on the shelf."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from optimiser.domain.assessments import Assessment
from optimiser.domain.plan import EarlierMove
from optimiser.domain.snapshot import Snapshot
from optimiser.in_parallel.piece_of_work import Elsewhere
from optimiser.io.folders import pretty
from optimiser.nightly.changes_since import changes_since
from optimiser.nightly.kept_facts import FACTS_FILE, facts_file, facts_of, read_facts
from optimiser.nightly.newly_begun import NOTHING_KNOWN, FirstDays
from optimiser.nightly.night_search import Search, found
from optimiser.nightly.page import nightly_page
from optimiser.nightly.passed_over import nights_passed_over
from optimiser.nightly.report import HOLDS_DAYS, OFFERS_DAYS, nightly_record
from optimiser.nightly.reserve_use import Opening
from optimiser.nightly.shelves import Shelf
from optimiser.nightly.watch import StoredAs, Watch
from optimiser.reoptimising.report import reoptimisation_files
from optimiser.reoptimising.story import Reoptimisation
from optimiser.rules.book import standard_rules
from optimiser.solving.outcome import Progress
from optimiser.version import FORMAT, SOFTWARE


@dataclass(frozen=True)
class Wishes:
    """What a nightly run is asked for."""

    max_moves: int | None = None
    step_moves: int | None = None
    history: Sequence[EarlierMove] | None = None
    wall_seconds: float | None = None
    ids: bool = False
    keep_days: int = 30
    ahead_days: int = 90
    holds_days: int = HOLDS_DAYS
    offers_days: int = OFFERS_DAYS
    if_others_move: bool = False
    """Whether what would place those left waiting is re-solved with others who wait free to go elsewhere."""
    openings: Sequence[Opening] = ()
    """What is known of the areas where the reserve is open, beside their ids."""
    nobody_since: Mapping[str, dt.date] | None = None
    """Per package id since when nobody can be asked, where the service knows it."""
    assessments: Sequence[Assessment] = ()
    """Those of the service: a folder knows of none."""
    watch: Watch | None = None
    """What else the service knows; None: the snapshot is of a folder."""
    first_days: FirstDays = NOTHING_KNOWN
    """Care that has just begun, as the service knows it."""


@dataclass(frozen=True)
class Night:
    """A report that has been written."""

    made: Reoptimisation
    record: dict[str, Any]
    folder: Path
    forgotten: Sequence[str]

    def __repr__(self) -> str:
        return f"<Night in {self.folder.name}>"


def nightly(
    snapshot: Snapshot,
    shelf: Shelf,
    wishes: Wishes,
    run_of: Callable[[Reoptimisation], dict[str, Any]],
    report: Callable[[Progress], None] | None = None,
    keep: Callable[[Reoptimisation], StoredAs | None] | None = None,
    elsewhere: Elsewhere | None = None,
) -> Night | None:
    """Write a report and make it the latest; None where the latest was made from the same. The shelf's lock must be held.

    ``run_of``: what ``run.json`` is to say. ``keep``: keeps the plan elsewhere, before anything is written here, so that it can
    be acted upon; as what, stands in the report, which is made anew next time where it was not kept. ``elsewhere``: the search
    is done there. Raises as ``reoptimise`` does, ``OSError`` where the shelf cannot be written to, and as ``found`` does.
    """
    shelf.tidy()
    before = read_facts(shelf.latest())
    made_from = _made_from(snapshot, wishes)
    if before is not None and before["complete"] and before["made_from"] == made_from:
        return None
    asked = Search(
        snapshot, wishes.max_moves, wishes.step_moves, wishes.history, wishes.wall_seconds, if_others_move=wishes.if_others_move
    )
    made = asked.made(report=report) if elsewhere is None else found(asked, elsewhere)
    stored = None if keep is None else keep(made)
    nights = nights_passed_over(made, before)
    whole = made.allocation.stopped != "cancelled" and (keep is None or stored is not None)
    facts = facts_of(snapshot, made_from, complete=whole, passed_over=nights)
    record = nightly_record(
        made,
        changes_since(before, facts),
        ids=wishes.ids,
        ahead_days=wishes.ahead_days,
        openings=wishes.openings,
        assessments=wishes.assessments,
        nights=nights,
        nobody_since=wishes.nobody_since,
        watch=wishes.watch,
        stored=stored,
        holds_days=wishes.holds_days,
        offers_days=wishes.offers_days,
        first_days=wishes.first_days,
    )
    files = {
        **reoptimisation_files(made, run_of(made)),
        "nightly.json": pretty(record),
        "nightly.html": nightly_page(record),
        FACTS_FILE: facts_file(facts),
    }
    folder = shelf.add(snapshot.as_of, files)
    return Night(made, record, folder, shelf.forget(snapshot.as_of, wishes.keep_days))


def _made_from(snapshot: Snapshot, wishes: Wishes) -> dict[str, Any]:
    """Everything that a report depends on; the settings are part of the snapshot's digest."""
    history, since = wishes.history, wishes.nobody_since
    return {
        "snapshot_digest": snapshot.digest(),
        "history_digest": None if history is None else hashlib.sha256(repr(sorted(map(repr, history))).encode()).hexdigest(),
        "software": SOFTWARE,
        "format": FORMAT,
        "rule_book": standard_rules().version,
        "max_moves": wishes.max_moves,
        "step_moves": wishes.step_moves,
        "wall_seconds": wishes.wall_seconds,
        "with_ids": wishes.ids,
        **({"if_others_move": True} if wishes.if_others_move else {}),
        "ahead_days": wishes.ahead_days,
        "holds_days": wishes.holds_days,
        "offers_days": wishes.offers_days,
        "nobody_since": None if since is None else {each: str(since[each]) for each in sorted(since)},
        "openings": _texts(wishes.openings),
        "assessments": _texts(wishes.assessments),
        **({} if wishes.watch is None else {"watch": _digest(wishes.watch)}),
        **wishes.first_days.texts(),
    }


def _digest(watch: Watch) -> str:
    """What the service knows, as a digest: facts are kept, and hold nothing of people beside what a change is told by."""
    return hashlib.sha256(json.dumps(asdict(watch), default=str, sort_keys=True).encode()).hexdigest()


def _texts(records: Sequence[Any]) -> list[list[str]]:
    return [[str(value) for value in astuple(record)] for record in records]
