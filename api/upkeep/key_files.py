"""A key in a file for its owner alone: it is on no screen, in no log, and in no shell's memory."""

from __future__ import annotations

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
    """A new file, and what writes a key into it, to the disk. Where there is no key in the end there is no file either.

    Raises ``NoKeyFileError`` where there is such a file already, whatever it is, or none can be made.
    """
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as failure:
        raise NoKeyFileError(f"{file} cannot be made: {failure.strerror}") from None
    try:
        os.fchmod(opened, 0o600)

        def keep(token: str) -> None:
            content = f"{token}\n".encode()
            if os.write(opened, content) != len(content):
                raise NoKeyFileError(f"{file} cannot be written")
            os.fsync(opened)

        try:
            yield keep
        except OSError as failure:
            raise NoKeyFileError(f"{file} cannot be written: {failure.strerror}") from None
    except BaseException:
        Path(file).unlink(missing_ok=True)
        raise
    finally:
        os.close(opened)
