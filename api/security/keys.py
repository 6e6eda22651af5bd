"""Keys for people and jobs: made by a command, shown once, stored as a hash, expiring, revocable."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, insert, select, update

from api.security.roles import ROLES, ours
from api.storage import audit, table_schema
from api.storage.audit import Actor, Entry
from api.storage.database import county_row, reading, writing
from optimiser.domain.dates import moment_after
from optimiser.rules.book import VERSION as RULE_BOOK

PREFIX = "optk"
DEFAULT_DAYS = 90
FRESH_SECONDS = 1.0
"""How long a key may still be taken for good after it was revoked elsewhere."""


@dataclass(frozen=True)
class Key:
    """A key as it is listed: without its secret, which nobody has but its holder."""

    key_id: str
    name: str
    roles: tuple[str, ...]
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None


def _hash(token: str) -> str:
    # A secret of 256 random bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()


def create_key(engine: Engine, by: Actor, name: str, roles: Sequence[str], now: dt.datetime, days: int = DEFAULT_DAYS) -> str:
    """Make a key for a named person or job; returns the token, which cannot be shown again. ``now`` in UTC.

    Raises ``ValueError`` where no role is given, or one that is none.
    """
    kept = ours(roles)
    if not kept or len(kept) != len(set(roles)):
        raise ValueError(f"roles: one or more of {', '.join(ROLES)}")
    key_id = secrets.token_hex(4)
    token = f"{PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
    row = {"key_id": key_id, "name": name, "roles": " ".join(kept), "secret_hash": _hash(token), "created_at": now.isoformat()}
    with writing(engine) as connection:
        county_row(connection, lock=True)
        connection.execute(insert(table_schema.keys).values(**row, expires_at=_expires(now, days).isoformat()))
        entry = Entry(by, "key.create", "keys", key_id, {"name": name, "roles": list(kept), "days": days})
        audit.append(connection, [entry], at=now.isoformat(), rule_book=RULE_BOOK)
    return token


def _expires(now: dt.datetime, days: int) -> dt.datetime:
    return moment_after(now, dt.timedelta(days=min(days, dt.date.max.toordinal())))


def revoke_key(engine: Engine, by: Actor, key_id: str, now: dt.datetime) -> bool:
    """Whether there was such a key; it opens nothing any more."""
    with writing(engine) as connection:
        county_row(connection, lock=True)
        mine = (table_schema.keys.c.key_id == key_id) & table_schema.keys.c.revoked_at.is_(None)
        found = connection.execute(update(table_schema.keys).where(mine).values(revoked_at=now.isoformat())).rowcount
        if found:
            audit.append(connection, [Entry(by, "key.revoke", "keys", key_id)], at=now.isoformat(), rule_book=RULE_BOOK)
    return bool(found)


def list_keys(engine: Engine) -> list[Key]:
    with reading(engine) as connection:
        rows = connection.execute(
            select(table_schema.keys).order_by(table_schema.keys.c.created_at, table_schema.keys.c.key_id)
        ).all()
    return [
        Key(
            row.key_id,
            row.name,
            tuple(row.roles.split()),
            dt.datetime.fromisoformat(row.created_at),
            dt.datetime.fromisoformat(row.expires_at),
            dt.datetime.fromisoformat(row.revoked_at) if row.revoked_at else None,
        )
        for row in rows
    ]


class KeyRing:
    """The keys that open something, read again every second."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._read_at = -FRESH_SECONDS
        self._by_hash: dict[str, tuple[Actor, dt.datetime]] = {}
        self._failure: Exception | None = None
        self._failed_at = 0.0

    def sign_in(self, token: str, now: dt.datetime) -> Actor | None:
        """Whose key it is; None when it is unknown, expired or revoked. ``now`` in UTC.

        Where the database cannot be read, everybody who waits meanwhile is told by one try.
        """
        began = time.monotonic()
        with self._lock:
            if self._failure is not None and self._failed_at >= began:
                raise self._failure
            if time.monotonic() - self._read_at >= FRESH_SECONDS:
                try:
                    self._by_hash, self._read_at, self._failure = self._read(), time.monotonic(), None
                except Exception as failure:
                    self._failure, self._failed_at = failure, time.monotonic()
                    raise
        actor, expires_at = self._by_hash.get(_hash(token), (None, now))
        return actor if now < expires_at else None

    def known_already(self, token: str, now: dt.datetime) -> Actor | None:
        """The same from memory alone; None when it is not there, or no longer fresh. ``now`` in UTC."""
        if time.monotonic() - self._read_at >= FRESH_SECONDS:
            return None
        actor, expires_at = self._by_hash.get(_hash(token), (None, now))
        return actor if now < expires_at else None

    def _read(self) -> dict[str, tuple[Actor, dt.datetime]]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(table_schema.keys).where(table_schema.keys.c.revoked_at.is_(None))).all()
        return {
            row.secret_hash: (
                Actor.of(f"{row.name} ({row.key_id})", row.roles.split()),
                dt.datetime.fromisoformat(row.expires_at),
            )
            for row in rows
        }
