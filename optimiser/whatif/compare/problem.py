"""What a scenario changes, and a snapshot with it applied. Invented people are drawn the same way every time."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from optimiser.domain.records import Contract, Package, Restriction
from optimiser.domain.snapshot import Snapshot
from optimiser.whatif.invented import invented_like


@dataclass(frozen=True)
class MoreDischarges:
    """So many more people a week from hospital in one area, all of one week waiting at once."""

    area_id: str
    per_week: int


@dataclass(frozen=True)
class Billing:
    """Visits are billed in other steps, or minutes round otherwise: a contract's, those of a tier, or all where neither is named.

    None: as the terms have it.
    """

    increment_minutes: int | None = None
    rounding: str | None = None
    contract_id: str = ""
    tier: str = ""


@dataclass(frozen=True)
class Scenario:
    """What is different. Everything else is as in the snapshot."""

    title: str
    as_of: dt.date | None = None
    """The day that it is; None: the snapshot's. Whatever the records say of that day holds, and nothing else is foretold."""
    restrictions: tuple[Restriction, ...] = ()
    contract_changes: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """(contract id, the fields of ``Contract`` that change)."""
    go_lives: tuple[tuple[str, dt.date], ...] = ()
    new_contracts: tuple[Contract, ...] = ()
    discharges: tuple[MoreDischarges, ...] = ()
    billing: tuple[Billing, ...] = ()
    """Changes no plan: what recorded visits come to."""


def applied(snapshot: Snapshot, scenario: Scenario) -> Snapshot:
    """The same snapshot, but for what the scenario says."""
    snapshot = replace(snapshot, as_of=scenario.as_of or snapshot.as_of)
    changes, go_lives = dict(scenario.contract_changes), dict(scenario.go_lives)
    contracts = [replace(c, **changes.get(c.contract_id, {})) for c in snapshot.contracts] + list(scenario.new_contracts)
    packages = list(snapshot.packages)
    for more in scenario.discharges:
        packages += _invented(snapshot, more)
    return replace(
        snapshot,
        areas=tuple(replace(a, go_live=go_lives.get(a.area_id, a.go_live)) for a in snapshot.areas),
        contracts=tuple(sorted(contracts, key=attrgetter("contract_id"))),
        restrictions=tuple(sorted((*snapshot.restrictions, *scenario.restrictions), key=attrgetter("restriction_id"))),
        packages=tuple(sorted(packages, key=attrgetter("package_id"))),
    )


def _invented(snapshot: Snapshot, more: MoreDischarges) -> Iterator[Package]:
    """People from hospital with the places and needs of people of the area, drawn at random but always the same ones.

    What is somebody's own is not taken over: nobody invented refuses a provider or is protected.
    """
    known = {package.package_id for package in snapshot.packages}
    people = [package for package in snapshot.packages if package.area_id == more.area_id]
    dice = random.Random(f"{more.area_id} {more.per_week}")
    for number in range(1, more.per_week + 1):
        alike = dice.choice(people)
        name = f"SCENARIO-{more.area_id}-{number:04}"
        while name in known:
            name += "-X"
        yield invented_like(alike, name, "discharge", "acute_hospital", snapshot.as_of)
