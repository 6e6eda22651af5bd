"""What names somebody: an id as a word in a text, in whatever JSON is stored, or in a record's free texts.

In doubt something names somebody: what cannot be read is taken to name everybody.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

import orjson

from optimiser.io.record_cells import EXTRA

WORD = re.compile(r"[\w-]+")


def names_any(stored: str | bytes | None, ids: Collection[str]) -> bool:
    """Whether JSON (plain or packed), in any of its texts or names of members, names one of the ids as a word."""
    if stored is None:
        return False
    try:
        lines = [orjson.loads(line) for line in _lines(stored)]
    except ValueError:
        return True
    return says("\n".join(each for line in lines for each in _texts(line)), ids)


def named_in(stored: bytes | None, ids: Collection[str]) -> list[str]:
    """Which of the ids plain JSON names as a word, in order."""
    if stored is None:
        return []
    text = "\n".join(_texts(orjson.loads(stored)))
    words, others = _sought(frozenset(ids))
    return sorted({*words.intersection(WORD.findall(text)), *(each for each in others if says(text, [each]))})


def without_mentions(body: Mapping[str, Any], names: Collection[str], ids: Collection[str]) -> dict[str, Any]:
    """A record's body without what names one of the ids: in the cells of these names, and in columns of the council's own, which
    no rule reads.
    """
    extra = body.get(EXTRA, {})
    own = {name: text for name, text in extra.items() if not says(f"{name}\n{text}", ids)}
    found = {name: "" for name in names if isinstance(text := body.get(name), str) and says(text, ids)}
    if not found and len(own) == len(extra):
        return dict(body)
    kept = {name: value for name, value in body.items() if name != EXTRA} | found
    return kept | ({EXTRA: own} if own else {})


def emptied(value: Any, ids: Collection[str]) -> Any:
    """Plain JSON data in which every text that names one of the ids is empty, at any depth."""
    if isinstance(value, dict):
        return {name: emptied(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [emptied(each, ids) for each in value]
    return "" if isinstance(value, str) and says(value, ids) else value


def says(text: str, ids: Collection[str]) -> bool:
    """Whether a text has one of the ids as a word."""
    words, others = _sought(frozenset(ids))
    return not words.isdisjoint(WORD.findall(text)) or any(each in text and _as_word(each).search(text) for each in others)


@lru_cache(maxsize=8)
def _sought(ids: frozenset[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Ids that are single words, of which thousands are looked for at once, and the others."""
    words = frozenset(each for each in ids if WORD.fullmatch(each))
    return words, tuple(sorted(ids - words))


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
