"""The limits of records that several councils share, apportioned by the running care under each, exactly.

Care counts for a contract whichever of those that take over from each other it is under; for a provider, and for a cap on its new
work, under any of its contracts. Where nothing runs, by all care of the councils (of a provider those in which it has a
contract); where there is none either, equally.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

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
BY_RUNNING, BY_ALL_CARE, EQUALLY = "by_running_hours", "by_hours_of_all_care", "equally"


@dataclass(frozen=True)
class SharedLimit:
    """A limit, each council's part of it, and by what it was apportioned: minutes a week, or nothing."""

    kind: str
    record_id: str
    column: str
    whole: Fraction
    parts: Mapping[str, Fraction]
    running_minutes: Mapping[str, int]
    rule: str


def shared_limits(snapshot: Snapshot, where: WhereTo) -> Iterator[SharedLimit]:
    """Of every record in more than one council, in the order of kinds and ids."""
    running = _Running(snapshot, where)
    for kind, columns in LIMITS.items():
        for record in getattr(snapshot, kind):
            name = id_of(kind, record)
            councils = where.of(kind, name)
            if len(councils) < 2:
                continue
            minutes = {council: running.minutes(kind, record, council) for council in sorted(councils)}
            weights, rule = minutes, BY_RUNNING
            if not any(minutes.values()):
                able = running.may_deliver(kind, record) or councils
                weights = {council: running.all_care[council] * (council in able) for council in minutes}
                rule = BY_ALL_CARE if any(weights.values()) else EQUALLY
            if rule == EQUALLY:
                weights = {council: int(council in able) for council in minutes}
            for column in columns:
                if (limit := getattr(record, column)) is not None:
                    whole = Fraction(limit)
                    unit = WHOLE if isinstance(limit, int) else unit_of(whole)
                    yield SharedLimit(kind, name, column, whole, apportioned(whole, weights, unit), minutes, rule)


class _Running:
    """Minutes a week of running care by what it is under and by council; and of all care by council."""

    def __init__(self, snapshot: Snapshot, where: WhereTo) -> None:
        self._first = {name: first for first, members in families(snapshot).items() for name in members}
        provider_of = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
        self._with_a_contract: defaultdict[str, set[str]] = defaultdict(set)
        for contract in snapshot.contracts:
            self._with_a_contract[contract.provider_id] |= where.of("contracts", contract.contract_id)
        self._minutes: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.all_care: defaultdict[str, int] = defaultdict(int)
        for package in snapshot.packages:
            (council,) = where.of("packages", package.package_id)
            self.all_care[council] += package.minutes_per_week
            if package.status != "active" or not package.contract_id:
                continue
            under = (
                ("contracts", self._first[package.contract_id]),
                ("providers", provider_of[package.contract_id]),
                ("rounds", package.round_id),
            )
            for kind, name in under:
                self._minutes[kind, name, council] += package.minutes_per_week

    def may_deliver(self, kind: str, record: Any) -> set[str]:
        """Of a provider, or a cap on its new work, the councils in which it has a contract; empty of anything else."""
        return self._with_a_contract[record.provider_id] if kind in ("providers", "restrictions") else set()

    def minutes(self, kind: str, record: Any, council: str) -> int:
        if kind == "contracts":
            return self._minutes[kind, self._first[record.contract_id], council]
        if kind == "rounds":
            return self._minutes[kind, record.round_id, council]
        return self._minutes["providers", record.provider_id, council]
