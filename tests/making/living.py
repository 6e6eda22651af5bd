"""Small random counties that live: contracts follow each other, prices change, there are services, a reserve and bundles."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

from hypothesis import strategies as st

from optimiser.county import County
from optimiser.domain.cqc import worst_of
from optimiser.domain.records import Contract, Location, Package, Provider
from optimiser.domain.snapshot import Snapshot
from tests.making import days, following, location, rate
from tests.making.drawn import AREAS, mostly, one_of, snapshots

KINDS = ((), (("tier", "reserve"), ("area_id", "")), (("tier", "specialist"), ("service", "night")))


@st.composite
def living_snapshots(draw: st.DrawFn) -> Snapshot:
    """A random county with some of what lets it live."""
    made = draw(snapshots())
    usual = [replace(contract, **dict(draw(mostly(*KINDS)))) for contract in made.contracts]
    contracts = [each for contract in usual for each in draw(with_successors(contract))]
    people = [draw(called_off(package)) for package in made.packages]
    rates = [
        rate(contract.contract_id, day, draw(one_of(1999, 2500)), 2401, 2402)
        for contract in contracts
        for day in draw(mostly((), (days(-3),), (days(0), days(1)), (days(1),)))
    ]
    providers, locations = draw(with_locations(made.providers))
    contracts = [replace(each, location_id=draw(named_location(each, locations))) for each in contracts]
    return replace(
        made,
        providers=providers,
        locations=locations,
        contracts=tuple(sorted(contracts, key=attrgetter("contract_id"))),
        packages=tuple(people),
        rates=tuple(sorted(rates, key=attrgetter("rate_id"))),
        reserve_areas=tuple(sorted(draw(st.sets(st.sampled_from(AREAS))))),
        policy=replace(made.policy, rest_days=draw(one_of(0, 30, 84)), overdue_weeks=draw(one_of(0, 1, 4))),
    )


@st.composite
def with_locations(draw: st.DrawFn, providers: tuple[Provider, ...]) -> tuple[tuple[Provider, ...], tuple[Location, ...]]:
    """The providers, mostly as they are, sometimes with one or two locations and the worst of their ratings."""
    rated, locations = list[Provider](), list[Location]()
    for each in providers:
        ratings = draw(mostly((), ("good",), ("inadequate", "good"), ("not_rated", "requires_improvement")))
        own = [location(each.provider_id, rating, location_id=f"{n}-{each.provider_id}") for n, rating in enumerate(ratings)]
        rated.append(replace(each, cqc_rating=worst_of(own).cqc_rating) if own else each)
        locations += own
    return tuple(rated), tuple(sorted(locations, key=attrgetter("location_id")))


def named_location(contract: Contract, locations: tuple[Location, ...]) -> st.SearchStrategy[str]:
    """None, or one of the provider's."""
    return one_of("", *(each.location_id for each in locations if each.provider_id == contract.provider_id))


@st.composite
def with_successors(draw: st.DrawFn, contract: Contract) -> list[Contract]:
    """The contract, and mostly none, sometimes one or two that take over from it."""
    made = [contract]
    for ends, wait in draw(mostly((), ((-5, 0),), ((-5, 3), (0, 0)), ((-9, 30),), ((4, 0),))):
        before = made[-1]
        if before.starts and before.starts > days(ends):
            break
        made[-1] = replace(before, ends=days(ends))
        made.append(following(before, f"{before.contract_id}-2", days(ends + wait), max_hours_4w=contract.max_hours_4w))
    return made


@st.composite
def called_off(draw: st.DrawFn, package: Package) -> Package:
    """The package, sometimes of a service, and new ones sometimes in the bundle of their area and service."""
    service = draw(mostly("", "night"))
    bundle = f"B-{package.area_id}-{service}" if draw(mostly(False, True)) else ""
    return replace(package, service=service, bundle_id=bundle)


living_counties = living_snapshots().map(County.of)
