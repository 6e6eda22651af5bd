"""What is known of a run that is followed: those who come together read it once, and nobody misses an event or hears it twice."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import event

from api.acts.act import Caller
from api.runs import newsroom
from api.runs.following import follow
from api.runs.newsroom import News, Newsroom, Topic
from api.runs.queue import tell
from api.state.store import Store
from optimiser.domain.snapshot import Snapshot
from tests.api.desk import desk
from tests.api.runs.working import asked_for, calling, claimed


def news(first: int, last: int, *, over: bool = False) -> News:
    """The events of these numbers, written as their numbers."""
    return News([b"%d" % seq for seq in range(first, last + 1)], last, over)


def known(topic: Topic, seq: int) -> bytes | None:
    found = topic.after(seq)
    return None if found is None else b" ".join(found.lines)


def test_what_was_read_for_one_is_known_to_the_next() -> None:
    topic = Topic()
    assert topic.after(0) is None, "nothing is known"
    topic.learn(3, news(4, 6))
    assert [known(topic, seq) for seq in (2, 3, 5, 6, 7)] == [None, b"4 5 6", b"6", b"", None]
    topic.learn(0, news(1, 6))
    assert (known(topic, 0), topic.last) == (b"1 2 3 4 5 6", 6)
    topic.learn(0, news(1, 4))
    assert known(topic, 0) == b"1 2 3 4 5 6", "who read a little earlier takes nothing away"
    assert topic.add(news(7, 7, over=True))
    assert topic.after(6) == News([b"7"], 7, over=True)


def test_events_are_joined_only_where_none_is_missing_between_them() -> None:
    topic = Topic()
    topic.learn(7, news(8, 9))
    topic.learn(0, news(1, 5))
    assert [known(topic, seq) for seq in (0, 7)] == [None, b"8 9"]
    topic.learn(0, news(1, 7))
    assert known(topic, 0) == b"1 2 3 4 5 6 7 8 9"


def test_so_many_events_are_kept_and_not_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newsroom, "KEPT", 4)
    topic = Topic()
    topic.learn(5, news(6, 8))
    topic.learn(0, news(1, 6))
    assert [known(topic, seq) for seq in (3, 4, 8)] == [None, b"5 6 7 8", b""]


def test_those_who_come_together_ask_the_database_once(tmp_path: Path, small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newsroom, "FOLLOWERS_A_SECOND", 1_000)
    with desk(f"sqlite:///{tmp_path / 'county.db'}", small, run_workers=0) as at:
        asyncio.run(_come_together(at.store))


async def _come_together(store: Store) -> None:
    """Sixty follow a run that has one event, come at the same moment or one after the other, and hear the next as well."""
    run_id, by, asked = asked_for(store), calling(store), list[str]()
    event.listen(store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    room = Newsroom(by.service, 0.01)
    assert all(await asyncio.gather(*(room.has(run_id, "Ada Planner") for _ in range(30))))
    assert len([each for each in asked if "FROM runs" in each]) == 1

    async def heard_by(one: Caller) -> bytes:
        told = [line async for line in follow(one, run_id, 0)]
        return b"".join(told)

    following = [asyncio.create_task(heard_by(by)) for _ in range(30)]
    await asyncio.sleep(0.1)
    read = len([each for each in asked if "max(run_events.seq)" in each])
    following += [asyncio.create_task(heard_by(by)) for _ in range(30)]
    await asyncio.sleep(0.1)
    assert read == len([each for each in asked if "max(run_events.seq)" in each]) == 1, "once for all of them"
    claim = claimed(store)
    assert tell(store.engine, claim, dt.datetime.now(dt.UTC), {"level": "unmet", "value": 5, "bound": 3})
    await asyncio.sleep(0.6)
    by.service.leaving.set()
    heard = await asyncio.wait_for(asyncio.gather(*following), 5)
    assert len(set(heard)) == 1, "everybody hears the same"
    assert [line for line in heard[0].decode().split("\n") if line.startswith(("id", "event"))] == [
        "id: 1",
        "event: queued",
        "id: 2",
        "event: started",
        "id: 3",
        "event: progress",
    ]


def test_who_leaves_while_it_is_read_takes_it_from_nobody_else(tmp_path: Path, small: Snapshot) -> None:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", small, run_workers=0) as at:
        run_id, by = asked_for(at.store), calling(at.store)

        async def one_leaves() -> News:
            room = Newsroom(by.service, 1)
            first, second = (asyncio.create_task(room.missed(run_id, 0)) for _ in range(2))
            await asyncio.sleep(0)
            first.cancel()
            found = await second
            assert first.cancelled()
            assert not await room.has("0" * 32, "Ada Planner")
            return found

        found = asyncio.run(one_leaves())
        assert (found.last, found.over, len(found.lines)) == (1, False, 1)
