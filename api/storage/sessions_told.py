"""Whether somebody is signed in to the pages by nothing but an entry of the audit trail: a session that was put there past the
service opens what its key opens, to whoever has the secret behind it.

Sessions that are over are cleared away without an entry: so it is not asked whether any is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from api.storage.row_ledger import OR_AN_ENTRY, Break, apart, as_stored, named, why
from api.storage.table_schema import sessions

BEGIN, END = "session.begin", "session.end"
"""The actions of entries by which one began and ended; their subject is its key."""
NAMED_BY = 16
"""So many characters of a session's hash name it in the audit trail: sessions are told apart, and nobody gets in with it."""
TABLE = "sessions"
COMPARED = ("key_id", "created_at", "roles", "provider_id")


@dataclass
class SessionsTold:
    """Told entry by entry who signed in and out; then asked to compare it with what is there."""

    begun: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    """Per session that was not ended the key, the moment at which it began, and what a directory told: roles, a provider."""

    def take(self, action: str, at: str, subject: str | None, details: str | None) -> None:
        """An entry; one of something else, or that is damaged, tells of no session."""
        if action not in (BEGIN, END) or not details:
            return
        try:
            told = orjson.loads(details)
            session, roles, provider_id = str(told["session"]), " ".join(told.get("roles", ())), str(told.get("provider_id", ""))
        except (AttributeError, TypeError, ValueError, KeyError):
            return
        if action == BEGIN:
            self.begun[session] = subject or "", at, roles, provider_id
        else:
            self.begun.pop(session, None)

    def compare(self, connection: Connection, *, chain_holds: bool) -> list[Break]:
        """The sessions that are not as the entries tell of them; whose fault that may be where the chain does not hold."""
        try:
            with apart(connection):
                rows = connection.execute(as_stored(sessions)).mappings().all()
        except SQLAlchemyError as error:
            return [Break(0, f"cannot be read: {why(error)}", TABLE)]
        problem = f"is not as any entry tells of it: it was written past the service{'' if chain_holds else OR_AN_ENTRY}"
        return [
            Break(0, problem, TABLE, named(row["session_hash"])[:NAMED_BY])
            for row in rows
            if self.begun.get(str(row["session_hash"])[:NAMED_BY]) != tuple(row[name] for name in COMPARED)
        ]
