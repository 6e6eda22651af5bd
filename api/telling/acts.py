"""Who is told of what, how, and what became of it: addresses, kinds of message, the list of what could not be sent, bounces."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update

from api.acts.act import Caller, act, only
from api.http.errors import Problem, declare
from api.http.paging import MOST_TIMES, Page, cursor_of, key_of
from api.outbox import waiting_messages
from api.outbox.kinds import KINDS
from api.outbox.letter import Letter, letter_of
from api.outbox.message_kind import OFF, PROVIDER
from api.outbox.posting import DEAD, DROPPED, GATHERING, SENT, WAITING, moment, ways
from api.outbox.senders import WEBHOOK, set_up
from api.safe_addresses import safe_address
from api.security.roles import ADMIN, JOB
from api.storage.database import reading
from api.storage.table_schema import outbox, outbox_addresses, outbox_kinds
from api.telling.schemas import (
    Address,
    Addresses,
    Channel,
    Heard,
    KindsTold,
    KindTold,
    Message,
    MessagesQuery,
    NewAddress,
    NewWay,
    Receipt,
    Way,
)

NOT_TOLD = declare("nobody_told", 422, "Nobody can be told so")
NOT_TO_BE_SENT = declare("not_to_be_sent", 409, "The message is on its way, or goes out with others")
MAILBOX = re.compile(r"[^@\s<>(),;:\\\"\[\]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
BOUNCES = "permanent-failure"
FAILURES = (BOUNCES, "temporary-failure", "technical-failure")


@act("telling.addresses", only(ADMIN))
def list_addresses(by: Caller) -> Addresses:
    """Everybody who is told, and the ways of sending that are set up."""
    with reading(by.store.engine) as connection:
        rows = connection.execute(select(outbox_addresses).order_by(outbox_addresses.c.provider_id, outbox_addresses.c.name))
        return Addresses(
            items=[_address(row) for row in rows.mappings()], channels=cast(list[Channel], list(set_up(by.settings)))
        )


@act("telling.add_address", only(ADMIN), writes=("address.add",), changes=True)
def add_address(by: Caller, given: NewAddress) -> Address:
    """Somebody is told from now on: a provider's desk, or somebody of the council."""
    with by.change() as change:
        refuse_unfit(by, given, change.state.stock["providers"].keys())
        row = {
            "address_id": secrets.token_hex(4),
            "provider_id": given.provider_id or "",
            "name": given.name,
            "channel": given.channel,
            "address": given.address,
            "kinds": " ".join(sorted(set(given.kinds))),
            "added_at": moment(change.clock.instant()),
        }
        change.connection.execute(insert(outbox_addresses).values(**row))
        told = {"provider_id": given.provider_id, "channel": given.channel, "kinds": sorted(set(given.kinds))}
        change.remember("address.add", "addresses", str(row["address_id"]), told)
        return _address(_known(change.connection, str(row["address_id"])))


def refuse_unfit(by: Caller, given: NewAddress, provider_ids: Collection[str]) -> None:
    """Raises the problem ``nobody_told`` where nothing could be sent there, or nothing ever would be."""
    faults: dict[str, str] = {}
    if given.channel not in set_up(by.settings):
        faults["channel"] = f"{given.channel} is not set up in the service's settings"
    if given.provider_id is not None and given.provider_id not in provider_ids:
        faults["provider_id"] = "there is no such provider"
    if given.channel == WEBHOOK and not safe_address(given.address):
        faults["address"] = "a program's address begins with https://"
    if given.channel != WEBHOOK and MAILBOX.fullmatch(given.address) is None:
        faults["address"] = "an e-mail address, such as desk@alder.example"
    whose = {name for name, kind in KINDS.items() if (kind.told_to == PROVIDER) == (given.provider_id is not None)}
    if unknown := sorted(set(given.kinds) - whose):
        faults["kinds"] = f"{', '.join(unknown)}: expected some of {', '.join(sorted(whose))}"
    if faults:
        told = [{"where": ["body", member], "problem": said} for member, said in faults.items()]
        raise Problem(NOT_TOLD, "; ".join(f"{member}: {said}" for member, said in faults.items()), faults=told)


