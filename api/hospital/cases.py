"""A case of a hospital's: all notices of one stay. What they say together does not depend on the order in which they came.

The hospital's own time orders them, whichever arrived first: the last tells whether the case is withdrawn, and of needs and of
the day of discharge the last that tells any counts. Of one moment a withdrawal comes last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

ASSESSMENT, DISCHARGE, CHANGED, WITHDRAWN = KINDS = ("assessment", "discharge", "changed", "withdrawn")

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """What a case's notices say together. ``needs``: as ``HospitalNeeds`` writes them; None: not told yet."""

    withdrawn: bool
    needs: dict[str, Any] | None
    discharge_on: str | None

    def __repr__(self) -> str:
        return f"<Case, {'withdrawn' if self.withdrawn else 'open'}>"


NOTHING_YET = Case(withdrawn=True, needs=None, discharge_on=None)


def case_of(notices: Iterable[Body]) -> Case:
    """The notices of a case, as they are stored, read together."""
    in_turn = sorted(notices, key=lambda each: (each["sent_at"], each["kind"] == WITHDRAWN, each["notice_id"]))
    if not in_turn:
        return NOTHING_YET
    told = {name: [each[name] for each in in_turn if each[name] is not None] for name in ("needs", "discharge_on")}
    needs, days = told["needs"], told["discharge_on"]
    return Case(in_turn[-1]["kind"] == WITHDRAWN, needs[-1] if needs else None, days[-1] if days else None)


def own_package_id(case_ref: str) -> str:
    """The id of the request that a case makes: always the same, and it does not tell the hospital's reference."""
    return f"H-{hashlib.sha256(case_ref.encode()).hexdigest()[:12]}"


def digest(said: Mapping[str, Any]) -> str:
    """Tells whether a notice says what it said before."""
    return hashlib.sha256(orjson.dumps(dict(said), option=orjson.OPT_SORT_KEYS)).hexdigest()
