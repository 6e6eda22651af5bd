"""What names somebody among what is stored, and what runs have written of people: explanations one by one, results whole.

In doubt a record names somebody: what cannot be read is taken to name everybody.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, Table, and_, delete, select, update

from api.storage import table_schema
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
    return _says("\n".join(each for line in lines for each in _texts(line)), ids)


def without_mentions(body: Mapping[str, Any], names: Collection[str], ids: Collection[str]) -> dict[str, Any] | None:
    """A record's body without what names one of the ids: in the cells of these names, and in columns of the council's own, which
    no rule reads. None: nothing does.
    """
    extra = body.get(EXTRA, {})
    own = {name: text for name, text in extra.items() if not _says(f"{name}\n{text}", ids)}
    found = {name: "" for name in names if isinstance(text := body.get(name), str) and _says(text, ids)}
    if not found and len(own) == len(extra):
        return None
    kept = {name: value for name, value in body.items() if name != EXTRA} | found
    return kept | ({EXTRA: own} if own else {})


def _says(text: str, ids: Collection[str]) -> bool:
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


def destroy_results(connection: Connection, ids: Collection[str]) -> int:
    """Delete explanations that name one of the ids, and destroy the results that do; returns how many results that were.

    A result is destroyed whole: without some of its people it would belie its digest.
    """
    _delete_explanations(connection, ids)
    _empty(connection, table_schema.run_events, ("body",), ids)
    _empty(connection, table_schema.runs, ("settings", "problem"), ids)
    return _empty(connection, table_schema.runs, ("result",), ids)


def _delete_explanations(connection: Connection, ids: Collection[str]) -> None:
    table = table_schema.run_explanations
    rows = connection.execute(select(table).execution_options(yield_per=1000))
    for run_id, package_id in [(row.run_id, row.package_id) for row in rows if row.package_id in ids or names_any(row.body, ids)]:
        connection.execute(delete(table).where(table.c.run_id == run_id, table.c.package_id == package_id))


def _empty(connection: Connection, table: Table, names: tuple[str, ...], ids: Collection[str]) -> int:
    """Empty the columns that name one of the ids; returns how many lines that were."""
    keys = list(table.primary_key)
    rows = connection.execute(select(*keys, *(table.c[name] for name in names)).execution_options(yield_per=100))
    found: list[tuple[list[Any], dict[str, Any]]] = []
    for row in rows:
        empty = {name: None if table.c[name].nullable else "{}" for name in names if names_any(getattr(row, name), ids)}
        if empty:
            found.append(([getattr(row, key.name) for key in keys], empty))
    for values, empty in found:
        mine = and_(*(key == value for key, value in zip(keys, values, strict=True)))
        connection.execute(update(table).where(mine).values(**empty))
    return len(found)
