"""The last head of the audit trail that was acknowledged, noted outside of the database: in memory, and in a file where one is.

A database that was set back, because its log was cut or an older copy was put in its place, is whole in itself: nothing in it
tells that there was more. So each process notes the head of what it has acknowledged, and writes nothing more over a database
that lacks it. The note may be older than the last acknowledgement, by what was acknowledged as the power went, or by another
process at the same moment; it is never newer.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Connection, Engine, Row, select

from api.storage import table_schema
from api.storage.failures import GoneBackError
from api.storage.trail import DAMAGED_NOTE, Head

WIDTH = 84
"""Every note is as long as any other: a new one is written over the one before it, in one go."""
log = structlog.get_logger("storage")


@dataclass
class NotedHead:
    """``file``: where it is noted; None: in memory alone."""

    file: Path | None
    last: Head | None = None
    _is_lost: bool = field(default=False, repr=False)

    @staticmethod
    def of(file: Path | None) -> NotedHead:
        """With what is noted already."""
        return NotedHead(file, None if file is None else noted_in(file))

    def note(self, head: Head) -> None:
        """Something up to here is about to be acknowledged. That it cannot be noted is told once, and keeps nobody."""
        self.last = head
        if self.file is None:
            return
        try:
            number = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(number, str(head).ljust(WIDTH - 1).encode() + b"\n", 0)
            finally:
                os.close(number)
        except OSError as failure:
            if not self._is_lost:
                log.warning("the head of the trail cannot be noted", error=type(failure).__name__)
            self._is_lost = True
        else:
            self._is_lost = False


def has_entry(connection: Connection, head: Head) -> bool:
    """Whether the trail has this very entry."""
    audit = table_schema.audit.c
    return connection.execute(select(audit.hash).where(audit.seq == head.seq)).scalar() == head.hash


def noted_in(file: Path) -> Head | None:
    """What a file says; None where there is none, or nothing in it, as the power may leave a new one."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    line = content.decode("ascii", errors="replace")
    found = Head.of(line[:-1].rstrip(" ")) if line.endswith("\n") else None
    return DAMAGED_NOTE if found is None and content.strip(b"\0") else found


_noted: WeakKeyDictionary[Engine, NotedHead] = WeakKeyDictionary()
_coming: WeakKeyDictionary[Connection, Head] = WeakKeyDictionary()


def note_in(engine: Engine, file: Path | None) -> None:
    """From now on what is acknowledged over this engine is noted."""
    _noted[engine] = NotedHead.of(file)


def acknowledged_over(engine: Engine) -> Head | None:
    """The last head that is noted of what is written over this engine; None: nothing is."""
    noted = _noted.get(engine)
    return None if noted is None else noted.last


def appended(connection: Connection, head: Head) -> None:
    """A transaction leads up to this head, if it is committed."""
    if connection.engine in _noted:
        _coming[connection] = head


def acknowledge(connection: Connection) -> None:
    """A transaction was committed."""
    head = _coming.pop(connection, None)
    if head is not None:
        _noted[connection.engine].note(head)


def refuse_gone_back(engine: Engine, row: Row[Any]) -> None:
    """Raises ``GoneBackError`` for the county's row of a database whose trail ends before what was acknowledged over this engine,
    or with something else.
    """
    last, seq = acknowledged_over(engine), int(row.audit_seq)
    if last is not None and (seq < last.seq or (seq == last.seq and str(row.audit_hash) != last.hash)):
        raise GoneBackError


def forget_note(file: Path | None) -> None:
    """A new database is made: what was acknowledged of the one that stood there is no concern of it."""
    if file is not None:
        with suppress(OSError):
            file.unlink(missing_ok=True)
