"""One process sends at a time. It says so again and again; whoever is not heard of for a lease has lost its turn.

As with runs (``api/runs/leases.py``) each measures by its own stopwatch how long nothing was heard, so that no clock that jumps
takes a turn away or keeps it for ever. Each turn has a number, the fence, which everything that is written in it names.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Engine, select, update

from api.storage.database import reading, writing
from api.storage.table_schema import outbox_turn

FREE = -1


class Turn:
    """Whether it is this process's turn. ``seconds``: the lease."""

    def __init__(self, engine: Engine, seconds: float, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._seconds, self._stopwatch = engine, seconds, stopwatch
        self._fence: int | None = None
        self._said_at = 0.0
        self._heard: tuple[int, int] | None = None
        self._heard_at = 0.0

    def mine(self) -> int | None:
        """The number of this process's turn, kept alive by asking; None: somebody else's it is."""
        now = self._stopwatch()
        if self._fence is not None:
            if now - self._said_at < self._seconds / 3:
                return self._fence
            return self._renewed(now)
        with reading(self._engine) as connection:
            row = connection.execute(select(outbox_turn.c.fence, outbox_turn.c.beats)).one()
        found = (int(row.fence), int(row.beats))
        if found != self._heard:
            self._heard, self._heard_at = found, now
        if found[1] != FREE and now - self._heard_at < self._seconds:
            return None
        return self._taken(found, now)

    def _renewed(self, now: float) -> int | None:
        turn = outbox_turn.c
        with writing(self._engine) as connection:
            said = update(outbox_turn).where(turn.fence == self._fence).values(beats=turn.beats + 1)
            if not connection.execute(said).rowcount:
                self._fence = None
        self._said_at = now
        return self._fence

    def _taken(self, found: tuple[int, int], now: float) -> int | None:
        fence, beats = found
        turn = outbox_turn.c
        with writing(self._engine) as connection:
            same = (turn.fence == fence) & (turn.beats == beats)
            if not connection.execute(update(outbox_turn).where(same).values(fence=fence + 1, beats=0)).rowcount:
                return None
        self._fence, self._said_at = fence + 1, now
        return self._fence

    def let_go(self) -> None:
        """Somebody else may have it at once."""
        if self._fence is not None:
            with writing(self._engine) as connection:
                connection.execute(update(outbox_turn).where(outbox_turn.c.fence == self._fence).values(beats=FREE))
            self._fence = None
