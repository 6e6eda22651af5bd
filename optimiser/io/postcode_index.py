"""Where an index of postcodes is kept: written whole or not at all, opened, and the small one that comes with the product."""

from __future__ import annotations

import os
from pathlib import Path

from optimiser.geography.postcodes.index import NotAnIndexError, PostcodeIndex
from optimiser.io.folders import bundled, write_file
from optimiser.io.postcode_files import index_of_files

SETTING = "OPTIMISER_POSTCODES"
SAMPLE = "postcodes"
"""The folder of a few postcodes of Norfolk, in the layout of Code-Point Open."""
FOR_ALL = 0o644
"""Nothing in an index is about a person: a service under another account may read it."""


class TakenError(Exception):
    """The file cannot be written, or is there already and replacing it was not asked for."""


class NoIndexError(Exception):
    """There is no index where one was named; says what is there instead, and what to do."""


def refuse_taken_file(path: Path, *, replace: bool) -> None:
    """Raise ``TakenError`` before any work is done."""
    parent = path.absolute().parent
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise TakenError(f"{parent} is no folder that may be written to.")
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise TakenError(f"{path} is no plain file: name another.")
    if path.exists() and not replace:
        raise TakenError(f"{path} is there already: name another file, or say --replace.")
    if path.exists() and not _is_index(path):
        raise TakenError(f"{path} is no index of postcodes: name another file.")


def _is_index(path: Path) -> bool:
    try:
        PostcodeIndex.opened(path)
    except (NotAnIndexError, OSError):
        return False
    return True


def write_index(path: Path, content: bytes, *, replace: bool) -> None:
    """Write it beside its place and move it there in one step. Raises ``OSError``."""
    write_file(path, content, replace=replace, mode=FOR_ALL)


def open_index(name: str) -> PostcodeIndex:
    """The index in a file. Raises ``NoIndexError``, in words that name the file."""
    try:
        return PostcodeIndex.opened(Path(name))
    except NotAnIndexError as error:
        raise NoIndexError(f"{name} is {error}.") from None
    except OSError as error:
        raise NoIndexError(f"{name} cannot be read: {error.strerror}.") from None


def index_or_sample(name: str) -> tuple[PostcodeIndex, bool]:
    """The index that is named, else that of the environment, else the sample; and whether it is the sample."""
    name = name or os.environ.get(SETTING, "")
    return (open_index(name), False) if name else (PostcodeIndex(index_of_files([bundled(SAMPLE)]).content), True)
