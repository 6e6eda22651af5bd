"""What the door has to write down: on which day a key was used last, and who was refused something.

Nobody waits for it. One thread writes what came together in one transaction: of a key's use once a day, of its refusals once a
minute with how many they were, however many there are. What cannot be written is tried again a minute later.
"""

from __future__ import annotations

import datetime as dt
import math
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection, Engine, update

from api.clock import LONDON, Clock
from api.security.keys import Key
from api.storage import audit, table_schema
from api.storage.audit import Actor, Entry
from api.storage.database import county_row, writing
from api.storage.failures import in_words
from optimiser.rules.book import VERSION as RULE_BOOK

REFUSED = "key.refused"
"""The action of an entry that tells what somebody was refused, whose key or token was known."""
EVERY_SECONDS = 60.0
"""So often there is an entry about the refusals of one key, at most."""
TOGETHER_SECONDS = 0.05
"""What comes within so long goes into one transaction."""
MOST_TOLD = 20
"""So many different things that were refused stand in an entry by name; all are counted."""
MOST_KEPT = 10_000
"""So many keys and people are known at once."""
CLOSING_SECONDS = 5.0

log = structlog.get_logger("api")


@dataclass
class _Refusals:
    """Of one key or person, since the last entry."""

    of: Actor
    since: dt.datetime
    what: Counter[str] = field(default_factory=Counter)

    def entry(self) -> Entry:
        told = dict(self.what.most_common(MOST_TOLD))
        details = {"refused": self.what.total(), "since": self.since.isoformat(), "what": told}
        return Entry(self.of, REFUSED, "keys", self.of.key_id, details)


class DoorBook:
    """``close`` writes down what is left, and ends the thread."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._changed = threading.Condition()
        self._days: dict[str, dt.date] = {}
        """On which day each key was used last, written down or about to be."""
        self._used: dict[str, dt.date] = {}
        self._refused: dict[str, _Refusals] = {}
        self._told_at: dict[str, float] = {}
        self._not_before = 0.0
        self._thread: threading.Thread | None = None
        self._closing = False

    def used(self, key: Key, now: dt.datetime) -> None:
        """Somebody came in with a key. ``now`` in UTC."""
        day = now.astimezone(LONDON).date()
        if self._days.get(key.key_id) == day or key.last_used_on == day:
            return
        with self._changed:
            if len(self._days) > MOST_KEPT:
                self._days.clear()
            self._days[key.key_id] = self._used[key.key_id] = day
            self._begin()

    def refused(self, actor: Actor, what: str) -> None:
        """Somebody who is known was refused something: a status and the template of a route, nothing of a person."""
        with self._changed:
            if actor.name not in self._refused and len(self._refused) >= MOST_KEPT:
                return
            mine = self._refused.setdefault(actor.name, _Refusals(actor, self._clock.instant()))
            mine.what[what] += 1
            self._begin()

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(CLOSING_SECONDS)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="door-book", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._closing and (seconds := self._wait()) != 0:
                    self._changed.wait(seconds)
                closing = self._closing
            if not closing:
                time.sleep(TOGETHER_SECONDS)
            self._write_down(everything=closing)
            if closing:
                return

    def _wait(self) -> float | None:
        """In how many seconds something is to be written; None: nothing waits."""
        now = time.monotonic()
        due = [self._due_at(name) for name in self._refused] + ([now] if self._used else [])
        return max(0.0, min(due) - now, self._not_before - now) if due else None

    def _due_at(self, name: str) -> float:
        """When the next entry about somebody's refusals may be written, by the monotonic clock."""
        return self._told_at.get(name, -math.inf) + EVERY_SECONDS

    def _write_down(self, *, everything: bool) -> None:
        used, refused = self._taken(everything=everything)
        if not used and not refused:
            return
        try:
            with writing(self._engine) as connection:
                self._write(connection, used, refused)
        except Exception as failure:  # whatever it is, the door stays open
            log.warning("what the door has seen is not written down yet", **in_words(failure))
            self._put_back(used, refused)

    def _write(self, connection: Connection, used: dict[str, dt.date], refused: dict[str, _Refusals]) -> None:
        keys = table_schema.keys
        county_row(connection, lock=True)  # first, as whoever revokes a key does: else each might wait for the other
        for key_id, day in used.items():
            connection.execute(update(keys).where(keys.c.key_id == key_id).values(last_used_on=day.isoformat()))
        if refused:
            entries = [each.entry() for each in refused.values()]
            audit.append(connection, entries, at=self._clock.instant().isoformat(), rule_book=RULE_BOOK)

    def _taken(self, *, everything: bool) -> tuple[dict[str, dt.date], dict[str, _Refusals]]:
        now = time.monotonic()
        with self._changed:
            used, self._used = self._used, {}
            due = [name for name in self._refused if everything or self._due_at(name) <= now]
            refused = {name: self._refused.pop(name) for name in due}
            self._told_at = {name: at for name, at in self._told_at.items() if now - at < EVERY_SECONDS} | dict.fromkeys(due, now)
        return used, refused

    def _put_back(self, used: dict[str, dt.date], refused: dict[str, _Refusals]) -> None:
        with self._changed:
            self._not_before = time.monotonic() + EVERY_SECONDS
            self._used = used | self._used
            for name, before in refused.items():
                since = self._refused.get(name)
                if since is not None:
                    before.what.update(since.what)
                self._refused[name] = before
