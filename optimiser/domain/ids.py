"""Ids: how long one may be, and how one is made of another so that it is one as well."""

from __future__ import annotations

import hashlib

LONGEST = 100
"""Characters of an id. Whatever is made of ids and read back as an id is no longer."""
DIGITS = 12
"""Of a digest in place of what is left out: no two ids of a county share them."""


def made_of(own: str, end: str) -> str:
    """``own`` with an end, such as a round's number; where that is too long the middle gives way to a digest of ``own``."""
    if len(own) + len(end) <= LONGEST:
        return own + end
    digest = hashlib.sha256(own.encode()).hexdigest()[:DIGITS]
    kept = LONGEST - len(end) - DIGITS - 1
    return f"{own[:kept].rstrip()}~{digest}{end}"
