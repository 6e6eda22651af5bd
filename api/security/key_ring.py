"""The keys as the door knows them: read again every second, asked in memory."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, select

from api.security.keys import DAMAGED, Key, hash_of
from api.storage import table_schema
from api.storage.audit import Actor
from api.storage.database import reading
from api.storage.whatever_the_bytes import whatever_the_bytes

FRESH_SECONDS = 1.0
"""How long a key may still be taken for good after it was revoked elsewhere."""


@dataclass(frozen=True)
class _Held:
    """A key, and who comes in with it."""

    key: Key
    holder: Actor

    def opens(self, now: dt.datetime) -> bool:
        return self.key.revoked_at is None and now < self.key.expires_at


class KeyRing:
    """``used`` is told each time that somebody is let in: with which key, and when, in UTC."""

    def __init__(self, engine: Engine, used: Callable[[Key, dt.datetime], None] = lambda _, __: None) -> None:
        self._engine, self._used = engine, used
        self._lock = threading.Lock()
        self._read_at = -FRESH_SECONDS
        self._by_hash: dict[str, _Held] = {}
        self._by_id: dict[str, _Held] = {}
        self._failure: Exception | None = None
        self._failed_at = 0.0

    def sign_in(self, token: str, now: dt.datetime) -> Actor | None:
        """Whose key it is; None when it is unknown, expired or revoked. ``now`` in UTC.

        Where the database cannot be read, everybody who waits meanwhile is told by one try.
        """
        self._refresh()
        return self._let_in(self._by_hash.get(hash_of(token)), now)

    def still_opens(self, key_id: str, now: dt.datetime) -> Actor | None:
        """Whose key it is that somebody signed in with before; None once it is revoked, expired or gone. ``now`` in UTC."""
        self._refresh()
        return self._let_in(self._by_id.get(key_id), now)

    def _refresh(self) -> None:
        began = time.monotonic()
        with self._lock:
            if self._failure is not None and self._failed_at >= began:
                raise self._failure
            if time.monotonic() - self._read_at >= FRESH_SECONDS:
                try:
                    self._by_hash, self._read_at, self._failure = self._read(), time.monotonic(), None
                    self._by_id = {held.key.key_id: held for held in self._by_hash.values()}
                except Exception as failure:
                    self._failure, self._failed_at = failure, time.monotonic()
                    raise

    def known_already(self, token: str, now: dt.datetime) -> Actor | None:
        """The same from memory alone; None when it is not there, or no longer fresh. ``now`` in UTC."""
        return self._let_in(self._by_hash.get(hash_of(token)), now) if time.monotonic() - self._read_at < FRESH_SECONDS else None

    def holder_of(self, token: str) -> Actor | None:
        """Whose key it is or was, though it may open nothing any more: from memory, after it was tried."""
        held = self._by_hash.get(hash_of(token))
        return None if held is None else held.holder

    def _let_in(self, held: _Held | None, now: dt.datetime) -> Actor | None:
        if held is None or not held.opens(now):
            return None
        self._used(held.key, now)
        return held.holder

    def _read(self) -> dict[str, _Held]:
        with reading(self._engine) as connection, whatever_the_bytes(connection):
            rows = connection.execute(select(table_schema.keys)).mappings().all()
        return {row["secret_hash"]: held for row in rows if (held := _held(row)) is not None}


def _held(row: RowMapping) -> _Held | None:
    """None for a row that is damaged: it opens nothing, and others do."""
    try:
        key = Key.of(row)
    except DAMAGED:
        return None
    if not key.roles:
        return None
    holder = Actor(f"{key.name} ({key.key_id})", key.roles[0], key.roles[1:], key_id=key.key_id, provider_id=key.provider_id)
    return _Held(key, holder)
