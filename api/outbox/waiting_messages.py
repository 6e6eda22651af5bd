"""The outbox as whoever sends sees it: take messages, say what became of them, gather what is told once a day.

Every step names the number of the sender's turn and does nothing once the turn is another's. What somebody had taken who lost the
turn is taken anew: whether it went out nobody knows, so it goes out again under the same id.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from api.outbox.diary_entries import DATES, DiaryEntry, as_fact, entry_of
from api.outbox.kinds import KINDS
from api.outbox.posting import DEAD, GATHERING, IN_DIGEST, SENDING, SENT, STOPPED, WAITING, message, moment, write
from api.storage.database import reading, writing
from api.storage.table_schema import outbox, outbox_addresses, outbox_turn

DIGEST = "digest"
"""The kind of a message that holds several."""


class End(Enum):
    """What became of a message that was taken."""

    SENT = "it was taken from us"
    AGAIN = "not now: it is tried again later"
    NEVER = "it will never be taken"
    BOUNCED = "the address is none: nothing more is sent to it"
    UNTRIED = "it was not tried"


@dataclass(frozen=True)
class Taken:
    """A message to be sent, with the address that it goes to."""

    message_id: str
    seq: int
    kind: str
    about: str = field(repr=False)
    package_id: str = field(repr=False)
    facts: dict[str, str] = field(repr=False)
    at: dt.datetime
    attempts: int
    """This one included."""
    address_id: str
    channel: str
    address: str = field(repr=False)
    diary: str = field(default="", repr=False)
    """The date that it brings, moves or takes back; empty: none."""
    sequence: int = 0
    """How often that date was told to the address before."""
    has_it: bool = False
    """Whether it was sent there."""


@dataclass(frozen=True)
class Outcome:
    """``said``: why it was not sent, as a word of ours; ``again_at``: when it is tried again."""

    message_id: str
    end: End
    said: str = ""
    again_at: dt.datetime | None = None


def _turn(fence: int) -> ColumnElement[bool]:
    return exists(select(outbox_turn.c.id).where(outbox_turn.c.fence == fence))


def take_back(engine: Engine, fence: int) -> int:
    """What others had taken who lost the turn waits again; how many that are."""
    left = and_(outbox.c.state == SENDING, outbox.c.fence != fence)
    with reading(engine) as connection:
        if connection.execute(select(outbox.c.message_id).where(left).limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        return connection.execute(update(outbox).where(left, _turn(fence)).values(state=WAITING)).rowcount


def addresses_due(engine: Engine, now: dt.datetime) -> dict[str, str]:
    """The addresses that something is to be sent to by now, each with the way that it is sent."""
    due = select(outbox.c.address_id).where(outbox.c.state == WAITING, outbox.c.due_at <= moment(now)).distinct()
    known = outbox_addresses.c
    question = select(known.address_id, known.channel).where(known.address_id.in_(due)).order_by(known.address_id)
    with reading(engine) as connection:
        return {row.address_id: row.channel for row in connection.execute(question)}


def take(engine: Engine, fence: int, most: Mapping[str, int], now: dt.datetime) -> list[list[Taken]]:
    """For each of some addresses what is to be sent next, in order, and at most so many messages.

    Of a package, and of a date in a diary, nothing is taken before what was written earlier is sent.
    """
    with writing(engine) as connection:
        found = [_of_address(connection, address_id, now, count) for address_id, count in most.items()]
        ids = [each.message_id for group in found for each in group]
        if not ids:
            return []
        taken = update(outbox).where(outbox.c.message_id == bindparam("this"), outbox.c.state == WAITING, _turn(fence))
        values = {"state": SENDING, "fence": fence, "attempts": outbox.c.attempts + 1}
        if not connection.execute(select(_turn(fence))).scalar():
            return []
        connection.execute(taken.values(**values), [{"this": each} for each in ids])
    return [group for group in found if group]


def _of_address(connection: Connection, address_id: str, now: dt.datetime, most: int) -> list[Taken]:
    earlier = outbox.alias("earlier")
    not_now = or_(earlier.c.state == SENDING, and_(earlier.c.state == WAITING, earlier.c.due_at > moment(now)))
    same = and_(earlier.c.address_id == outbox.c.address_id, earlier.c.package_id == outbox.c.package_id)
    blocked = exists(select(earlier.c.message_id).where(same, outbox.c.package_id != "", earlier.c.seq < outbox.c.seq, not_now))
    of_its_date = exists(select(earlier.c.message_id).where(_same_date(earlier), not_now))
    mine = (outbox.c.address_id == address_id, outbox.c.state == WAITING, outbox.c.due_at <= moment(now), ~blocked, ~of_its_date)
    return [_taken(row) for row in connection.execute(_with_addresses().where(*mine).limit(most))]


def waiting(connection: Connection) -> Iterator[Taken]:
    """Everything that waits to be sent, now or later, in the order in which it was written."""
    for row in connection.execute(_with_addresses().where(outbox.c.state == WAITING).execution_options(yield_per=1000)):
        yield _taken(row)


def _with_addresses() -> Select[Any]:
    joined = outbox.join(outbox_addresses, outbox_addresses.c.address_id == outbox.c.address_id)
    known = (outbox_addresses.c.channel, outbox_addresses.c.address, *_of_dates())
    return select(outbox, *known).select_from(joined).order_by(outbox.c.seq)


def _same_date(earlier: FromClause) -> ColumnElement[bool]:
    """What was written earlier, to the same address, of the same date in its diary."""
    same = and_(earlier.c.diary == outbox.c.diary, earlier.c.diary != "", earlier.c.address_id == outbox.c.address_id)
    return and_(same, earlier.c.seq < outbox.c.seq)


def _of_dates() -> tuple[ColumnElement[int], ColumnElement[bool]]:
    """How often the date of a message was told before, and whether its address has it."""
    earlier, digest = outbox.alias("earlier"), outbox.alias("its_digest")
    came_with_others = exists(
        select(digest.c.message_id).where(digest.c.message_id == earlier.c.digest_id, digest.c.state == SENT)
    )
    came = or_(earlier.c.state == SENT, and_(earlier.c.state == IN_DIGEST, came_with_others))
    told = select(func.count()).select_from(earlier).where(_same_date(earlier)).scalar_subquery()
    return told.label("sequence"), exists(select(earlier.c.message_id).where(_same_date(earlier), came)).label("has_it")


def _taken(row: Row[Any]) -> Taken:
    return Taken(
        message_id=row.message_id,
        seq=int(row.seq),
        kind=row.kind,
        about=row.about,
        package_id=row.package_id,
        facts=orjson.loads(row.facts),
        at=dt.datetime.fromisoformat(row.at),
        attempts=int(row.attempts) + 1,
        address_id=row.address_id,
        channel=row.channel,
        address=row.address,
        diary=row.diary,
        sequence=int(row.sequence),
        has_it=bool(row.has_it),
    )


def settle(engine: Engine, fence: int, outcomes: Iterable[Outcome], now: dt.datetime) -> None:
    """Write down what became of messages; of those that are another's by now nothing is written."""
    # Whatever waits again of an address is there before the address is stopped: else it would wait for ever.
    told = sorted(outcomes, key=lambda outcome: outcome.end is End.BOUNCED)
    if not told:
        return
    with writing(engine) as connection:
        for outcome in told:
            values = _values(outcome, now)
            mine = and_(outbox.c.message_id == outcome.message_id, outbox.c.state == SENDING, outbox.c.fence == fence)
            settled = connection.execute(update(outbox).where(mine).values(**values).returning(outbox.c.address_id)).first()
            if settled is not None and outcome.end is End.BOUNCED:
                stop(connection, settled.address_id, outcome.said, now)


