"""What is new of the runs that anybody follows: looked for once for all of them, told to each in turn.

Each event is read and written out once, however many follow. Nothing is queued for anybody: a follower takes what is new when its
connection has taken what came before, so that one that is slow holds a place in the text and nothing else. Many are woken a few
at a time, with a breath between, so that a planner's answer never waits for a thousand of them.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import orjson
import structlog
from sqlalchemy import Connection, and_, or_, select

from api.acts.act import Caller
from api.runs.events import ENDINGS, Event, event_of, last_events
from api.service import Service
from api.storage import table_schema
from api.storage.database import reading

READERS = 4
"""So many threads at most read what newcomers have missed: others need theirs."""
KEPT = 500
"""So many events of a run are kept for those who follow it; whoever is further behind reads them from the database."""
FOLLOWERS_A_SECOND = 100
"""So many are told something each second: where more follow, each hears of several events at once, of five hundred every five
seconds."""
WOKEN_AT_ONCE = 2
"""They are told evenly, few at a time: whoever asks for something else meanwhile waits for few."""
JUDGED_SECONDS = 5.0
"""How often it is asked whether those who follow would still be let in."""
GOLDEN = 0.618_034
"""Multiples of it lie evenly between whole numbers, however many there are."""
EVERYBODY = ""
"""Whose a run is that all may follow who may follow runs."""
MOST_OWNERS = 10_000
"""Of so many runs it is kept whose they are."""
RUNS_AT_ONCE = 200
"""A statement names so many runs."""
T = TypeVar("T")
log = structlog.get_logger("runs")


@dataclass(frozen=True)
class News:
    """Events after some number, written out. ``over``: nothing will come any more."""

    lines: Sequence[bytes]
    last: int
    over: bool


@dataclass
class Topic:
    """A run that is followed. ``last``: the number of the newest event that is known here; None: nothing is."""

    lines: list[bytes] = field(default_factory=list)
    last: int | None = None
    over: bool = False
    followers: set[asyncio.Event] = field(default_factory=set)

    def after(self, seq: int) -> News | None:
        """What follows an event; None where that is not known here."""
        if self.last is None or not self.last - len(self.lines) <= seq <= self.last:
            return None
        return News(self.lines[len(self.lines) - (self.last - seq) :], self.last, self.over)

    def learn(self, seq: int, read: News) -> None:
        """What was read after an event, for somebody who did not know it, is known to whoever comes next; so many as are kept."""
        if self.last is None:
            self.lines, self.last, self.over = list(read.lines)[-KEPT:], read.last, read.over
            return
        first = self.last - len(self.lines)
        if seq < first <= seq + len(read.lines):
            self.lines = [*read.lines[: first - seq], *self.lines][-KEPT:]

    def add(self, news: News) -> bool:
        """Whether there was any."""
        is_new = bool(news.lines) or news.over is not self.over
        self.lines = [*self.lines, *news.lines][-KEPT:]
        self.last, self.over = news.last, news.over
        return is_new


class Newsroom:
    """One for each server, on its event loop; it looks what is new while anybody follows."""

    def __init__(self, service: Service, poll_seconds: float) -> None:
        self._service, self._poll_seconds = service, poll_seconds
        self._topics: dict[str, Topic] = {}
        self._names: Counter[str] = Counter()
        self._readers = anyio.CapacityLimiter(READERS)
        self._looking: asyncio.Task[None] | None = None
        self._reading: dict[tuple[str, int | None], asyncio.Task[Any]] = {}
        """What is being read just now: those who come together read it once."""
        self._owners: dict[str, str] = {}
        self._callers: dict[asyncio.Event, Caller] = {}
        self._judged_at = time.monotonic()
        self._came = 0

    def following(self, name: str) -> int:
        """How many follow in somebody's name."""
        return self._names[name]

    def beat_seconds(self, longest: float) -> float:
        """How often the one who has just come is told that the stream is still there: not all who came together at once."""
        self._came += 1
        return longest * (0.5 + 0.5 * (self._came * GOLDEN % 1))

    def has_in(self, news: asyncio.Event) -> bool:
        """Whether the follower whose event it is may go on."""
        return news in self._callers

    @contextmanager
    def joined(self, run_id: str, by: Caller) -> Iterator[tuple[Topic, asyncio.Event]]:
        """Somebody follows a run: what is known of it, and what is set whenever there is more."""
        topic, news, name = self._topics.setdefault(run_id, Topic()), asyncio.Event(), by.actor.name
        topic.followers.add(news)
        self._callers[news] = by
        self._names[name] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield topic, news
        finally:
            topic.followers.discard(news)
            self._callers.pop(news, None)
            self._names[name] -= 1
            if not self._names[name]:
                del self._names[name]
            if not topic.followers and self._topics.get(run_id) is topic:
                del self._topics[run_id]

    async def missed(self, run_id: str, seq: int) -> News:
        """What follows an event, from the database; of a number that no event has yet, ``last`` is that of the last there is."""
        return await self._read_once((run_id, seq), lambda: self._read_missed(run_id, seq))

    async def has(self, run_id: str, name: str) -> bool:
        """Whether there is such a run that somebody of this name may follow: what is once known of it is not asked again."""
        owner = self._owners.get(run_id)
        if owner is None:
            owner = await self._read_once((run_id, None), lambda: self._owner_of(run_id))
            if owner is not None:
                if len(self._owners) >= MOST_OWNERS:
                    self._owners.clear()
                self._owners[run_id] = owner
        return owner in (EVERYBODY, name)

    async def _read_once(self, what: tuple[str, int | None], read: Callable[[], T]) -> T:
        task: asyncio.Task[T] | None = self._reading.get(what)
        if task is None:
            task = self._reading[what] = asyncio.create_task(anyio.to_thread.run_sync(read, limiter=self._readers))
            task.add_done_callback(lambda _: self._reading.pop(what))
        return await asyncio.shield(task)  # who leaves while it is read takes it from nobody else

    def _followers_of(self, run_id: str) -> int:
        topic = self._topics.get(run_id)
        return 0 if topic is None else len(topic.followers)

    async def _look(self) -> None:
        while self._topics:
            await asyncio.sleep(max(self._poll_seconds, self._names.total() / FOLLOWERS_A_SECOND))
            if self._service.leaving.is_set():
                for each in list(self._callers):
                    each.set()
                return
            if time.monotonic() - self._judged_at >= JUDGED_SECONDS:
                await self._judge_again()
            known = {run_id: topic.last for run_id, topic in self._topics.items() if topic.last is not None}
            try:
                found = await anyio.to_thread.run_sync(self._read, known, limiter=self._readers)
            except Exception as failure:  # the database may be away for a while: it is looked again
                log.warning("runs cannot be followed", error=type(failure).__name__)
                continue
            for run_id in sorted(found, key=self._followers_of):  # few do not wait for many
                topic = self._topics.get(run_id)
                if topic is not None and topic.last == known[run_id] and topic.add(found[run_id]):
                    await self._wake(topic.followers)

    async def _judge_again(self) -> None:
        """Whoever would not be let in any more hears nothing more."""
        callers, self._judged_at = dict(self._callers), time.monotonic()

        def outside() -> list[asyncio.Event]:
            let_in: dict[tuple[str, str, int], bool] = {}  # five hundred who came with one key are one question
            for by in callers.values():
                if _asked_by(by) not in let_in:
                    let_in[_asked_by(by)] = by.would_be_let_in()
            return [news for news, by in callers.items() if not let_in[_asked_by(by)]]

        for news in await anyio.to_thread.run_sync(outside, limiter=self._readers):
            self._callers.pop(news, None)
            news.set()

    async def _wake(self, followers: set[asyncio.Event]) -> None:
        waiting = list(followers)
        for start in range(0, len(waiting), WOKEN_AT_ONCE):
            for each in waiting[start : start + WOKEN_AT_ONCE]:
                each.set()
            await asyncio.sleep(WOKEN_AT_ONCE / FOLLOWERS_A_SECOND)

    def _owner_of(self, run_id: str) -> str | None:
        """Whose a run is that others may not follow; None where there is none of this id."""
        with reading(self._service.store.engine) as connection:
            runs = table_schema.runs.c
            found = connection.execute(select(runs.kind, runs.requested_by).where(runs.run_id == run_id)).one_or_none()
        if found is None:
            return None
        return str(found.requested_by) if found.kind == table_schema.ON_WHAT_WAS_SENT else EVERYBODY

    def _read_missed(self, run_id: str, seq: int) -> News:
        with reading(self._service.store.engine) as connection:
            news = news_of(connection, {run_id: seq})[run_id]
            return replace(news, last=min(news.last, last_events(connection, [run_id]).get(run_id, 0)))

    def _read(self, after: Mapping[str, int]) -> dict[str, News]:
        with reading(self._service.store.engine) as connection:
            return news_of(connection, after)


