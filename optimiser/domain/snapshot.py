"""A snapshot: everything known on one date. Records are sorted by their ids, so the order of rows never matters."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from optimiser.domain.policy import Policy
from optimiser.domain.records import (
    Area,
    Contract,
    Offer,
    Office,
    Package,
    Provider,
    Restriction,
    Round,
    Surgery,
    Visit,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All records of a county on ``as_of``. ``io.reading`` makes one from a folder, or refuses it."""

    as_of: dt.date
    title: str
    policy: Policy
    areas: tuple[Area, ...]
    surgeries: tuple[Surgery, ...]
    providers: tuple[Provider, ...]
    offices: tuple[Office, ...]
    contracts: tuple[Contract, ...]
    restrictions: tuple[Restriction, ...]
    packages: tuple[Package, ...]
    visits: tuple[Visit, ...]
    rounds: tuple[Round, ...]
    offers: tuple[Offer, ...]

    def digest(self) -> str:
        """SHA-256 of the canonical content: equal for equal facts, whatever the order of rows."""
        sha = hashlib.sha256()
        sha.update(f"{self.as_of}\x1e{self.title}\x1e{self.policy}\x1e".encode())
        for part in fields(self)[3:]:
            sha.update(f"\x1d{part.name}\x1e".encode())
            for line in _lines(getattr(self, part.name)):
                sha.update(line.encode())
        return sha.hexdigest()


def _lines(records: Iterable[Any]) -> Iterable[str]:
    take = None
    for record in records:
        take = take or attrgetter(*(part.name for part in fields(record)))
        yield "\x1f".join(map(str, take(record))) + "\x1e"
