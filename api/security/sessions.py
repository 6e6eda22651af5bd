"""Who is signed in to the pages: a secret in a browser's cookie, of which the database has the hash, and the key behind it.

A session gives nobody more than its key does: whose it is and which roles they have is asked of the keys each time, so that it
ends with its key. Who signed in by the council's directory has no key: their name and roles are as the directory told them, and
they are asked anew after some hours. Each ends by itself as well, after a while without use.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update

from api.security.key_ring import KeyRing
from api.security.keys import DAMAGED, Key, hash_of, list_keys, moment_of
from api.security.roles import bound, ours
from api.storage import audit
from api.storage.audit import Actor, Entry
from api.storage.database import county_row, reading, writing
from api.storage.failures import in_words
from api.storage.sessions_told import BEGIN, END, NAMED_BY
from api.storage.table_schema import sessions
from optimiser.rules.book import VERSION as RULE_BOOK

SECRET_BYTES = 32
SEEN_EVERY = dt.timedelta(minutes=1)
"""That somebody is there is written down so often at most."""
log = structlog.get_logger("api")


class _Times(NamedTuple):
    """Of a session, in UTC; ``ends``: if nothing more is asked for, whatever becomes of its key."""

    began: dt.datetime
    seen: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True)
class SignedIn:
    """A session as it is listed: by a name with which nobody gets in. Moments in UTC; ``ends_at``: if nothing is asked for."""

    session: str
    holder: str
    roles: tuple[str, ...]
    key_id: str
    began_at: dt.datetime
    seen_at: dt.datetime
    ends_at: dt.datetime

    @staticmethod
    def of(row: RowMapping, times: _Times, key: Key | None) -> SignedIn | None:
        """None for a row whose key, or whose word of the directory, opens nothing any more: nor does it."""
        name = row["session_hash"][:NAMED_BY]
        if not row["key_id"]:
            holder = _told_by_directory(row)
            return None if holder is None else SignedIn(name, holder.name, holder.roles, "", times.began, times.seen, times.ends)
        if key is None or key.revoked_at is not None:
            return None
        return SignedIn(name, key.name, key.roles, key.key_id, times.began, times.seen, min(times.ends, key.expires_at))


class Sessions:
    """All moments are in UTC."""

    def __init__(
        self, engine: Engine, keys: KeyRing, *, idle_minutes: int, longest_hours: int, directory_minutes: int = 0
    ) -> None:
        """``directory_minutes``: how long the directory's word holds; 0: there is none, and nobody is let in by it."""
        self._engine, self._keys, self._told = engine, keys, dt.timedelta(minutes=directory_minutes)
        self._idle, self._longest = dt.timedelta(minutes=idle_minutes), dt.timedelta(hours=longest_hours)

    def begin(self, by: Actor, now: dt.datetime) -> str:
        """Somebody has signed in; returns the secret, which nobody else has. Sessions that are over are cleared away."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        row = {
            "session_hash": hash_of(secret),
            "key_id": by.key_id,
            "created_at": now.isoformat(),
            "seen_at": now.isoformat(),
            "expires_at": (now + self._longest_of(by.key_id)).isoformat(),
            "name": "" if by.key_id else by.name,
            "roles": "" if by.key_id else " ".join(by.roles),
            "provider_id": "" if by.key_id else by.provider_id,
        }
        with writing(self._engine) as connection:
            county_row(connection, lock=True)
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now.isoformat()))
            connection.execute(insert(sessions).values(**row))
            told: dict[str, Any] = {} if by.key_id else {"roles": list(by.roles)}
            told |= {"provider_id": by.provider_id} if by.provider_id and not by.key_id else {}
            told |= {"session": row["session_hash"][:NAMED_BY]}
            _remember(connection, Entry(by, BEGIN, "keys", by.key_id, told), now)
        return secret

    def holder(self, secret: str, now: dt.datetime, *, noting: bool = True) -> Actor | None:
        """Whose session it is; None when it is unknown, ran out, or its key opens nothing any more.

        ``noting``: that it is in use is written down, now and then.
        """
        mine = sessions.c.session_hash == hash_of(secret)
        with reading(self._engine) as connection:
            row = connection.execute(select(sessions).where(mine)).mappings().first()
        if row is None:
            return None
        times = self._times(row)
        if times is None or now >= times.ends:
            return None
        holder = self._keys.still_opens(row["key_id"], now) if row["key_id"] else _told_by_directory(row)
        if noting and holder is not None and now - times.seen >= SEEN_EVERY:
            self._note_seen(hash_of(secret), now)
        return holder

    def end(self, by: Actor, secret: str, now: dt.datetime) -> bool:
        """Somebody signs out; whether there was such a session of theirs."""
        mine = (sessions.c.session_hash == hash_of(secret)) & (sessions.c.key_id == by.key_id)
        with writing(self._engine) as connection:
            county_row(connection, lock=True)
            if not connection.execute(delete(sessions).where(mine)).rowcount:
                return False
            _remember(connection, Entry(by, END, "keys", by.key_id, {"session": hash_of(secret)[:NAMED_BY]}), now)
        return True

    def listed(self, now: dt.datetime) -> list[SignedIn]:
        """Everybody who is signed in, whoever came last first."""
        keys = {each.key_id: each for each in list_keys(self._engine)}
        with reading(self._engine) as connection:
            rows = connection.execute(select(sessions).order_by(sessions.c.created_at.desc(), sessions.c.session_hash)).mappings()
            known = [(row, times) for row in rows if (times := self._times(row)) is not None]
        found = [SignedIn.of(row, times, keys.get(row["key_id"])) for row, times in known]
        return [each for each in found if each is not None and now < each.ends_at]

    def end_named(self, by: Actor, session: str, now: dt.datetime) -> bool:
        """Somebody is signed out whose session has a name; whether there was such a session."""
        if len(session) != NAMED_BY or not session.isalnum():
            return False
        mine = sessions.c.session_hash.startswith(session, autoescape=True)
        with writing(self._engine) as connection:
            county_row(connection, lock=True)
            row = connection.execute(select(sessions).where(mine)).mappings().first()
            if row is None:
                return False
            connection.execute(delete(sessions).where(mine))
            _remember(connection, Entry(by, END, "keys", row["key_id"], {"session": session}), now)
        return True

    def _longest_of(self, key_id: str) -> dt.timedelta:
        """How long a session lasts at most, whatever is done."""
        return self._longest if key_id else min(self._longest, self._told)

    def _times(self, row: RowMapping) -> _Times | None:
        """None for a row that is damaged. No row makes a session longer than the settings do."""
        try:
            began, seen, expires = (moment_of(row[name]) for name in ("created_at", "seen_at", "expires_at"))
            return _Times(began, seen, min(expires, began + self._longest_of(row["key_id"]), seen + self._idle))
        except DAMAGED:
            return None

    def _note_seen(self, session_hash: str, now: dt.datetime) -> None:
        try:
            with writing(self._engine) as connection:
                connection.execute(
                    update(sessions).where(sessions.c.session_hash == session_hash).values(seen_at=now.isoformat())
                )
        except Exception as failure:  # who may read what is there may read it while nothing can be written
            log.warning("that somebody is signed in still is not written down", **in_words(failure))


def _remember(connection: Connection, entry: Entry, now: dt.datetime) -> None:
    """In the audit trail, where what is there is held against it."""
    audit.append(connection, [entry], at=now.isoformat(), rule_book=RULE_BOOK)


def _told_by_directory(row: RowMapping) -> Actor | None:
    roles, provider_id = bound(ours(row["roles"].split()), row["provider_id"]), row["provider_id"]
    return Actor.of(row["name"], roles, provider_id) if row["name"] and roles else None
