"""The days of a released transfer's waves: by provider how many of its rounds each day has, and what they are called in diaries.

A plan that is withdrawn takes back the days that it brought, and those alone: released again it brings days of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.outbox.message_kind import Happening

RECORDS = "released_transfers"
RELEASED, WITHDRAWN = "transfer.released", "transfer.release_withdrawn"
ACTIONS = (RELEASED, WITHDRAWN)


@dataclass(frozen=True)
class Waves:
    """Of one release, made or withdrawn: per provider the rounds that each day has."""

    name: str
    of_providers: dict[str, Counter[str]]
    is_withdrawn: bool


def waves_of(happening: Happening) -> Iterator[Waves]:
    """The releases of a change, and those that it withdraws."""
    for entry in happening.of(*ACTIONS):
        withdrawn = entry.action == WITHDRAWN
        body = _known(happening, entry.subject) if withdrawn else happening.records.get((RECORDS, entry.subject))
        if body is not None:
            days = {of: Counter(each["date"] for each in told["moves"]) for of, told in sorted(body["statements"].items())}
            yield Waves(f"{entry.subject} {body['released_at']}", days, withdrawn)


def _known(happening: Happening, run_id: str) -> Mapping[str, Any] | None:
    stored = happening.before.stock.get(RECORDS, {}).get(run_id)
    return None if stored is None else stored.body
