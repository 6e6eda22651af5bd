"""Tasks that are measured wherever they are done: in a module of their own, as workers of a cluster import it by name."""

from __future__ import annotations

from optimiser.in_parallel.piece_of_work import IsOver

LOOP = 1_000_000


def nothing(_: int, task: int, __: IsOver) -> int:
    """A task that does nothing."""
    return task


def loop(loops: int, task: int, __: IsOver) -> int:
    """Millions of steps of plain Python, so many times."""
    table, found = list(range(64)), 0
    for step in range(LOOP * loops):
        found += table[step & 63]
    return found + task
