"""What happened to whom in a draw, week by week: what the check replays."""

from __future__ import annotations

from typing import NamedTuple

ARRIVED, CHANGED, GREW, PLACED, DECLINED = "arrived", "changed", "grew", "placed", "declined"
TO_HOSPITAL, BACK, RELEASED, ENDED = "to_hospital", "back", "released", "ended"
FAILED, BARRED = "failed", "barred"
KINDS = (ARRIVED, CHANGED, GREW, PLACED, DECLINED, TO_HOSPITAL, BACK, RELEASED, ENDED, FAILED, BARRED)


class Event(NamedTuple):
    """One thing that happened. Events stand in the order in which they did."""

    week: int
    kind: str
    subject: str
    """The id of a package, or of the provider that failed or was barred."""
    contract_id: str = ""
    """Where it was placed, or who was asked."""
    minutes: int = 0
    """Its hours a week from now on; of what grew, what was added where the care is."""
    until: int = 0
    """Of a bar: the first week in which it is over."""
    reason: str = ""
    """Of an answer no: ``declined``, ``declined for good`` or ``expired``."""
