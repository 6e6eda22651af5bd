"""A remedy as a planner would carry it out: on the snapshot itself, in full or a little less."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from optimiser.allocating.story import Allocation
from optimiser.county import County
from optimiser.domain.snapshot import Snapshot

UNITS = {
    "contract hours": Fraction(1, 4),
    "provider hours": Fraction(1, 4),
    "cap": Fraction(1, 4),
    "travel radius": Fraction(1, 100),
    "skill": Fraction(1),
    "band": Fraction(1),
    "decline for capacity": Fraction(1),
}
"""Every kind of change that lies in the council's or a provider's power, and the unit in which it is made."""

Record = dict[str, Any]


def explained(allocation: Allocation, package_id: str) -> Record:
    return allocation.explain(allocation.county.package_index[package_id])


def carried_out(snapshot: Snapshot, package_id: str, remedy: Record, *, less: Fraction = Fraction(0)) -> Snapshot:
    """The snapshot after the change, or after so much less of it."""
    change, subject = remedy["change"], remedy["subject"]
    amount = Fraction(remedy["amount"]) - less
    if amount <= 0:
        return snapshot
    if change == "contract hours":
        contracts = tuple(
            replace(each, max_hours_4w=(each.max_hours_4w or 0) + amount) if each.contract_id == subject else each
            for each in snapshot.contracts
        )
        return replace(snapshot, contracts=contracts)
    if change == "band":
        band = int(County.of(snapshot).band[_index(snapshot, package_id)])
        contracts = tuple(
            replace(each, bands=tuple(sorted({*each.bands, band}))) if each.contract_id == subject else each
            for each in snapshot.contracts
        )
        return replace(snapshot, contracts=contracts)
    if change == "cap":
        restrictions = tuple(
            replace(each, new_hours_4w=(each.new_hours_4w or 0) + amount) if each.restriction_id == subject else each
            for each in snapshot.restrictions
        )
        return replace(snapshot, restrictions=restrictions)
    if change == "decline for capacity":
        holder = {each.contract_id: each.provider_id for each in snapshot.contracts}
        declines = [
            each
            for each in snapshot.offers
            if (each.package_id, each.response, each.reason) == (package_id, "declined", "no_capacity")
            and holder[each.contract_id] == subject
        ]
        forgotten = declines[: int(amount)]
        return replace(snapshot, offers=tuple(each for each in snapshot.offers if each not in forgotten))
    providers = tuple(
        _changed_provider(each, snapshot, package_id, change, amount) if each.provider_id == subject else each
        for each in snapshot.providers
    )
    return replace(snapshot, providers=providers)


def _changed_provider(provider: Any, snapshot: Snapshot, package_id: str, change: str, amount: Fraction) -> Any:
    if change == "provider hours":
        return replace(provider, max_hours_4w=provider.max_hours_4w + amount)
    if change == "travel radius":
        return replace(provider, max_distance_miles=provider.max_distance_miles + amount)
    assert change == "skill"
    missing = set(snapshot.packages[_index(snapshot, package_id)].skills_needed) - set(provider.skills)
    assert len(missing) == amount
    return replace(provider, skills=tuple(sorted({*provider.skills, *missing})))


def _index(snapshot: Snapshot, package_id: str) -> int:
    return next(index for index, each in enumerate(snapshot.packages) if each.package_id == package_id)
