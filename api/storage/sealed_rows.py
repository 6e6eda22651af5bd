"""Seals of rows that come in great numbers: each is a salted digest of its row, and one digest is over the seals of them all.

An entry of the audit trail, or a record that it covers, commits to that one digest. A seal stays when what the row tells of
somebody is destroyed, so that what is left is still known to be what was written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import orjson


def seal_of(salt: bytes, cells: Sequence[object]) -> bytes:
    """The seal of a row's cells; ``salt``: the row's own, so that nobody can guess at them."""
    return hashlib.sha256(salt + orjson.dumps(list(cells))).digest()


def digest_over(seals: Iterable[bytes]) -> str:
    """One digest over many seals, in whatever order they come."""
    found = hashlib.sha256()
    for each in sorted(seals):
        found.update(each)
    return found.hexdigest()
