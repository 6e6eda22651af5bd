"""Whether something that is stored names somebody. In doubt it does: what cannot be read is taken to name everybody."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Collection, Iterator
from typing import Any

import orjson


def names_any(stored: str | bytes | None, ids: Collection[str]) -> bool:
    """Whether JSON (plain or packed), in any of its texts or names of members, names one of the ids as a word."""
    if stored is None:
        return False
    try:
        lines = [orjson.loads(line) for line in _lines(stored)]
    except ValueError:
        return True
    text = "\n".join(each for line in lines for each in _texts(line))
    return any(each in text and _as_word(each).search(text) for each in ids)


def _as_word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])")


def _lines(stored: str | bytes) -> list[bytes]:
    """One document, or one a line."""
    plain = stored.encode() if isinstance(stored, str) else _unpacked(stored)
    try:
        orjson.loads(plain)
    except ValueError:
        return plain.splitlines()
    return [plain]


def _unpacked(stored: bytes) -> bytes:
    """As it was before it was packed, in one of the usual ways. Raises ``ValueError`` where it cannot be unpacked."""
    unpack: Callable[[bytes], bytes]
    for begins, unpack in ((b"\x1f\x8b", gzip.decompress), (b"\x78", zlib.decompress)):
        if stored.startswith(begins):
            try:
                return unpack(stored)
            except (OSError, EOFError, zlib.error) as failure:
                raise ValueError("not readable") from failure
    return stored


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
