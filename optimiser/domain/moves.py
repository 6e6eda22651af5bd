"""What is known of moves of care beside the snapshot: those made before, those agreed, and who has said no."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EarlierMove:
    """A person whose care moved away from a provider on or before the day of the snapshot: a line of a history of moves."""

    date: dt.date
    package_id: str
    from_provider_id: str
    minutes_per_week: int


@dataclass(frozen=True, slots=True)
class AgreedMove:
    """A round whose move on a day is agreed: it is kept where it is."""

    round_id: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class Known:
    """All of it. ``refused``: package ids of people for whom a family or a social worker has said no."""

    history: tuple[EarlierMove, ...] = ()
    agreed: tuple[AgreedMove, ...] = ()
    refused: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    """Package ids of people who have asked to stay with their provider by a direct payment."""

    def __repr__(self) -> str:
        return (
            f"<Known: {len(self.history)} earlier moves, {len(self.agreed)} agreed,"
            f" {len(self.refused)} refusals, {len(self.wishes)} wishes>"
        )
