"""A key in a file for its owner alone: it is on no screen, in no log, and in no shell's memory."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from api.settings import Settings

FIRST = "first-key.txt"


class NoKeyFileError(Exception):
    """The file cannot be made; says why."""


def first_key_file(settings: Settings) -> Path:
    """Where the first key of a fresh database is written."""
    if settings.first_key_file:
        return Path(settings.first_key_file)
    address = make_url(settings.database_url)
    here = Path(address.database).parent if address.get_backend_name() == "sqlite" and address.database else Path()
    return here / FIRST


@contextmanager
def into(file: str | Path) -> Iterator[Callable[[str], None]]:
    """What writes a key into a new file, to the disk. Where there is no key in the end there is no file either.

    Raises ``NoKeyFileError`` where there is such a file already, whatever it is, or none can be made.
    """
    made = False

    def keep(token: str) -> None:
        nonlocal made
        try:
            opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as failure:
            raise NoKeyFileError(f"{file} cannot be made: {failure.strerror}") from None
        made = True
        try:
            _write(opened, f"{token}\n".encode())
        except OSError as failure:
            raise NoKeyFileError(f"{file} cannot be written: {failure.strerror}") from None
        finally:
            os.close(opened)

    try:
        yield keep
    except BaseException:
        if made:
            Path(file).unlink(missing_ok=True)
        raise


def _write(opened: int, content: bytes) -> None:
    os.fchmod(opened, 0o600)
    if os.write(opened, content) != len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(opened)
