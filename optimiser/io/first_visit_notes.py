"""What is odd about first visits, and whose enhanced home support runs on: accepted, and said in counts alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from optimiser.domain.dates import instant_of
from optimiser.domain.records import ENHANCED_HOME_SUPPORT, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import Note
from optimiser.judging.enhanced_support import supports

FILE = "packages.csv"
NOT_BEGUN = "a first_visit_at of care that has not begun is not used"
AFTER = "a first_visit_at lies after as_of"
OF_ANOTHER = "a first_visit_at before care_started is a visit of the provider before"


def first_visit_notes(snapshot: Snapshot) -> tuple[Note, ...]:
    """As at the beginning of the snapshot's day."""
    counts = Counter(text for package in snapshot.packages for text in _odd(package, snapshot.as_of))
    day_starts = instant_of(dt.datetime.combine(snapshot.as_of, dt.time()))
    if on := sum(each.runs_on for each in supports(snapshot, day_starts)):
        counts[f"enhanced home support that runs on after {snapshot.enhanced.limit_hours} hours is not decided"] = on
    return tuple(sorted(Note(FILE, text, count) for text, count in counts.items()))


def _odd(package: Package, as_of: dt.date) -> Iterator[str]:
    if package.first_visit_at is None:
        return
    if package.status == "new":
        yield NOT_BEGUN
    elif package.first_visit_at.date() > as_of:
        yield AFTER
    elif package.service == ENHANCED_HOME_SUPPORT:
        return  # its clock goes on when its provider changes
    elif package.care_started is not None and package.first_visit_at.date() < package.care_started:
        yield OF_ANOTHER
