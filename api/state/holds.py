"""The hours that are kept free for somebody who is not there yet.

The snapshot format knows one kind: a pending offer of new care. The service knows two more, which the format calls history or
leaves without effect: a pending offer of a *move* holds its hours at the new provider while the person stays where they are,
and care that a hospital stay interrupted holds its hours at its previous provider until the date that was promised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

from optimiser.county import NOWHERE, County
from optimiser.domain.plan import Plan
from optimiser.domain.records import Offer
from optimiser.judging.limit_use import Usage, used_minutes

Order = tuple[dt.datetime, int, str]


@dataclass(frozen=True)
class Hold:
    """A package's hours on a contract."""

    package: int
    contract: int
    order: Order
    """First asked, first held."""
    in_format: bool
    """Whether the snapshot format counts it: a pending offer of new care."""


def holds_of(county: County, versions: Mapping[str, int]) -> tuple[Hold, ...]:
    """Every hold, in order, each package once on each contract. ``versions``: of the offers, to order those of one second."""
    return _in_order([*_restarts(county, range(len(county.packages))), *_offers(county, county.snapshot.offers, versions)])


def followed_by(
    holds: Iterable[Hold], county: County, packages: Collection[int], offers: Iterable[Offer], versions: Mapping[str, int]
) -> tuple[Hold, ...]:
    """The same where it is known what was held before offers of these packages alone have changed. ``offers``: all of theirs."""
    others = (hold for hold in holds if hold.package not in packages)
    return _in_order([*others, *_restarts(county, packages), *_offers(county, offers, versions)])


def _in_order(holds: list[Hold]) -> tuple[Hold, ...]:
    found: dict[tuple[int, int], Hold] = {}
    for hold in sorted(holds, key=attrgetter("order")):
        found.setdefault((hold.package, hold.contract), hold)
    return tuple(found.values())


def _offers(county: County, offers: Iterable[Offer], versions: Mapping[str, int]) -> Iterable[Hold]:
    for offer in offers:
        if offer.response or offer.package_id in county.offers_in_force.accepted:
            continue
        package, contract = county.package_index[offer.package_id], county.contract_of_offer(offer)
        new = county.packages[package].status == "new"
        if new or contract != county.running_on[package]:
            yield Hold(package, contract, (offer.offered_at, versions.get(offer.offer_id, 0), offer.offer_id), new)


def _restarts(county: County, packages: Iterable[int]) -> Iterable[Hold]:
    asked = county.offers_in_force.pending
    for index in packages:
        package = county.packages[index]
        if package.previous_contract_id and (contract := previous_of(county, index)) is not None:
            in_format = contract in asked.get(package.package_id, ())
            yield Hold(index, contract, (dt.datetime.min, 0, package.package_id), in_format)


def previous_of(county: County, package: int) -> int | None:
    """The contract that keeps a new package's hours for its restart; None when none does (any more)."""
    person = county.packages[package]
    contract = county.contract_index.get(county.succession.contract_on(person.previous_contract_id, county.as_of))
    held = person.held_until is not None and county.as_of < person.held_until
    if contract is None or not held or person.status != "new" or person.package_id in county.offers_in_force.accepted:
        return None
    answers = county.offers_in_force.declines.get((person.package_id, county.contracts[contract].provider_id), ())
    return None if any(answer.response == "declined" for answer in answers) else contract


def with_holds(usage: Usage, county: County, holds: Iterable[Hold]) -> Usage:
    """The use of every limit with the holds that the format does not count added, on entry too."""
    used, on_entry = list(usage.used), list(usage.on_entry)
    for hold in holds:
        if not hold.in_format:
            add(county, usage, hold, used, +1)
            add(county, usage, hold, on_entry, +1)
    return replace(usage, used=tuple(used), on_entry=tuple(on_entry))


def recounted(usage: Usage, county: County, entry: Plan, holds: Iterable[Hold], contracts: Iterable[int]) -> Usage:
    """The use of every limit, holds included, where since it was counted care and holds on these contracts alone have changed.

    ``usage`` is of the plan on entry, and so is what is returned.
    """
    again = {index for contract in contracts for index in usage.touching.get(contract, ())}
    used = [used_minutes(county, limit, entry) if i in again else usage.used[i] for i, limit in enumerate(usage.limits)]
    for hold in holds:
        if not hold.in_format:
            add(county, usage, hold, used, +1, only=again)
    return replace(usage, used=tuple(used), on_entry=tuple(used))


def add(county: County, usage: Usage, hold: Hold, used: list[int], sign: int, only: Collection[int] | None = None) -> None:
    """Count a hold, or take it away. ``only``: under these limits."""
    for index in usage.touching.get(hold.contract, ()):
        if (only is None or index in only) and usage.limits[index].counts(county, hold.package, hold.contract):
            used[index] += sign * county.packages[hold.package].minutes_per_week


ALONE: Mapping[int, int] = {}


def usage_for(
    county: County,
    usage: Usage,
    holds: Iterable[Hold],
    package: int,
    before: Order | None = None,
    others: Mapping[int, int] = ALONE,
) -> Usage:
    """The use of every limit as one package meets it: without what is held for itself beyond the format.

    ``before``: without what others hold by asking later than that; a strict count then, in which nothing that is too much
    already excuses more. ``others``: who goes ahead together with it, and to which contract; counted as if they were there.
    """
    used = list(usage.used)
    for hold in holds:
        own = hold.package == package
        later = before is not None and hold.order > before
        if (own and not hold.in_format) or (not own and (later or hold.package in others)):
            add(county, usage, hold, used, -1)
    for other, contract in others.items():
        for where, sign in ((int(county.running_on[other]), -1), (contract, +1)):
            if where != NOWHERE:
                add(county, usage, Hold(other, where, (dt.datetime.min, 0, ""), in_format=False), used, sign)
    on_entry = usage.on_entry if before is None else (0,) * len(used)
    return replace(usage, used=tuple(used), on_entry=on_entry)
