"""How entries of the audit trail are chained: what each commits to, and what its hash covers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import RowMapping

BEGINNING = "0" * 64
FORGET = "audit.forget"
"""The action of an entry that lists the entries whose personal part was destroyed with it."""


@dataclass(frozen=True)
class Head:
    """An entry's number and hash: whoever notes them can tell later whether the trail up to there is still the same."""

    seq: int
    hash: str


def canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def commitment(salt: bytes, subject: str, details: str) -> str:
    return hashlib.sha256(salt + canonical([subject, details])).hexdigest()


def entry_hash(previous: str, public: Sequence[Any]) -> str:
    return hashlib.sha256(previous.encode() + canonical(list(public))).hexdigest()


def public_part(row: Mapping[str, Any] | RowMapping) -> list[Any]:
    names = ("seq", "at", "actor", "role", "action", "subject_kind", "rule_book", "commitment")
    return [row[name] for name in names]


def spans(numbers: Iterable[int]) -> list[list[int]]:
    """Whole numbers as first and last of each row without a gap: ``[[3, 5], [9, 9]]``."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found
