"""The contracts whose hours are looked for, area by area, and the county with other hours on them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from optimiser.county import NOWHERE, County
from optimiser.county.succession import Succession
from optimiser.domain.records import Contract
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import MINUTES_PER_HOUR_4W

Sizes = tuple[tuple[str, int], ...]
"""Contracts with their hours per four weeks, in the order of their ids; contracts that are not named keep what they have."""


@dataclass(frozen=True)
class SizedArea:
    """An area that is live on the last day, with its home care contracts that are in force then.

    ``today``: their hours per four weeks as the snapshot has them; None: no maximum. ``running``: the hours of the care under
    each on the first day, rounded up to whole ones; none is sized below. ``parts``: how the framework's hours are spread.
    """

    area_id: str
    name: str
    place: int
    """Where it stands among the areas of the snapshot."""
    principal: str
    """Empty: none is in force on the last day."""
    framework: tuple[str, ...]
    today: Mapping[str, Fraction | None]
    running: Mapping[str, int]
    parts: tuple[Fraction, ...]

    def __repr__(self) -> str:
        return f"<SizedArea {self.area_id}: {len(self.contracts)} contracts>"

    @property
    def contracts(self) -> tuple[str, ...]:
        return (*((self.principal,) if self.principal else ()), *self.framework)

    def principal_hours(self, hours: int) -> dict[str, int]:
        """The principal with so many, or with those that run already."""
        return {self.principal: max(hours, self.running[self.principal])} if self.principal else {}

    def framework_hours(self, hours: int) -> dict[str, int]:
        """So many on the framework together, each contract with its part of them in whole hours, or what runs there already."""
        return {each: max(ceil(part * hours), self.running[each]) for each, part in zip(self.framework, self.parts, strict=True)}


def sized_areas(county: County, last_day: dt.date) -> list[SizedArea]:
    """Areas in the order of the snapshot. ``county``: on its first day, accepted offers begun (``Ground.county``)."""
    running = _running(county, last_day)
    found = []
    for place, area in enumerate(county.snapshot.areas):
        here = [
            each for each in county.contracts if each.area_id == area.area_id and not each.service and each.in_force(last_day)
        ]
        principal = next((each for each in here if each.tier == "principal"), None)
        framework = [each for each in here if each.tier == "framework" and each.max_hours_4w != 0]
        named = [*([principal] if principal else []), *framework]
        if area.is_live(last_day) and named:
            found.append(
                SizedArea(
                    area.area_id,
                    area.name,
                    place,
                    principal.contract_id if principal else "",
                    tuple(each.contract_id for each in framework),
                    {each.contract_id: each.max_hours_4w for each in named},
                    {each.contract_id: running[each.contract_id] for each in named},
                    _parts(framework),
                )
            )
    return found


def _running(county: County, last_day: dt.date) -> Counter[str]:
    """Per contract the hours per four weeks that run under it, or under contracts that it will have taken over from."""
    succession, minutes = Succession.of(county.contracts), Counter[str]()
    for package, contract in zip(county.packages, county.running_on.tolist(), strict=True):
        if contract != NOWHERE:
            minutes[succession.contract_on(county.contracts[contract].contract_id, last_day)] += package.minutes_per_week
    return Counter({contract_id: -(-count // MINUTES_PER_HOUR_4W) for contract_id, count in minutes.items()})


def _parts(framework: list[Contract]) -> tuple[Fraction, ...]:
    """By their hours today; equal where one has no maximum."""
    known = [each.max_hours_4w for each in framework if each.max_hours_4w is not None]
    if len(known) < len(framework):
        return tuple(Fraction(1, len(framework)) for _ in framework)
    return tuple(hours / sum(known) for hours in known)


def with_sizes(snapshot: Snapshot, sizes: Sizes) -> Snapshot:
    """The same county with other hours on some contracts."""
    hours = dict(sizes)
    contracts = tuple(
        replace(each, max_hours_4w=Fraction(hours[each.contract_id])) if each.contract_id in hours else each
        for each in snapshot.contracts
    )
    return replace(snapshot, contracts=contracts)
