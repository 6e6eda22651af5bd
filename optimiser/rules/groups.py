"""What levels are about, where other parts need to know: each level says its own."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Protocol


class Group(Enum):
    """What a level counts."""

    WAITING = "people left without care"
    EXCEPTION = "care that is placed by exception only"
    MOVES = "people who change provider"
    COST = "what the care costs"
    TRAVEL = "travelling"
    OTHER = "anything else"


FOREMOST = (Group.WAITING, Group.EXCEPTION)
"""Unmet need and exception: what a quick trial asks for bounds of, and puts right first."""


class Grouped(Protocol):
    """A level, of the rule book or of a problem."""

    @property
    def group(self) -> Group: ...


def up_to(levels: Iterable[Grouped], *groups: Group) -> int:
    """How many levels of the strict order there are up to the last one of these groups."""
    return max((place for place, level in enumerate(levels, start=1) if level.group in groups), default=0)