@act("telling.remove_address", only(ADMIN), writes=("address.remove",), changes=True)
def remove_address(by: Caller, address_id: str) -> None:
    """Somebody is told no longer: the address and its messages are deleted."""
    with by.change() as change:
        _known(change.connection, address_id)
        change.connection.execute(delete(outbox).where(outbox.c.address_id == address_id))
        change.connection.execute(delete(outbox_addresses).where(outbox_addresses.c.address_id == address_id))
        change.remember("address.remove", "addresses", address_id)


@act("telling.resume_address", only(ADMIN), writes=("address.resume",), changes=True)
def resume_address(by: Caller, address_id: str) -> Address:
    """An address that bounced is right again; what could not be sent there stays on the list until it is sent again."""
    with by.change() as change:
        if _known(change.connection, address_id)["stopped_at"] is not None:
            again = update(outbox_addresses).where(outbox_addresses.c.address_id == address_id)
            change.connection.execute(again.values(stopped_at=None, stopped_because=None))
            change.remember("address.resume", "addresses", address_id)
        return _address(_known(change.connection, address_id))


@act("telling.kinds", only(ADMIN))
def list_kinds(by: Caller) -> KindsTold:
    """The kinds of message, and how each is told."""
    with reading(by.store.engine) as connection:
        return KindsTold(items=list(_kinds(connection)))


@act("telling.set_kind", only(ADMIN), writes=("message_kind.set",), changes=True)
def set_kind(by: Caller, kind: str, given: NewWay) -> KindTold:
    """A kind of message is told at once, once a day, or not at all."""
    if kind not in KINDS:
        raise Problem("not_found", "There is no such kind of message.")
    with by.change() as change:
        before = ways(change.connection)[kind]
        change.connection.execute(delete(outbox_kinds).where(outbox_kinds.c.kind == kind))
        change.connection.execute(insert(outbox_kinds).values(kind=kind, way=given.way))
        if given.way == OFF:
            waits = (outbox.c.kind == kind) & outbox.c.state.in_((WAITING, GATHERING))
            dropped = {"state": DROPPED, "ended_at": moment(change.clock.instant())}
            change.connection.execute(update(outbox).where(waits).values(**dropped))
        change.remember("message_kind.set", "message_kinds", kind, {"before": before, "after": given.way})
        return next(each for each in _kinds(change.connection) if each.kind == kind)


@act("telling.messages", only(ADMIN))
def list_messages(by: Caller, query: MessagesQuery) -> Page[Message]:
    """Messages, the newest first, and what became of them; of what they are about nothing is shown."""
    size = min(query.limit or by.settings.page_size, MOST_TIMES * by.settings.page_size)
    question = _messages().order_by(outbox.c.seq.desc()).limit(size + 1)
    if query.state is not None:
        question = question.where(outbox.c.state == query.state)
    if query.cursor is not None:
        question = question.where(outbox.c.seq < key_of(query.cursor, (0,))[0])
    with reading(by.store.engine) as connection:
        rows = connection.execute(question).mappings().all()
    following = cursor_of((rows[size - 1]["seq"],)) if len(rows) > size else None
    return Page([_message(row) for row in rows[:size]], following)


@act("telling.counts", only(ADMIN))
def count_messages(by: Caller) -> dict[str, int]:
    """How many messages there are in each state."""
    question = select(outbox.c.state, func.count().label("many")).group_by(outbox.c.state).order_by(outbox.c.state)
    with reading(by.store.engine) as connection:
        return {row.state: int(row.many) for row in connection.execute(question)}


