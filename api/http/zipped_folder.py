"""A folder that comes as a zip in a request's body: received to disk, and unpacked as far as it can be a snapshot.

Only its owner may read what lies on disk meanwhile, and nothing is left. A zip may lie: what is unpacked is counted, names lead
nowhere, and whatever is no plain file is refused.
"""

from __future__ import annotations

import re
import stat
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote

from starlette.requests import Request

from api.http.bodies import refuse_larger, refuse_other_kinds, too_large
from api.http.errors import Problem, declare
from optimiser.io.leftovers import hidden_folder, take_away
from optimiser.io.zips import DAMAGED

NOT_A_FOLDER = declare("not_a_folder", 422, "The body is no zip of a snapshot folder that can be unpacked here")
REASON_TOO_LONG = 500

MOST_FILES = 200
GROWS = 4
"""What is unpacked may be so many times as large as the largest body. Texts are packed to a fifth or so."""
ZIPS = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
"""What programs call a zip."""
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
AT_ONCE = 1024 * 1024
ENCRYPTED = 0x1


@asynccontextmanager
async def received(request: Request, most: int, kinds: tuple[str, ...] = ZIPS) -> AsyncIterator[IO[bytes]]:
    """A request's body in a file without a name. Raises the problem ``too_large`` beyond so many bytes, and one where it says
    that it is none of the kinds, or does not say what it is."""
    refuse_other_kinds(request, *kinds)
    refuse_larger(request, most)
    with tempfile.TemporaryFile() as file:
        seen = 0
        async for part in request.stream():
            seen += len(part)
            if seen > most:
                raise too_large(most)
            file.write(part)
        file.seek(0)
        yield file


HIDDEN = "optimiser-import-"


def take_away_left() -> list[str]:
    """Take away what servers that were killed have left of folders that were sent to them; the names of theirs."""
    return take_away(Path(tempfile.gettempdir()), re.escape(HIDDEN))


@contextmanager
def unpacked(file: IO[bytes], most: int) -> Iterator[Path]:
    """The files of a zip in a folder of their own. They may lie in one folder inside it. Raises the problem ``not_a_folder``."""
    with hidden_folder(HIDDEN) as folder:
        try:
            with zipfile.ZipFile(file) as found:
                _unpack(found, folder, most * GROWS)
        except DAMAGED as error:
            raise Problem(NOT_A_FOLDER, "It cannot be read as a zip.") from error
        yield folder


def _unpack(found: zipfile.ZipFile, folder: Path, most: int) -> None:
    entries = [entry for entry in found.infolist() if not entry.is_dir()]
    names = _names(entries)
    if sum(entry.file_size for entry in entries) > most:
        raise Problem(NOT_A_FOLDER, f"Unpacked it would be larger than {most:,} bytes.")
    left = most
    for entry, name in zip(entries, names, strict=True):
        with found.open(entry) as packed, (folder / name).open("xb") as plain:
            while part := packed.read(AT_ONCE):
                left -= len(part)
                if left < 0:
                    raise Problem(NOT_A_FOLDER, f"Unpacked it is larger than {most:,} bytes.")
                plain.write(part)


def _names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """The name of each file within the folder."""
    if not entries or len(entries) > MOST_FILES:
        raise Problem(NOT_A_FOLDER, f"It holds {len(entries)} files; expected 1 to {MOST_FILES}.")
    paths = [PurePosixPath(entry.filename) for entry in entries]
    for entry, path in zip(entries, paths, strict=True):
        kind = stat.S_IFMT(entry.external_attr >> 16)
        leads = path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename
        if leads or not entry.filename.isprintable() or len(path.parts) > 2 or len(path.name.encode()) > 200:
            raise Problem(NOT_A_FOLDER, "A name in it leads elsewhere: expected the files of one folder.")
        if kind not in (0, stat.S_IFREG) or entry.flag_bits & ENCRYPTED or entry.compress_type not in (STORED, DEFLATED):
            raise Problem(NOT_A_FOLDER, "It holds what is no plain file: a link, an encrypted file, or one packed in a rare way.")
    names = [path.name for path in paths]
    if len({path.parent for path in paths}) > 1 or len({name.casefold() for name in names}) < len(names):
        raise Problem(NOT_A_FOLDER, "It holds several folders, or a name twice: expected the files of one folder.")
    return names


def plain_reason(header: str | None) -> str:
    """A reason that came in a header. Raises the problem ``invalid_request`` for one that is no line of text."""
    reason = unquote(header or "", errors="replace").strip()
    if len(reason) > REASON_TOO_LONG or not reason.isprintable():
        raise Problem("invalid_request", f"reason: expected a line of at most {REASON_TOO_LONG} characters.")
    return reason
