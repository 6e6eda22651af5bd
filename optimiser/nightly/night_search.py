"""The search of a night: here, or by a worker of a cluster. What is read, checked against the records and written stays here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from optimiser.domain.plan import EarlierMove
from optimiser.domain.snapshot import Snapshot
from optimiser.in_parallel.piece_of_work import Elsewhere, IsOver, Work
from optimiser.in_parallel.story import InParallel
from optimiser.reoptimising.story import Reoptimisation, reoptimise
from optimiser.solving.outcome import Effort, Progress


@dataclass(frozen=True)
class Search:
    """All that a night's plan depends on."""

    snapshot: Snapshot
    max_moves: int | None
    step_moves: int | None
    history: Sequence[EarlierMove] | None
    wall_seconds: float | None
    if_others_move: bool

    def __repr__(self) -> str:
        return f"<Search of a night of {self.snapshot!r}>"

    def made(
        self, *, report: Callable[[Progress], None] | None = None, should_stop: Callable[[], bool] | None = None
    ) -> Reoptimisation:
        """Raises as ``reoptimise`` does."""
        return reoptimise(
            self.snapshot,
            max_moves=self.max_moves,
            step_moves=self.step_moves,
            history=self.history,
            effort=Effort(wall_seconds=self.wall_seconds),
            report=report,
            should_stop=should_stop,
            if_others_move=self.if_others_move,
        )


def found(asked: Search, elsewhere: Elsewhere) -> Reoptimisation:
    """By a cluster's worker. After Ctrl-C it is the best plan found by then.

    Raises as ``reoptimise`` does, ``ProcessEndedError`` where workers died at it again and again, and ``KeyboardInterrupt`` where
    somebody asked to stop and there is no plan yet.
    """
    work = Work(_made, None, "searches a night's plan", _in_words)
    with InParallel(work, engine=elsewhere) as workers:
        results = workers.do([asked]).results
    if not results:
        raise KeyboardInterrupt
    return results[0]


def _made(_: None, asked: Search, is_over: IsOver) -> Reoptimisation:
    return asked.made(should_stop=is_over)


def _in_words(_: Search) -> str:
    return "the search"