def _values(outcome: Outcome, now: dt.datetime) -> dict[str, object]:
    match outcome.end:
        case End.SENT:
            return {"state": SENT, "said": None, "ended_at": moment(now)}
        case End.AGAIN:
            again = now if outcome.again_at is None else outcome.again_at
            return {"state": WAITING, "said": outcome.said, "due_at": moment(again)}
        case End.UNTRIED:
            return {"state": WAITING, "attempts": outbox.c.attempts - 1}
        case End.NEVER | End.BOUNCED:
            return {"state": DEAD, "said": outcome.said, "ended_at": moment(now)}


def stop(connection: Connection, address_id: str, because: str, now: dt.datetime) -> None:
    """Nothing more is sent to an address: what waits for it goes to the list that a person sees."""
    mine = and_(outbox_addresses.c.address_id == address_id, outbox_addresses.c.stopped_at.is_(None))
    told = {"stopped_at": moment(now), "stopped_because": because}
    connection.execute(update(outbox_addresses).where(mine).values(**told))
    waits = and_(outbox.c.address_id == address_id, outbox.c.state.in_((WAITING, GATHERING)))
    connection.execute(update(outbox).where(waits).values(state=DEAD, said=STOPPED, ended_at=moment(now)))


def gather(engine: Engine, fence: int, now: dt.datetime) -> int:
    """What is told once a day becomes one message for each address, once its hour has come; how many messages that makes."""
    due = and_(outbox.c.state == GATHERING, outbox.c.due_at <= moment(now))
    with reading(engine) as connection:
        if connection.execute(select(outbox.c.message_id).where(due).limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        if not connection.execute(select(_turn(fence))).scalar():
            return 0
        parts: dict[str, list[Taken]] = {}
        for row in connection.execute(_with_addresses().where(due)):
            parts.setdefault(row.address_id, []).append(_taken(row))
        for address_id, some in parts.items():
            address = (
                connection.execute(select(outbox_addresses).where(outbox_addresses.c.address_id == address_id)).mappings().one()
            )
            facts = {kind: str(count) for kind, count in sorted(Counter(each.kind for each in some).items())}
            if dates := list(_dates_of(some)):
                facts[DATES] = as_fact(dates)
            digest = message(address, DIGEST, f"up to {some[-1].seq}", "", facts, now)
            write(connection, [digest])
            _put_in(connection, [each.message_id for each in some], digest["message_id"], now)
    return len(parts)


def _dates_of(some: Iterable[Taken]) -> Iterator[DiaryEntry]:
    """What is said last of each date; of one that its address does not have nothing is taken back."""
    last = {each.diary or each.message_id: each for each in some}
    for each in last.values():
        date = KINDS[each.kind].words(each.facts).date if each.kind in KINDS else None
        if date is not None and (each.has_it or not date.is_off):
            yield entry_of(each.address_id, each.diary, date, each.sequence, each.message_id)


def _put_in(connection: Connection, ids: Collection[str], digest_id: str, now: dt.datetime) -> None:
    told = update(outbox).where(outbox.c.message_id == bindparam("this"))
    values = {"state": IN_DIGEST, "digest_id": digest_id, "ended_at": moment(now)}
    connection.execute(told.values(**values), [{"this": each} for each in ids])
