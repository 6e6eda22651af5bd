"""From one form of the tables to the next, and back. A database is only ever changed by a command that says so."""

from __future__ import annotations

import functools
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from api.storage import audit
from api.storage.database import make_file, reading, writing

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

    Raises ``ValueError`` for a form that there is no way to.
    """
    try:
        with writing(engine) as connection:
            command.downgrade(_config(connection), revision)
    except CommandError as failure:
        raise ValueError(str(failure)) from None


def revision_of(engine: Engine) -> str | None:
    """The form that the tables have; None for an empty database."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


@functools.cache
def newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(engine: Engine) -> bool:
    return revision_of(engine) == newest_revision()
