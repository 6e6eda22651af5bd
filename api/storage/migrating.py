"""From one form of the tables to the next, and back. A database is only ever changed by a command that says so."""

from __future__ import annotations

import functools
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect, select

from api.storage import audit, table_schema
from api.storage.audit import Head
from api.storage.database import make_file, reading, writing
from api.storage.noted_head import acknowledged_over, appended, has_entry

NEWEST = "head"
NOTHING = "base"
SIGNED_SINCE = "0007"
"""The first form in which the head of the trail can be signed."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = NEWEST) -> None:
    """Bring the tables up to a revision, in one transaction: all of it or nothing. A file that is not there yet is made."""
    make_file(engine)
    with writing(engine) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(_config(connection), revision)
        if before is not None and before < SIGNED_SINCE and revision == NEWEST:
            audit.sign(connection)


def downgrade(engine: Engine, revision: str) -> None:
    """The way back. What a later form holds and an earlier one cannot is lost: make a backup first.

    Where the chain of the trail is closed anew on the way, the head that was acknowledged is noted as it is now.

    Raises ``ValueError`` for a form that there is no way to.
    """
    try:
        with writing(engine) as connection:
            goes_on = _has_what_was_acknowledged(connection)
            command.downgrade(_config(connection), revision)
            if goes_on and (last := _last_entry(connection)) is not None:
                appended(connection, last)
    except CommandError as failure:
        raise ValueError(str(failure)) from None


def _has_what_was_acknowledged(connection: Connection) -> bool:
    """Not so where nothing is noted, and where a database was set back: that is found later as well."""
    noted = acknowledged_over(connection.engine)
    return noted is not None and _has_a_trail(connection) and has_entry(connection, noted)


def _last_entry(connection: Connection) -> Head | None:
    """Where the trail ends, in tables of whatever form; None where there is none."""
    if not _has_a_trail(connection):
        return None
    entry = table_schema.audit.c
    row = connection.execute(select(entry.seq, entry.hash).order_by(entry.seq.desc()).limit(1)).first()
    return None if row is None else Head(row.seq, row.hash)


def _has_a_trail(connection: Connection) -> bool:
    return inspect(connection).has_table(table_schema.audit.name)


def revision_of(engine: Engine) -> str | None:
    """The form that the tables have; None for an empty database."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


@functools.cache
def newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(engine: Engine) -> bool:
    return revision_of(engine) == newest_revision()
