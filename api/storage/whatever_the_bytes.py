"""Texts that are none: SQLite keeps whatever bytes it is given, and by itself reads no row in which one is damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def whatever_the_bytes(connection: Connection) -> Iterator[None]:
    """A text is given out whatever its bytes are, those that are none as lone surrogates, which no text that was written holds:
    so a row that is damaged can be told of, and those after it are read.
    """
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.text_factory = lambda content: content.decode(errors="surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = str
