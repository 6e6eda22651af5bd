"""The county as it was known on the night before decisions, and as the night after knows it, each with those people waiting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from optimiser.county import County
from optimiser.domain.records import Offer, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.shadowing.decisions_read import Between, waiting


def known_before(happened: Between, like: County | None = None) -> County:
    """The night before, with everybody who was decided on waiting: whoever was asked for since as they came.

    Somebody whose care was divided since is there in the parts that were decided on, and with what is left.
    """
    before, after = happened.before, happened.after
    decided = {decision.package.package_id: decision.package for decision in happened.decisions}
    records = {package.package_id: package for package in before.packages} | decided
    divided = {package.part_of for package in decided.values() if package.part_of}
    left = {package.package_id: package for package in after.packages}
    for whole in (divided & records.keys()) - decided.keys():
        if whole in left:
            records[whole] = replace(records[whole], minutes_per_week=left[whole].minutes_per_week)
        else:
            del records[whole]
    return County.of(_with(before, records.values(), _without_yes(before, decided)), like=like)


def known_after(happened: Between, like: County | None = None) -> County:
    """The night after, as if nobody had been decided on: what its facts say of each choice."""
    decided = {decision.package.package_id for decision in happened.decisions}
    packages = (waiting(each) if each.package_id in decided else each for each in happened.after.packages)
    return County.of(_with(happened.after, packages, _without_yes(happened.after, decided)), like=like)


def _with(snapshot: Snapshot, packages: Iterable[Package], offers: Iterable[Offer]) -> Snapshot:
    ordered = tuple(sorted(packages, key=attrgetter("package_id")))
    return replace(snapshot, packages=ordered, offers=tuple(offers))


def _without_yes(snapshot: Snapshot, packages: Iterable[str]) -> list[Offer]:
    named = set(packages)
    return [offer for offer in snapshot.offers if offer.package_id not in named or offer.response != "accepted"]
