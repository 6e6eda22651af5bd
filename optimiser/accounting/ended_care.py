"""The county that records of ended care are read by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from optimiser.county import County
from optimiser.domain.records import Package, Visit

WAITS: Literal["new"] = "new"
"""How care that has ended stands in such a county: what is commissioned today has none of it."""


@dataclass(frozen=True)
class EndedCare:
    """People whose care has ended, at their places and under the contracts that they left, with their visits."""

    packages: tuple[Package, ...] = ()
    visits: tuple[Visit, ...] = ()

    def __repr__(self) -> str:
        return f"<EndedCare of {len(self.packages)}>"


NOBODYS = EndedCare()


def with_ended(county: County, ended: EndedCare) -> County:
    """The county with them, as people who have no care. The very same where there are none."""
    if not ended.packages:
        return county
    snapshot = county.snapshot
    known = {each.visit_id for each in snapshot.visits}
    packages = (*snapshot.packages, *(replace(each, status=WAITS) for each in ended.packages))
    visits = (*snapshot.visits, *(each for each in ended.visits if each.visit_id not in known))
    whole = replace(
        snapshot,
        packages=tuple(sorted(packages, key=lambda each: each.package_id)),
        visits=tuple(sorted(visits, key=lambda each: each.visit_id)),
    )
    return County.of(whole)
