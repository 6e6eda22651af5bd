"""Entries of the trail commit to the rows that they wrote; when a key was used last; a signature under the trail's head."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COVERED = {
    "county": ("id", "title", "policy", "practice"),
    "keys": ("key_id", "name", "roles", "secret_hash", "created_at", "expires_at", "revoked_at"),
    "records": ("kind", "id", "body", "version", "since"),
}
KEYS = {"county": ("id",), "keys": ("key_id",), "records": ("kind", "id")}
"""What names a row of each table."""
PUBLIC = ("seq", "at", "actor", "role", "action", "subject_kind", "rule_book", "commitment")


def upgrade() -> None:
    """What is there is taken as it is, by one entry that tells of every row: what was changed before, nobody can know."""
    for table in COVERED:
        op.add_column(table, sa.Column("salt", sa.LargeBinary()))
    op.add_column("keys", sa.Column("last_used_on", sa.Text()))
    op.add_column("county", sa.Column("audit_signature", sa.Text()))
    op.add_column("audit", sa.Column("row_digests", sa.Text()))
    connection = op.get_bind()
    county = connection.execute(sa.text("SELECT version, audit_seq, audit_hash FROM county")).mappings().one()
    if not county["version"] and not connection.execute(sa.text("SELECT count(*) FROM keys")).scalar_one():
        return
    came = [digest for table in COVERED for digest in _salted(connection, table)]
    rows = orjson.dumps({"version": county["version"] or None, "came": came, "went": []}).decode()
    _append(connection, county, rows)


def _salted(connection: sa.Connection, table: str) -> list[str]:
    """Give every row of a table a salt; their digests."""
    given = sa.table(table, *(sa.column(name) for name in COVERED[table]), sa.column("salt", sa.LargeBinary()))
    rows = connection.execute(sa.select(*(given.c[name] for name in COVERED[table]))).mappings().all()
    salts = [secrets.token_bytes(16) for _ in rows]
    if rows:
        mine = sa.and_(*(given.c[name] == sa.bindparam(f"of_{name}") for name in KEYS[table]))
        named = [{f"of_{name}": row[name] for name in KEYS[table]} for row in rows]
        told = [{**each, "salted": salt} for each, salt in zip(named, salts, strict=True)]
        connection.execute(sa.update(given).where(mine).values(salt=sa.bindparam("salted")), told)
    return [_digest(table, salt, row) for salt, row in zip(salts, rows, strict=True)]


def _digest(table: str, salt: bytes, row: sa.RowMapping) -> str:
    cells = [bool(row[name]) if name == "practice" else row[name] for name in COVERED[table]]
    return f"{table}:{hashlib.sha256(salt + orjson.dumps([table, *cells])).hexdigest()}"


def _append(connection: sa.Connection, county: sa.RowMapping, row_digests: str) -> None:
    salt, subject, details = secrets.token_bytes(32), "", "{}"
    entry: dict[str, Any] = {
        "seq": county["audit_seq"] + 1,
        "at": dt.datetime.now(dt.UTC).isoformat(),
        "actor": "migration 0007",
        "role": "service",
        "action": "rows.begin",
        "subject_kind": "county",
        "rule_book": "",
        "commitment": hashlib.sha256(salt + orjson.dumps([subject, details])).hexdigest(),
    }
    digests = {"row_digests": row_digests}
    entry |= {"salt": salt, "subject": subject, "details": details, "previous": county["audit_hash"], **digests}
    entry["hash"] = _hash(entry["previous"], entry, row_digests)
    kinds: dict[str, Any] = {"seq": sa.BigInteger(), "salt": sa.LargeBinary()}
    audit = sa.table("audit", *(sa.column(name, kinds.get(name, sa.Text())) for name in entry))
    connection.execute(sa.insert(audit).values(entry))
    connection.execute(
        sa.text("UPDATE county SET audit_seq = :seq, audit_hash = :hash"), {"seq": entry["seq"], "hash": entry["hash"]}
    )


def _hash(previous: str, row: Mapping[str, Any] | sa.RowMapping, row_digests: str | None) -> str:
    public = [row[name] for name in PUBLIC] + ([] if row_digests is None else [row_digests])
    return hashlib.sha256(previous.encode() + orjson.dumps(public)).hexdigest()


def downgrade() -> None:
    """The digests of rows are lost, and the chain is closed anew without them: heads that were noted before are not found again.

    Refused where the chain does not hold: what was changed would not be found any more.
    """
    connection = op.get_bind()
    written: list[dict[str, Any]] = []
    seq, before = 0, "0" * 64
    for row in connection.execute(sa.text("SELECT * FROM audit ORDER BY seq")).mappings():
        follows_from_it = (row["seq"], row["previous"]) == (seq + 1, before)
        if not follows_from_it or row["hash"] != _hash(row["previous"], row, row["row_digests"]):
            raise CommandError(f"entry {row['seq']} of the audit trail was changed: see 'optimiser audit verify'")
        seq, before = row["seq"], row["hash"]
        if written or row["row_digests"] is not None:
            follows = written[-1]["closed"] if written else row["previous"]
            written.append({"of_seq": row["seq"], "follows": follows, "closed": _hash(follows, row, None)})
    county = connection.execute(sa.text("SELECT audit_seq, audit_hash FROM county WHERE id = 1")).mappings().one()
    if (county["audit_seq"], county["audit_hash"]) != (seq, before):
        raise CommandError("the end of the audit trail was cut off: see 'optimiser audit verify'")
    if written:
        connection.execute(sa.text("UPDATE audit SET previous = :follows, hash = :closed WHERE seq = :of_seq"), written)
        connection.execute(sa.text("UPDATE county SET audit_hash = :closed"), {"closed": written[-1]["closed"]})
    op.drop_column("audit", "row_digests")
    op.drop_column("county", "audit_signature")
    op.drop_column("keys", "last_used_on")
    for table in COVERED:
        op.drop_column(table, "salt")
