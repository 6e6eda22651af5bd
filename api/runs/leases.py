"""Who works on a run says so again and again; whoever is not heard of for a lease has lost it.

What is counted is kept in the database (``beats``), how long it stays the same each worker measures by its own stopwatch. No
moment of one machine is compared with one of another: a clock that jumps takes no run away, and keeps none for ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from api.storage.table_schema import runs


@dataclass(frozen=True)
class Held:
    """A run that somebody works on, at one beat of theirs."""

    run_id: str
    fence: int
    beats: int

    def still(self) -> ColumnElement[bool]:
        """Whether nothing was heard since."""
        same = (runs.c.run_id == self.run_id) & (runs.c.fence == self.fence) & (runs.c.beats == self.beats)
        return same & (runs.c.status == "running")


class Leases:
    """What one worker has heard of the others. ``seconds``: for how long nothing may be heard of a run."""

    def __init__(self, seconds: float, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._stopwatch = seconds, stopwatch
        self._heard: dict[Held, float] = {}

    def silent(self, connection: Connection) -> list[Held]:
        """The runs of which nothing was heard for a lease, since this was first asked."""
        return self._silent(
            Held(str(row.run_id), int(row.fence), int(row.beats))
            for row in connection.execute(select(runs.c.run_id, runs.c.fence, runs.c.beats).where(runs.c.status == "running"))
        )

    def _silent(self, held: Iterable[Held]) -> list[Held]:
        now = self._stopwatch()
        self._heard = {each: self._heard.get(each, now) for each in held}
        return [each for each, since in self._heard.items() if now - since >= self._seconds]
