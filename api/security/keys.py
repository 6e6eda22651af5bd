"""Keys for people and jobs: made by a command, shown once, stored as a hash, ending within a year, revocable."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, insert, select, update

from api.security.key_names import checked_id, checked_name, shown
from api.security.roles import PROVIDER, ROLES, bound, ours
from api.storage import audit, table_schema
from api.storage.audit import Actor, Entry
from api.storage.database import county_row, reading, writing
from api.storage.row_digests import came, gone, new_salt
from api.storage.whatever_the_bytes import whatever_the_bytes
from optimiser.domain.dates import moment_after
from optimiser.rules.book import VERSION as RULE_BOOK

PREFIX = "optk"
DEFAULT_DAYS = 90
MOST_DAYS = 365
"""No key opens anything for longer than a year after it was made, whatever end stands in the database."""


UNBOUND = f"a key of the role {PROVIDER} is bound to one provider, and opens nothing else: name it, and no other role"


class UnfitKeyError(ValueError):
    """No key can be made so. ``about``: what of it is wrong, ``name``, ``roles``, ``days`` or ``provider_id``."""

    def __init__(self, about: str, said: str) -> None:
        self.about = about
        super().__init__(said)


class KeysThereError(Exception):
    """There is a key already: none is the first."""


@dataclass(frozen=True)
class Key:
    """A key as it is listed: without its secret, which nobody has but its holder."""

    key_id: str
    name: str
    roles: tuple[str, ...]
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None
    last_used_on: dt.date | None
    """The day in London on which somebody came in with it last, as far as this was kept."""
    provider_id: str = ""
    """The provider that a key of the role provider is bound to; empty for every other."""

    @staticmethod
    def of(row: RowMapping) -> Key:
        """Raises ``ValueError``, ``TypeError`` or ``AttributeError`` where the row is damaged."""
        created, provider_id = moment_of(row["created_at"]), _text(row["provider_id"])
        return Key(
            checked_id(row["key_id"]),
            shown(_text(row["name"])),
            bound(ours(row["roles"].split()), provider_id),
            created,
            min(moment_of(row["expires_at"]), _after(created, MOST_DAYS)),
            moment_of(row["revoked_at"]) if row["revoked_at"] else None,
            _day(row["last_used_on"]),
            provider_id,
        )


def _text(cell: str) -> str:
    cell.encode()  # raises where it came of bytes that are none
    return cell


def _day(cell: object) -> dt.date | None:
    """None too for what is no day: a key is not shut by what no entry of the trail tells of."""
    try:
        return dt.date.fromisoformat(cell) if isinstance(cell, str) else None
    except ValueError:
        return None


def moment_of(written: str) -> dt.datetime:
    """A moment as a cell has it; one without an offset is in UTC. Raises ``ValueError`` or ``TypeError`` where it is damaged."""
    found = dt.datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


DAMAGED = (ValueError, TypeError, AttributeError)
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def hash_of(token: str) -> str:
    """As a key is stored."""
    # A secret of 256 random bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()


def create_key(
    engine: Engine,
    by: Actor,
    name: str,
    roles: Sequence[str],
    now: dt.datetime,
    days: int = DEFAULT_DAYS,
    keep: Callable[[str], None] = lambda _: None,
    *,
    first: bool = False,
    provider_id: str = "",
) -> str:
    """Make a key for a named person or job; returns the token, which cannot be shown again. ``now`` in UTC.

    ``keep``: given the token before the key stands; where it raises there is no key. ``first``: only where there is no other key,
    else it raises ``KeysThereError``: of several who begin at once on a fresh database one makes its first key. ``provider_id``:
    whom a key of the role provider is bound to; there is none without.

    Raises ``UnfitKeyError`` where no role is given or one that is none, for a name that is not plain, and for more days than a
    year or none.
    """
    kept = ours(roles)
    if not kept or len(kept) != len(set(roles)):
        raise UnfitKeyError("roles", f"roles: one or more of {', '.join(ROLES)}")
    if bound(kept, provider_id) != kept:
        alone = f"a provider is named for a key of the role {PROVIDER} alone"
        raise UnfitKeyError("provider_id", UNBOUND if PROVIDER in kept else alone)
    if not 1 <= days <= MOST_DAYS:
        raise UnfitKeyError("days", f"days: 1 to {MOST_DAYS}, as no key opens anything for longer than a year")
    try:
        checked_name(name)
    except ValueError as wrong:
        raise UnfitKeyError("name", str(wrong)) from wrong
    key_id = secrets.token_hex(4)
    token = f"{PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
    row = {
        "key_id": key_id,
        "name": name,
        "roles": " ".join(kept),
        "secret_hash": hash_of(token),
        "created_at": now.isoformat(),
        "expires_at": _after(now, days).isoformat(),
        "revoked_at": None,
        "salt": new_salt(),
        "provider_id": provider_id,
    }
    with writing(engine) as connection:
        county_row(connection, lock=True)
        if first and connection.execute(select(table_schema.keys.c.key_id).limit(1)).first() is not None:
            raise KeysThereError
        connection.execute(insert(table_schema.keys).values(**row))
        told = {"name": name, "roles": list(kept), "days": days} | ({"provider_id": provider_id} if provider_id else {})
        entry = Entry(by, "key.create", "keys", key_id, told)
        audit.append(connection, [entry], at=now.isoformat(), rule_book=RULE_BOOK, written=came("keys", [row]))
        keep(token)
    return token


def _after(moment: dt.datetime, days: int) -> dt.datetime:
    return moment_after(moment, dt.timedelta(days=days))


def revoke_key(engine: Engine, by: Actor, key_id: str, now: dt.datetime) -> bool:
    """Whether there was such a key; it opens nothing any more."""
    keys = table_schema.keys
    with writing(engine) as connection:
        county_row(connection, lock=True)
        mine = (keys.c.key_id == key_id) & keys.c.revoked_at.is_(None)
        row = connection.execute(select(keys).where(mine)).mappings().first()
        if row is None:
            return False
        told = {"revoked_at": now.isoformat(), "salt": new_salt()}
        connection.execute(update(keys).where(mine).values(**told))
        written = came("keys", [{**row, **told}]) + gone("keys", [row])
        entry = Entry(by, "key.revoke", "keys", key_id)
        audit.append(connection, [entry], at=now.isoformat(), rule_book=RULE_BOOK, written=written)
    return True


def list_keys(engine: Engine) -> list[Key]:
    """Every key, the oldest first."""
    keys = table_schema.keys
    with reading(engine) as connection, whatever_the_bytes(connection):
        rows = connection.execute(select(keys).order_by(keys.c.created_at, keys.c.key_id)).mappings()
        return [_listed(row) for row in rows]


def _listed(row: RowMapping) -> Key:
    """A row that is damaged is shown as a key that opens nothing: nor does it."""
    try:
        return Key.of(row)
    except DAMAGED:
        return Key(shown(str(row["key_id"])), "a damaged row", (), NEVER, NEVER, None, None)
