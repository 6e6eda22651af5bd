"""What call monitoring recorded of visits, column by column: a four-week period of a county is some 300,000 records.

Instants are whole seconds since 1970 in UTC, so that a night over a change of clocks lasts what it lasted; days are ordinals.
Pseudonyms of care workers are read to tell one from another, and are written nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]

DELIVERED, CUT_SHORT, MISSED, CANCELLED, CANCELLED_LATE, REFUSED, HOSPITAL, WITHDRAWN = (
    "delivered", "cut_short", "missed", "cancelled", "cancelled_late", "refused", "hospital", "withdrawn",
)  # fmt: skip
OUTCOMES = (DELIVERED, CUT_SHORT, MISSED, CANCELLED, CANCELLED_LATE, REFUSED, HOSPITAL, WITHDRAWN)
"""``withdrawn`` stands in a correction alone: the record that it corrects was made in error."""
MADE = (DELIVERED, CUT_SHORT)
"""Somebody came."""
WHO = ("person", "family", "council", "health", "provider")
"""Whose doing it was that a visit was cut short, missed, cancelled or refused."""
WHY = (
    "persons_wish", "family_helped", "not_needed", "unwell", "in_hospital", "no_answer", "staff_absent", "running_late",
    "weather", "other",
)  # fmt: skip
NONE = -1
"""In an array of places or minutes: not given, or not known."""
NEVER = np.int64(-(2**62))
"""In an array of instants: not given."""
NUMBERED = "#"
"""What a number begins with that has taken the place of a care worker's pseudonym: it means nothing beyond its visit."""
REPEATS = 3600
"""Seconds that local clocks show twice in a night of October."""


@dataclass(frozen=True)
class Actuals:
    """Records, an entry of each array for each. ``…_names``: what the places in an array stand for."""

    ids: Sequence[str]
    packages: Ints
    package_names: Sequence[str]
    days: Ints
    visits: Ints
    """Empty names where no visit of the plan is named."""
    visit_names: Sequence[str]
    contracts: Ints
    """Under which it was delivered, where the record says so; else an empty name."""
    contract_names: Sequence[str]
    planned_start: Ints
    planned_minutes: Ints
    arrived: Ints
    left: Ints
    workers: Ints
    keys: Ints
    """Pseudonyms of who came: places in ``key_lists``."""
    key_lists: Sequence[tuple[str, ...]]
    outcomes: Ints
    """Places in ``OUTCOMES``."""
    who: Ints
    """Places in ``WHO``."""
    why: Ints
    """Places in ``WHY``."""
    replaced: Truths
    """Whether a correction stands in its place."""
    repeated: Truths
    """Whether its arrival or end is a time that clocks showed twice: the shorter visit is meant."""
    skipped: Truths
    """Whether it names a time that clocks did not show."""

    def __repr__(self) -> str:
        return f"<Actuals: {len(self.ids)} records>"

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def counts(self) -> Truths:
        """Which records stand: neither corrected nor withdrawn."""
        withdrawn: Truths = self.outcomes == OUTCOMES.index(WITHDRAWN)
        return ~(self.replaced | withdrawn)
