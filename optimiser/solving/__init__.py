"""The strict-order solver: proven plans over a `Problem` of plain arrays."""

from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Effort, Progress, Solution, Stopped
from optimiser.solving.problem import UNPLACED, BoolArray, IntArray, Level, Problem, Terms

__all__ = [
    "UNPLACED",
    "BoolArray",
    "Effort",
    "IntArray",
    "Level",
    "Problem",
    "Progress",
    "Solution",
    "Stopped",
    "Terms",
    "solve",
]
