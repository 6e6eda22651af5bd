"""One number for each person throughout a report, so that its tables can be read together though no id is in them."""

from __future__ import annotations

from typing import Any

from optimiser.domain.snapshot import Snapshot


class Numbering:
    """People by number, from 1 on, in the order in which one report tells of them. Whose care is in parts is one person."""

    def __init__(self, snapshot: Snapshot, *, ids: bool) -> None:
        """``ids``: packages are named, too."""
        self._person_of = {package.package_id: package.part_of or package.package_id for package in snapshot.packages}
        self._numbers: dict[str, int] = {}
        self._ids = ids

    def named(self, package_id: str) -> dict[str, Any]:
        """What a row of a table tells a person by: ``person``, the number, and the ``package_id`` where ids are asked for.

        Whoever has not been told of yet gets the next number: rows are named in the order in which they stand.
        """
        person = self._person_of.get(package_id, package_id)
        number = self._numbers.setdefault(person, len(self._numbers) + 1)
        return {"person": number, **({"package_id": package_id} if self._ids else {})}
