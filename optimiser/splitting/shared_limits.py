"""The limits of records that several councils share, apportioned by the hours held under each, exactly: those of running care,
and of care that was accepted or is being asked for, as limits are judged.

Care counts for a contract whichever of those that take over from each other it is under; for a provider, and for a cap on its new
work, under any of its contracts. Where nothing is held, by all care of the councils that may use it (whose area a contract or
round is of; of a provider, those in which it has a contract); where there is none either, equally.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from optimiser.county.offers_in_force import offers_in_force
from optimiser.county.succession import Succession
from optimiser.domain.snapshot import Snapshot
from optimiser.splitting.apportioning import WHOLE, apportioned, unit_of
from optimiser.splitting.where_to import WhereTo, families, id_of

LIMITS: Mapping[str, tuple[str, ...]] = {
    "providers": ("max_hours_4w",),
    "contracts": ("max_hours_4w",),
    "restrictions": ("new_hours_4w",),
    "rounds": ("staff", "staff_hours_per_week"),
}
"""What is apportioned of a kind; everything else of a shared record is the same everywhere."""
BY_HELD, BY_ALL_CARE, EQUALLY = "by_held_hours", "by_hours_of_all_care", "equally"


@dataclass(frozen=True)
class SharedLimit:
    """A limit, each council's part of it, and by what it was apportioned: minutes a week, or nothing."""

    kind: str
    record_id: str
    column: str
    whole: Fraction
    parts: Mapping[str, Fraction]
    held_minutes: Mapping[str, int]
    rule: str


def shared_limits(snapshot: Snapshot, where: WhereTo) -> Iterator[SharedLimit]:
    """Of every record in more than one council, in the order of kinds and ids."""
    held = _Held(snapshot, where)
    for kind, columns in LIMITS.items():
        for record in getattr(snapshot, kind):
            name = id_of(kind, record)
            councils = where.of(kind, name)
            if len(councils) < 2:
                continue
            minutes = {council: held.minutes(kind, record, council) for council in sorted(councils)}
            weights, rule = minutes, BY_HELD
            if not any(minutes.values()):
                able = held.may_use(kind, record, councils)
                weights = {council: held.all_care[council] * (council in able) for council in minutes}
                rule = BY_ALL_CARE if any(weights.values()) else EQUALLY
            if rule == EQUALLY:
                weights = {council: int(council in able) for council in minutes}
            for column in columns:
                if (limit := getattr(record, column)) is not None:
                    whole = Fraction(limit)
                    unit = WHOLE if isinstance(limit, int) else unit_of(whole)
                    yield SharedLimit(kind, name, column, whole, apportioned(whole, weights, unit), minutes, rule)


class _Held:
    """Minutes a week that are held, by what they are held under and by council; and of all care by council."""

    def __init__(self, snapshot: Snapshot, where: WhereTo) -> None:
        self._where = where
        self._first = {name: first for first, members in families(snapshot).items() for name in members}
        self._minutes: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.all_care: defaultdict[str, int] = defaultdict(int)
        self._with_a_contract: defaultdict[str, set[str]] = defaultdict(set)
        for contract in snapshot.contracts:
            self._with_a_contract[contract.provider_id] |= where.of("contracts", contract.contract_id)
        packages = {package.package_id: package for package in snapshot.packages}
        provider_of = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
        for package in snapshot.packages:
            (council,) = where.of("packages", package.package_id)
            self.all_care[council] += package.minutes_per_week
            if package.status == "active":
                self._minutes["rounds", package.round_id, council] += package.minutes_per_week
        for package_id, contract_id in _held_under(snapshot):
            (council,) = where.of("packages", package_id)
            minutes = packages[package_id].minutes_per_week
            self._minutes["contracts", self._first[contract_id], council] += minutes
            self._minutes["providers", provider_of[contract_id], council] += minutes

    def may_use(self, kind: str, record: Any, councils: Collection[str]) -> Collection[str]:
        """The councils that may use something of which nothing is held."""
        name = id_of(kind, record)
        own = [council for council in councils if not self._where.why[kind, name, council]]
        if kind in ("providers", "restrictions"):
            return own or self._with_a_contract[record.provider_id] or councils
        return own or councils

    def minutes(self, kind: str, record: Any, council: str) -> int:
        if kind == "contracts":
            return self._minutes[kind, self._first[record.contract_id], council]
        if kind == "rounds":
            return self._minutes[kind, record.round_id, council]
        return self._minutes["providers", record.provider_id, council]


def _held_under(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Package and contract: what runs, what was accepted, and each contract that is being asked."""
    index = {contract.contract_id: number for number, contract in enumerate(snapshot.contracts)}
    offers = offers_in_force(snapshot, index, Succession.of(snapshot.contracts))
    for package in snapshot.packages:
        if package.status == "active" and package.contract_id:
            yield package.package_id, package.contract_id
    for package_id, contract in offers.accepted.items():
        yield package_id, snapshot.contracts[contract].contract_id
    for package_id, asked in offers.pending.items():
        for contract in asked:
            yield package_id, snapshot.contracts[contract].contract_id
