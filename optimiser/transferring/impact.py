"""What moves away from each provider: the share of its county-wide hours in any twelve months, earlier moves counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.domain.dates import months_after
from optimiser.domain.moves import EarlierMove
from optimiser.rules.moving.moved_share import most_moved
from optimiser.transferring.calendar import YEAR_MONTHS, Wave


@dataclass(frozen=True)
class Window:
    """Twelve months from a day on, up to but not including ``ends``, in which a provider's moves are counted together."""

    provider_id: str
    starts: dt.date
    ends: dt.date
    waves: tuple[int, ...]
    """The indices of the waves in it: at least one."""
    earlier_minutes: int
    """What moved away in it before the plan."""
    room_minutes: int
    """What may still move in it."""


def hours_before(county: County) -> dict[str, int]:
    """Per provider id: the minutes of all its running care in the county on the day of the snapshot."""
    running = county.running_on != NOWHERE
    holders = county.provider_of[county.running_on[running]]
    minutes = np.bincount(holders, weights=county.minutes[running], minlength=len(county.providers))
    return {provider.provider_id: int(minutes[index]) for index, provider in enumerate(county.providers)}


def windows(
    provider_id: str, minutes: int, limit: Fraction, waves: tuple[Wave, ...], history: Iterable[EarlierMove]
) -> tuple[Window, ...]:
    """Every twelve months that matter: those that begin with a move or a wave and hold a wave.

    A window that begins between two moves holds no more than the one that begins with its first move, so these are enough.
    """
    own = [move for move in history if move.from_provider_id == provider_id]
    found = []
    for starts in sorted({move.date for move in own} | {wave.date for wave in waves}):
        ends = months_after(starts, YEAR_MONTHS)
        inside = tuple(index for index, wave in enumerate(waves) if starts <= wave.date < ends)
        earlier = sum(move.minutes_per_week for move in own if starts <= move.date < ends)
        if inside:
            room = max(0, most_moved(limit, minutes) - earlier)
            found.append(Window(provider_id, starts, ends, inside, earlier, room))
    return tuple(window for window in found if not any(_covers(other, window) for other in found))


def _covers(other: Window, window: Window) -> bool:
    """Whether another window asks for all that this one does."""
    wider = set(window.waves) <= set(other.waves) and other.room_minutes <= window.room_minutes
    same = set(window.waves) == set(other.waves) and other.room_minutes == window.room_minutes
    return wider and (not same or other.starts < window.starts)
