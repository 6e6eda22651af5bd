"""The few packages among all that something is asked of at every change of a county: nothing here rests on offers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optimiser.county.offers_in_force import OffersInForce
from optimiser.domain.records import Package


@dataclass(frozen=True)
class KindsOfPackages:
    """Packages as a county has them, in their order."""

    new: frozenset[str]
    """The ids of those whose care has not begun."""
    held: tuple[Package, ...]
    """Those whose hours are kept until a day that was promised."""
    of_service: Mapping[str, tuple[Package, ...]]
    """Per service that only specialist contracts deliver; nothing for one that nobody needs."""
    of_bundles: tuple[tuple[int, Package], ...]
    """The new ones that name a bundle, each with its place among all."""

    def __repr__(self) -> str:
        return f"<KindsOfPackages: {len(self.new)} new, {len(self.held)} held>"

    @staticmethod
    def of(packages: Iterable[Package]) -> KindsOfPackages:
        found, of_service = tuple(packages), defaultdict[str, list[Package]](list)
        for each in found:
            if each.service:
                of_service[each.service].append(each)
        return KindsOfPackages(
            new=frozenset(each.package_id for each in found if each.status == "new"),
            held=tuple(each for each in found if each.held_until is not None),
            of_service={service: tuple(theirs) for service, theirs in of_service.items()},
            of_bundles=tuple((index, each) for index, each in enumerate(found) if each.bundle_id and each.status == "new"),
        )

    def bundles(self, offers: OffersInForce) -> Mapping[str, tuple[int, ...]]:
        """Per bundle the new packages that are still to be placed together: two or more that no offer has taken out of it."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, package in self.of_bundles:
            if package.package_id not in offers.pending and package.package_id not in offers.accepted:
                found[package.bundle_id].append(index)
        return {bundle_id: tuple(members) for bundle_id, members in found.items() if len(members) > 1}


def places_by_area(packages: Iterable[Package]) -> Mapping[str, tuple[int, ...]]:
    """Per area id the places of the packages of its people, in their order; nothing for an area without any."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, package in enumerate(packages):
        found[package.area_id].append(index)
    return {area_id: tuple(theirs) for area_id, theirs in found.items()}
