"""Making sure that what was deleted is gone from the database's files as well, as far as a database lets us."""

from __future__ import annotations

import time

from sqlalchemy import Engine, text

TRIES, PAUSE_SECONDS = 20, 0.25


def sweep(engine: Engine) -> bool:
    """Whether the bytes are gone: on SQLite once the file is written anew and the log beside it is emptied.

    PostgreSQL only gives the space free: the bytes go when it is used again, and its log and any archive of it keep them longer.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            for table in ("records", "audit", "runs", "run_events", "run_explanations"):
                connection.execute(text(f"VACUUM {table}"))
            return False
    return _sweep_sqlite(engine)


def _sweep_sqlite(engine: Engine) -> bool:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA temp_store = MEMORY")  # the copy that VACUUM makes on the way is on no disk
        cursor.execute("VACUUM")
        for _ in range(TRIES):
            if cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
                return True
            time.sleep(PAUSE_SECONDS)  # somebody is reading what was there before
        return False
    finally:
        raw.close()
