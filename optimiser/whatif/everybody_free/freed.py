"""A county with nobody's care begun: what is set aside where all care is placed afresh, and what holds as for new care."""

from __future__ import annotations

from dataclasses import replace

from optimiser.county import County
from optimiser.domain.records import Package

SET_ASIDE = (
    "All running care is judged as new care that begins today: every rule on who may be asked and every limit holds, those of the"
    " wrong rating, of a restriction and of a cap on new work among them.",
    "Set aside is only what keeps people where they are: that running care stays, protections, social work decisions, rest days,"
    " rounds, accepted offers and offers that wait for an answer.",
    "Declines that stand, providers that somebody has excluded, needs, areas and bands hold for everybody, and bundles of new"
    " packages stay together.",
    "Travel is measured from the nearest office, on both sides: with nobody placed there is no running care to be near to.",
    "Care that runs is urgent or planned as its record says, and not overdue; whoever waits counts as in an allocation.",
    "Care under a contract that has ended is placed on contracts in force.",
    "With everybody new nobody has a provider to change from, so that the level of people who change is nil and holds back"
    " neither cost nor travel.",
)


def freed(county: County) -> County:
    """The same county with everybody new, nobody asked for and nothing promised. Packages keep their places."""
    snapshot = county.snapshot
    asked = {offer.package_id for offer in snapshot.offers if offer.response in ("", "accepted")}
    return County.of(
        replace(
            snapshot,
            packages=tuple(_as_new(package, package.package_id in asked) for package in snapshot.packages),
            offers=tuple(offer for offer in snapshot.offers if offer.response in ("declined", "expired")),
        ),
        county.travel,
    )


def _as_new(package: Package, asked: bool) -> Package:
    """The package as if its care had yet to be found. Of a bundle only those are left that are placed with it today, too."""
    runs = package.status == "active"
    return replace(
        package,
        status="new",
        contract_id="",
        round_id="",
        care_started=None,
        previous_contract_id="",
        held_until=None,
        start_by=None if runs else package.start_by,
        bundle_id="" if runs or asked else package.bundle_id,
    )
