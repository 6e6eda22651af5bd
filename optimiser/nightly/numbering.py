"""One number for each person throughout a report, so that its tables can be read together though no id is in them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from optimiser.domain.snapshot import Snapshot

NONE_FOLLOWS: Mapping[str, str] = MappingProxyType({})


class Numbering:
    """People by number, from 1 on, in the order in which one report tells of them. Whose care is in parts is one person."""

    def __init__(self, snapshot: Snapshot, *, ids: bool, onward_of: Mapping[str, str] = NONE_FOLLOWS) -> None:
        """``ids``: packages are named, too. ``onward_of``: per package the one of the same person that it follows."""
        self._onward_of = onward_of
        self._person_of = {package.package_id: package.part_of or package.package_id for package in snapshot.packages}
        self._numbers: dict[str, int] = {}
        self._ids = ids

    def named(self, package_id: str) -> dict[str, Any]:
        """What a row of a table tells a person by: ``person``, the number, and the ``package_id`` where ids are asked for.

        Whoever has not been told of yet gets the next number: rows are named in the order in which they stand.
        """
        person = self._person_of.get(package_id, package_id)
        while person in self._onward_of:
            before = self._onward_of[person]
            person = self._person_of.get(before, before)
        number = self._numbers.setdefault(person, len(self._numbers) + 1)
        return {"person": number, **({"package_id": package_id} if self._ids else {})}
