"""Which file a record stands in, and on which line."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

FILE_OF = {
    "Surgery": "surgeries.csv",
    "Provider": "providers.csv",
    "Office": "offices.csv",
    "Contract": "contracts.csv",
    "Rate": "rates.csv",
    "Restriction": "restrictions.csv",
    "Package": "packages.csv",
    "Visit": "visits.csv",
    "Round": "rounds.csv",
    "Offer": "offers.csv",
}


class Lines:
    """Where each record came from."""

    def __init__(self) -> None:
        self._line: dict[int, int] = {}
        self._id_name: dict[type, str] = {}
        self._kept: list[Any] = []  # so that no identity is used twice

    def remember(self, record: Any, line: int) -> None:
        self._line[id(record)] = line
        self._kept.append(record)

    def of(self, record: Any) -> tuple[str, int]:
        return FILE_OF[type(record).__name__], self._line[id(record)]

    def line_of(self, record: Any) -> int:
        """0 for a record that stands on no line of its own, such as an area."""
        return self._line.get(id(record), 0)

    def id_of(self, record: Any) -> str:
        kind = type(record)
        if kind not in self._id_name:
            self._id_name[kind] = getattr(kind, "NAMED_BY", fields(kind)[0].name)
        return str(getattr(record, self._id_name[kind]))