@act("telling.send_again", only(ADMIN), writes=("message.send_again",), changes=True)
def send_again(by: Caller, message_id: str) -> Message:
    """A message that was sent, could not be, or was dropped goes out again under the same id."""
    with by.change() as change:
        known = change.connection.execute(_messages().where(outbox.c.message_id == message_id)).mappings().first()
        if known is None:
            raise Problem("not_found", "There is no message of this id.")
        if known["state"] not in (DEAD, SENT, DROPPED):
            raise Problem(NOT_TO_BE_SENT, "It goes out by itself: there is nothing to send again.")
        if known["stopped_at"] is not None:
            raise Problem(NOT_TO_BE_SENT, "Its address bounced: put that right and resume it first.")
        now = moment(change.clock.instant())
        # It has its full time again: it is given up so long after this, not after it was written.
        again = {"state": WAITING, "due_at": now, "at": now, "said": None, "ended_at": None, "attempts": 0}
        change.connection.execute(update(outbox).where(outbox.c.message_id == message_id).values(**again))
        change.remember("message.send_again", "messages", message_id, {"kind": known["kind"]})
        row = change.connection.execute(_messages().where(outbox.c.message_id == message_id)).mappings().one()
        return _message(row)


@act("telling.receipt", only(JOB, ADMIN), writes=("message.bounced",), changes=True)
def hear_receipt(by: Caller, receipt: Receipt) -> Heard:
    """GOV.UK Notify says what became of a message: one that came back is shown; with nobody there the address is stopped."""
    if receipt.status not in FAILURES:
        return Heard(changed=False)
    return Heard(changed=_came_back(by, receipt.reference, f"notify_{receipt.status}", stops=receipt.status == BOUNCES))


@act("telling.bounced", only(ADMIN), writes=("message.bounced",), changes=True)
def bounced(by: Caller, message_id: str, said: str, *, stops: bool) -> bool:
    """An e-mail came back, as a report of a mail server says. ``stops``: there is nobody at the address. Whether it was known."""
    return _came_back(by, message_id, said, stops=stops)


def _came_back(by: Caller, message_id: str, said: str, *, stops: bool) -> bool:
    with by.change() as change:
        mine = outbox.c.message_id == message_id
        known = change.connection.execute(select(outbox).where(mine)).mappings().first()
        if known is None or known["state"] != SENT:
            return False
        now = change.clock.instant()
        values = {"state": DEAD, "said": said, "ended_at": moment(now)}
        change.connection.execute(update(outbox).where(mine).values(**values))
        if stops:
            waiting_messages.stop(change.connection, known["address_id"], said, now)
        change.remember("message.bounced", "messages", message_id, {"said": said, "address_stopped": stops})
    return True


@dataclass(frozen=True)
class Waiting:
    """A message as it would go out."""

    channel: str
    address: str
    letter: Letter

    def __repr__(self) -> str:
        return f"<Waiting {self.letter.message_id}>"


@act("telling.dry_run", only(ADMIN))
def dry_run(by: Caller) -> Iterator[Waiting]:
    """What waits to be sent, as it would be, in its order; nothing is sent and nothing changed by it."""
    address = by.settings.public_address or "https://brokerage.example"
    with reading(by.store.engine) as connection:
        for taken in waiting_messages.waiting(connection):
            yield Waiting(taken.channel, taken.address, letter_of(taken, address))


def _kinds(connection: Connection) -> Iterator[KindTold]:
    said = ways(connection)
    for name, kind in KINDS.items():
        usual = cast(Way, kind.usual)
        yield KindTold(kind=name, title=kind.title, told_to=kind.told_to, way=cast(Way, said[name]), usual=usual)


def _messages() -> Select[Any]:
    known = outbox_addresses.c
    joined = outbox.join(outbox_addresses, known.address_id == outbox.c.address_id)
    return select(outbox, known.name, known.channel, known.stopped_at).select_from(joined)


def _message(row: RowMapping) -> Message:
    return Message(**{name: row[name] for name in Message.model_fields})


def _address(row: RowMapping) -> Address:
    shown = {name: row[name] for name in Address.model_fields if name not in ("kinds", "provider_id")}
    return Address(**shown, provider_id=row["provider_id"] or None, kinds=row["kinds"].split())


def _known(connection: Connection, address_id: str) -> RowMapping:
    found = select(outbox_addresses).where(outbox_addresses.c.address_id == address_id)
    row = connection.execute(found).mappings().first()
    if row is None:
        raise Problem("not_found", "There is no address of this id.")
    return row
