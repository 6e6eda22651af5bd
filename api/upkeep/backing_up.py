"""A copy of a SQLite database as it is at one moment, while others go on changing it; and whether a copy is whole."""

from __future__ import annotations

import os
import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from api.state.store import Store
from api.storage.audit import WHOLE_COUNTY, Actor, Head, check
from api.storage.database import open_database
from api.storage.only_reading import looking
from api.storage.row_ledger import FILES
from optimiser.io.leftovers import hidden_folder, take_away


class BackupError(Exception):
    """There is no backup; says why."""


@dataclass(frozen=True)
class Backup:
    """What a copy holds: the digest of its snapshot, and the head of its audit trail."""

    version: int
    digest: str
    head: Head
    rows_changed: int = 0
    """Records, keys and settings that are not as the trail tells of them: they were changed past the service."""


def back_up(store: Store, actor: Actor, file: Path) -> Backup:
    """Write a verified copy to a new file that only its owner may read. Raises ``BackupError``; then there is none.

    It is a copy of everything, so it is written into the audit trail first; the copy holds that entry too.
    """
    if file.exists():
        raise BackupError(f"{file} exists already")
    if not file.absolute().parent.is_dir():
        raise BackupError(f"{file.absolute().parent} is not a folder: make it first")
    with store.change(actor) as change:
        change.remember("county.backup", "county", details={"version": change.state.version, WHOLE_COUNTY: change.state.version})
    try:
        with hidden_folder(HIDDEN, file.absolute().parent) as folder:
            copy = folder / "copy.db"
            copy.touch(mode=0o600)
            with closing(store.engine.raw_connection()) as raw:
                raw.cursor().execute("VACUUM INTO ?", (str(copy),))
            found = look_at(copy, store)
            os.link(copy, file)
    except OSError as failure:
        raise BackupError(f"{file} cannot be written: {failure.strerror}") from None
    return found


HIDDEN = ".backup-"


def take_away_left(place: Path) -> list[str]:
    """Take away the copies that killed backups have left in a folder; the names of theirs."""
    return take_away(place, re.escape(HIDDEN))


def look_at(copy: Path, store: Store) -> Backup:
    """What a copy holds. Raises ``BackupError`` when the file or its trail does not hold together."""
    engine = open_database(f"sqlite:///{copy}")
    try:
        with looking(engine) as connection:
            checked = check(connection)
        of_rows = [each for each in checked.breaks if each.table]
        if any(each.table == FILES for each in of_rows):
            raise BackupError("the copy is damaged")
        if len(of_rows) < len(checked.breaks):
            raise BackupError("the audit trail of the copy does not hold: run 'optimiser audit verify' on the database")
        state = Store(engine, store.clock).state()
        return Backup(state.version, state.snapshot.digest(), checked.last, len(of_rows))
    except DatabaseError:  # so damaged that it cannot be opened
        raise BackupError("the copy is damaged") from None
    finally:
        engine.dispose()
