"""What a solve is given to spend, what it tells on the way, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from optimiser.domain.level_result import LevelResult
from optimiser.solving.problem import IntArray

Stopped = Literal["no", "work", "wall", "cancelled"]
"""Why a solve ended: every level done, counted work spent, the clock (last resort), or somebody asked."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much counted work each level may take. Counted, not timed: two runs then give the same bytes.

    All zero means: the start plan is returned, with the bounds that cost nothing.
    """

    cut_rounds: int = 60
    """How often the relaxation of a level is tightened and solved again."""
    nodes: int = 1_000
    """Branching nodes of each search for a proof. Large programs get fewer: their nodes are as much more work."""
    searches: int = 40
    """Neighbourhoods that are searched for a better plan when the proof of a level does not close."""
    search_nodes: int = 100
    """Branching nodes of each such search."""
    block_states: int | None = None
    """Limits that can be full in more ways than this are rows beside the packings of the others: where one large room stands
    among many small ones, packings of the small ones say all there is to say. None: all limits are packings, or none is."""
    constraint_work: float = 0.0
    """Counted time of constraint programming on a level, in its own measure: about a second of processor each."""
    dives: int = 0
    """Relaxations that dives over whole packings may solve on a level of many choices."""
    plain_nodes: int = 0
    """Branching nodes of a plain solver, which is asked before our own searches for a proof where a level's program is small.
    With 0 it is asked behind them, with half of theirs."""
    wall_seconds: float | None = None
    """Last resort: a run stopped by it may not repeat, and says so (``stopped="wall"``)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A line of news during a solve: the level at work, its best value so far and the bound under it."""

    level: str
    value: int
    bound: int
    gap: int
    elapsed: float
    price_run: tuple[int, int] | None = None
    """Of the runs that price pins: which of how many it is. None: the run that makes the plan."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A legal plan, each level's value within best + tolerance, and what is proven about each best."""

    plan: IntArray
    levels: tuple[LevelResult[int], ...]
    stopped: Stopped

    def __repr__(self) -> str:
        return f"<Solution of {len(self.plan)} items, {len(self.levels)} levels>"
