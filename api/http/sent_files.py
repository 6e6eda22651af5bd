"""A form of a page that sends a file: its fields, and the file as it came. Small parts are read in memory; nothing is kept.

Forms with files come as ``multipart/form-data`` (RFC 7578): parts between boundaries, each with headers of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message

from fastapi import Request

from api.http.bodies import read_whole, refuse_other_kinds
from api.http.errors import Problem

KIND = "multipart/form-data"
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{1,70}")
MOST_PARTS = 50
MOST_TEXT = 10_000
"""Bytes of a field that is no file."""
MOST_OF_A_HEADER = 4_000
"""Characters: the name of a file takes hundreds, and how long a header takes to read grows with the square of its length."""


@dataclass(frozen=True)
class SentFile:
    """A file by the name that it had on its sender's machine; empty where none was chosen."""

    name: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class SentParts:
    """The fields of a form, each once, and its files, by the names of their fields."""

    fields: dict[str, str]
    files: dict[str, SentFile]


async def parts_of(request: Request, most: int) -> SentParts:
    """What was sent, of at most so many bytes. Raises a ``Problem`` for what is no such form."""
    refuse_other_kinds(request, KIND)
    boundary = _parameter(request.headers.get("content-type", ""), "boundary")
    if not BOUNDARY.fullmatch(boundary):
        raise _unreadable()
    return read_parts(await read_whole(request, most), boundary.encode())


def read_parts(body: bytes, boundary: bytes) -> SentParts:
    """The parts of a body. Raises the problem ``malformed``."""
    mark = b"\r\n--" + boundary
    first, *rest = (b"\r\n" + body).split(mark)
    if first.strip() or len(rest) < 2 or not rest[-1].startswith(b"--") or len(rest) > MOST_PARTS + 1:
        raise _unreadable()
    found = SentParts({}, {})
    for part in rest[:-1]:
        head, gap, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not part.startswith(b"\r\n") or not gap:
            raise _unreadable()
        _take(found, head, content)
    return found


def _take(found: SentParts, head: bytes, content: bytes) -> None:
    told = _disposition(head)
    name = _parameter(told, "name")
    if not told.lower().startswith("form-data") or not name or name in found.fields or name in found.files:
        raise _unreadable()
    if "filename=" in told.lower():
        found.files[name] = SentFile(_parameter(told, "filename"), content)
        return
    if len(content) > MOST_TEXT:
        raise _unreadable()
    try:
        found.fields[name] = content.decode().strip()
    except UnicodeDecodeError:
        raise _unreadable() from None


def _disposition(head: bytes) -> str:
    """What a part says that it is."""
    try:
        lines = [line.partition(":") for line in head.decode().split("\r\n")]
    except UnicodeDecodeError:
        raise _unreadable() from None
    return next((value.strip() for name, _, value in lines if name.lower() == "content-disposition"), "")


def _parameter(header: str, name: str) -> str:
    """A parameter of a header; empty: there is none, or the header is too long to look."""
    if len(header) > MOST_OF_A_HEADER:
        return ""
    message = Message()
    message["content-type"] = f"x/x; {header.partition(';')[2]}"
    found = message.get_param(name)
    return found if isinstance(found, str) else ""


def _unreadable() -> Problem:
    return Problem("malformed", "The form cannot be read.")
