"""Messages are written in the transaction of what they tell of: with it or not at all, and once for each address and cause."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.clock import LONDON
from api.outbox.kinds import KINDS
from api.outbox.message_kind import AT_ONCE, DAILY, EMAIL, OFF, Happening, Kind, Notice
from api.storage.table_schema import outbox, outbox_addresses, outbox_kinds, outbox_turn

WAITING, SENDING, SENT, DEAD, DROPPED = "waiting", "sending", "sent", "dead", "dropped"
GATHERING, IN_DIGEST = "gathering", "in_digest"
STATES = (WAITING, SENDING, SENT, DEAD, DROPPED, GATHERING, IN_DIGEST)
DIGEST_AT = dt.time(8, 0)
"""When what is told once a day is told, in London."""
STOPPED = "address_stopped"


def ways(connection: Connection) -> dict[str, str]:
    """How each kind is told."""
    said = {row.kind: row.way for row in connection.execute(select(outbox_kinds))}
    return {name: said.get(name, kind.usual) for name, kind in KINDS.items()}


def post(connection: Connection, happening: Happening, now: dt.datetime) -> int:
    """Write a message to everybody who has to be told of a change; how many. ``now`` in UTC.

    Where nobody's address is known there is nobody to tell, and nothing is looked at.
    """
    spoken = [kind for kind in KINDS.values() if kind.may_say(happening)]
    if not spoken:
        return 0
    addresses = connection.execute(select(outbox_addresses).order_by(outbox_addresses.c.address_id)).mappings().all()
    if not addresses:
        return 0
    told = ways(connection)
    rows = [
        message(address, kind.name, notice.about, notice.package_id, notice.facts, now, told[kind.name], notice.diary)
        for kind in spoken
        if told[kind.name] != OFF
        for notice in kind.notices(happening)
        for address in told_of(addresses, kind, notice, who_has(connection, notice))
    ]
    return write(connection, rows)


def who_has(connection: Connection, notice: Notice) -> frozenset[str]:
    """The addresses that a date which is taken back was sent to, or is on its way to."""
    if not notice.takes_back:
        return frozenset()
    brought = (outbox.c.diary == notice.diary, outbox.c.diary != "", outbox.c.state.not_in((DEAD, DROPPED)))
    return frozenset(connection.execute(select(outbox.c.address_id).where(*brought)).scalars())


def told_of(addresses: Iterable[RowMapping], kind: Kind, notice: Notice, has: Collection[str] = ()) -> Iterator[RowMapping]:
    """The addresses that a notice goes to: those of the provider's desk, or of the council, that are told of the kind.

    ``has``: who has the date that it takes back; with the e-mail that brought it, whatever else they are told of.
    """
    for address in addresses:
        if address["provider_id"] == notice.provider_id:
            has_it, is_told = address["address_id"] in has, kind.name in address["kinds"].split()
            if (has_it and (is_told or address["channel"] == EMAIL)) or (is_told and not notice.had_it_alone):
                yield address


def message(
    address: Mapping[str, Any] | RowMapping,
    kind: str,
    about: str,
    package_id: str,
    facts: Mapping[str, str],
    now: dt.datetime,
    way: str = AT_ONCE,
    diary: str = "",
) -> dict[str, Any]:
    """A row of the outbox, but for its number."""
    state, due = (GATHERING, next_digest(now)) if way == DAILY else (WAITING, now)
    stopped = address["stopped_at"] is not None
    return {
        "message_id": id_of(address["address_id"], kind, about),
        "kind": kind,
        "address_id": address["address_id"],
        "about": about,
        "package_id": package_id,
        "facts": orjson.dumps(dict(facts), option=orjson.OPT_SORT_KEYS).decode(),
        "at": moment(now),
        "state": DEAD if stopped else state,
        "due_at": moment(due),
        "said": STOPPED if stopped else None,
        "ended_at": moment(now) if stopped else None,
        "diary": diary,
    }


def id_of(address_id: str, kind: str, about: str) -> str:
    """The same for the same cause and address: by it a receiver knows what it has had already."""
    cause = "\x1f".join((address_id, kind, about))
    return f"msg_{hashlib.sha256(cause.encode()).hexdigest()[:32]}"


def write(connection: Connection, rows: list[dict[str, Any]]) -> int:
    """Number them and write those whose cause their address was not told of; how many were given."""
    if not rows:
        return 0
    counted = update(outbox_turn).values(newest=outbox_turn.c.newest + len(rows)).returning(outbox_turn.c.newest)
    last = int(connection.execute(counted).scalar_one())
    numbered = [{"seq": last - len(rows) + place, **row} for place, row in enumerate(rows, start=1)]
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(outbox).on_conflict_do_nothing(), numbered)
    return len(rows)


def next_digest(now: dt.datetime) -> dt.datetime:
    """When what is written now is told where it is told once a day, in UTC."""
    here = now.astimezone(LONDON)
    day = here.date() if here.time() < DIGEST_AT else here.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, DIGEST_AT, tzinfo=LONDON).astimezone(dt.UTC)


def moment(at: dt.datetime) -> str:
    """A moment as it stands in the tables, in UTC: such texts compare as the moments do."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
