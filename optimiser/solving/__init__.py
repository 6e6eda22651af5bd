"""The strict-order solver: proven plans over a `Problem` of plain arrays."""

from optimiser.solving.outcome import Effort, LevelOutcome, Progress, Solution, Stopped
from optimiser.solving.problem import UNPLACED, BoolArray, IntArray, Level, Problem, Terms
from optimiser.solving.strict_order import solve

__all__ = [
    "UNPLACED",
    "BoolArray",
    "Effort",
    "IntArray",
    "Level",
    "LevelOutcome",
    "Problem",
    "Progress",
    "Solution",
    "Stopped",
    "Terms",
    "solve",
]