def _asked_by(caller: Caller) -> tuple[str, str, int]:
    """Whoever has the same is let in alike: what they signed in with, and to which act."""
    return caller.token, caller.session, id(caller.admitted_to)


def news_of(connection: Connection, after: Mapping[str, int]) -> dict[str, News]:
    """Per run what follows an event of it, the first events first, and not all where they are many."""
    events, runs = table_schema.run_events.c, table_schema.runs.c
    found: dict[str, News] = {}
    for start in range(0, len(after), RUNS_AT_ONCE):
        some = dict(list(after.items())[start : start + RUNS_AT_ONCE])
        newer = or_(*(and_(events.run_id == run_id, events.seq > seq) for run_id, seq in some.items()))
        question = select(table_schema.run_events).where(newer).order_by(events.run_id, events.seq).limit(KEPT)
        rows = connection.execute(question).all()
        statuses = select(runs.run_id, runs.status).where(runs.run_id.in_(some))
        status_of = {str(run_id): str(status) for run_id, status in connection.execute(statuses)}
        whole = len(rows) < KEPT
        for run_id, seq in some.items():
            mine = [event_of(row) for row in rows if row.run_id == run_id]
            last = mine[-1].seq if mine else seq
            ended = mine[-1].name in ENDINGS if mine else status_of.get(run_id, ENDINGS[0]) in ENDINGS
            found[run_id] = News([written(each) for each in mine], last, over=whole and ended)
    return found


def written(event: Event) -> bytes:
    """As the stream says it."""
    data = orjson.dumps({"at": event.at, **event.data}).decode()
    return f"id: {event.seq}\nevent: {event.name}\ndata: {data}\n\n".encode()


async def heard(news: asyncio.Event, seconds: float) -> bool:
    """Whether something was new within so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await news.wait()
    was = news.is_set()
    news.clear()
    return was
