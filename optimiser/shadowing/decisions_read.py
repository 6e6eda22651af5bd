"""What happened between two nights, read from their differences: who was placed, on which contract, and when.

Somebody is placed who waited the night before, or was asked for since, and whom the night after has on a contract: running there,
or with an accepted offer. Care that was running already is no decision, nor is a contract that took over from another.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from optimiser.county.succession import Succession
from optimiser.domain.records import PRIORITIES, Offer, Package
from optimiser.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's care on one contract, as two nights tell it."""

    package: Package
    """As it was on record the night before, or as it came, asked for since; without care."""
    contract_id: str
    moment: dt.datetime | None
    """When the yes was recorded, if it was."""
    decided_on: dt.date
    """The day of the yes, else of the first care, else that of the night after."""
    asked_for_since: bool
    """Not on record as waiting the night before."""

    def __repr__(self) -> str:
        return f"<Decision on {self.package.package_id}>"


@dataclass(frozen=True)
class Between:
    """Two nights, and what happened between them."""

    before: Snapshot
    after: Snapshot
    decisions: tuple[Decision, ...]
    """In the order in which they were made, as far as that is on record."""
    moved: int
    """Packages whose running care has another contract, which none took over: not judged here."""
    came_with_care: int
    """Packages that came with care that had begun before: no decision of these days."""

    def __repr__(self) -> str:
        return f"<Between {self.before.as_of} and {self.after.as_of}: {len(self.decisions)} decisions>"


def settled_in(snapshot: Snapshot) -> dict[str, str]:
    """Per package on a contract, running or by an accepted offer: that contract, or the one that has taken over from it."""
    succession = Succession.of(snapshot.contracts)
    accepted = {offer.package_id: offer.contract_id for offer in snapshot.offers if offer.response == "accepted"}
    on = {
        package.package_id: package.contract_id if package.status == "active" else accepted.get(package.package_id, "")
        for package in snapshot.packages
    }
    return {name: succession.contract_on(contract_id, snapshot.as_of) for name, contract_id in on.items() if contract_id}


def between(before: Snapshot, after: Snapshot) -> Between:
    """What the two nights tell. ``before`` is the earlier one."""
    was, now = settled_in(before), settled_in(after)
    records = {package.package_id: package for package in before.packages}
    succession = Succession.of(after.contracts)
    yes = _said_yes(after)
    decisions, moved, came = [], 0, 0
    for package in after.packages:
        name = package.package_id
        if name not in now:
            continue
        known, earlier = records.get(name), was.get(name)
        if earlier is not None and succession.contract_on(earlier, after.as_of) == now[name]:
            continue
        if known is not None and known.status == package.status == "active":
            moved += 1
        elif known is None and package.status == "active" and not _begun_since(package, before.as_of):
            came += 1
        else:
            decisions.append(_decision(known, package, now[name], yes.get((name, now[name])), before, after))
    return Between(before, after, tuple(sorted(decisions, key=_turn)), moved, came)


def waiting(package: Package) -> Package:
    """The same person with no care yet."""
    return replace(package, status="new", contract_id="", round_id="", care_started=None)


def _decision(
    known: Package | None, package: Package, contract_id: str, yes: Offer | None, before: Snapshot, after: Snapshot
) -> Decision:
    moment = None if yes is None else yes.responded_at or yes.offered_at
    begun = package.care_started if package.status == "active" and _begun_since(package, before.as_of) else None
    day = moment.date() if moment is not None else begun or after.as_of
    waited = known is not None and known.status == "new"
    return Decision(
        package=known if waited and known is not None else waiting(package),
        contract_id=contract_id,
        moment=moment,
        decided_on=min(day, after.as_of),
        asked_for_since=not waited,
    )


def _said_yes(snapshot: Snapshot) -> Mapping[tuple[str, str], Offer]:
    """Per package and contract the last accepted offer."""
    succession = Succession.of(snapshot.contracts)
    found: dict[tuple[str, str], list[Offer]] = defaultdict(list)
    for offer in snapshot.offers:
        if offer.response == "accepted":
            found[offer.package_id, succession.contract_on(offer.contract_id, snapshot.as_of)].append(offer)
    return {key: max(offers, key=lambda each: (each.day, each.offer_id)) for key, offers in found.items()}


def _begun_since(package: Package, day: dt.date) -> bool:
    return package.care_started is not None and package.care_started >= day


def _turn(decision: Decision) -> tuple[dt.date, dt.time, int, dt.date, str]:
    """Whoever is known to have been decided first; of those of a day without a time the most urgent."""
    package = decision.package
    at = dt.time.max if decision.moment is None else decision.moment.time()
    return decision.decided_on, at, PRIORITIES.index(package.priority), package.start_by or dt.date.max, package.package_id
