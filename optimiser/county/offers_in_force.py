"""What the offers sent so far mean on a snapshot's date: who has declined, who is still being asked, who has said yes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from optimiser.county.succession import Succession
from optimiser.domain.dates import days_after
from optimiser.domain.policy import Policy
from optimiser.domain.records import Offer
from optimiser.domain.snapshot import Snapshot

LASTING_REASON = "cannot_meet_need"
"""A decline for this reason stands until the person's needs change."""


@dataclass(frozen=True)
class OffersInForce:
    """The offers that count today."""

    declines: dict[tuple[str, str], tuple[Offer, ...]]
    """Per package id and provider id: the declines and lapsed offers that stand, on any contract of that provider."""
    pending: dict[str, tuple[int, ...]]
    """Per new package with an unanswered offer: the contracts asked, each once."""
    accepted: dict[str, int]
    """Per new package with an accepted offer: the contract."""

    def __repr__(self) -> str:
        return (
            f"<OffersInForce: {sum(map(len, self.declines.values()))} declines,"
            f" {len(self.pending)} pending, {len(self.accepted)} accepted>"
        )

    def after(
        self,
        before: Snapshot,
        later: Snapshot,
        contract_index: dict[str, int],
        succession: Succession,
        new: frozenset[str],
    ) -> OffersInForce:
        """What stands in a later snapshot that differs in its offers and answers alone; only of whom some offer is not the very
        same record is anything looked at. ``new``: the ids of the packages whose care has not begun.
        """
        changed = _of_changed_offers(before.offers, later.offers)
        if not changed:
            return self
        theirs = [offer for offer in later.offers if offer.package_id in changed]
        now = offers_in_force(later, contract_index, succession, new, theirs)
        declines = {key: kept for key, kept in self.declines.items() if key[0] not in changed}
        pending = {package_id: asked for package_id, asked in self.pending.items() if package_id not in changed}
        accepted = {package_id: contract for package_id, contract in self.accepted.items() if package_id not in changed}
        return OffersInForce(declines | now.declines, pending | now.pending, accepted | now.accepted)

    def without(self, offers: frozenset[Offer]) -> OffersInForce:
        """The same with some declines forgotten."""
        declines = {key: tuple(offer for offer in kept if offer not in offers) for key, kept in self.declines.items()}
        return OffersInForce({key: kept for key, kept in declines.items() if kept}, self.pending, self.accepted)


def stands_until(offer: Offer, policy: Policy) -> dt.date | None:
    """The first day on which a decline or lapsed offer no longer stands; None when it stands until the needs change."""
    if offer.response != "expired" and offer.reason == LASTING_REASON:
        return None
    days = policy.expired_days if offer.response == "expired" else policy.decline_days
    return days_after(offer.day, days)


def offers_in_force(
    snapshot: Snapshot,
    contract_index: dict[str, int],
    succession: Succession,
    new: frozenset[str] | None = None,
    of: Iterable[Offer] | None = None,
) -> OffersInForce:
    """Read the offers of a snapshot as they stand on its date. One on a contract that has ended counts for its successor.

    ``new``: the ids of its packages whose care has not begun, where they are known. ``of``: these of its offers alone.
    """
    contracts, policy = snapshot.contracts, snapshot.policy
    if new is None:
        new = frozenset(package.package_id for package in snapshot.packages if package.status == "new")
    declines: dict[tuple[str, str], list[Offer]] = defaultdict(list)
    pending: dict[str, set[int]] = defaultdict(set)
    accepted: dict[str, int] = {}
    for offer in snapshot.offers if of is None else of:
        contract = contract_index[succession.contract_on(offer.contract_id, snapshot.as_of)]
        if offer.response in ("declined", "expired"):
            until = stands_until(offer, policy)
            if until is None or snapshot.as_of < until:
                declines[offer.package_id, contracts[contract].provider_id].append(offer)
        elif offer.package_id in new and offer.response == "accepted":
            accepted[offer.package_id] = contract
        elif offer.package_id in new and offer.response == "":
            pending[offer.package_id].add(contract)
    return OffersInForce(
        declines={key: tuple(kept) for key, kept in declines.items()},
        pending={key: tuple(sorted(asked)) for key, asked in pending.items() if key not in accepted},
        accepted=accepted,
    )


def _of_changed_offers(before: tuple[Offer, ...], after: tuple[Offer, ...]) -> frozenset[str]:
    """The ids of the packages of which some offer is not the very same record in both."""
    if before is after:
        return frozenset()
    was, now = dict(zip(map(id, before), before, strict=True)), dict(zip(map(id, after), after, strict=True))
    both = was | now
    return frozenset(both[each].package_id for each in was.keys() ^ now.keys())
