"""Small random counties that live: contracts follow each other, prices change, there are services, a reserve and bundles."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

from hypothesis import strategies as st

from optimiser.county import County
from optimiser.domain.records import Contract, Package
from optimiser.domain.snapshot import Snapshot
from tests.making import days, following, rate
from tests.making.drawn import AREAS, mostly, snapshots

KINDS: tuple[dict[str, str], ...] = ({}, {"tier": "reserve", "area_id": ""}, {"tier": "specialist", "service": "night"})


@st.composite
def living_snapshots(draw: st.DrawFn) -> Snapshot:
    """A random county with some of what lets it live."""
    made = draw(snapshots())
    usual = [replace(contract, **draw(mostly(*KINDS))) for contract in made.contracts]
    contracts = [each for contract in usual for each in draw(with_successors(contract))]
    people = [draw(called_off(package)) for package in made.packages]
    rates = [
        rate(contract.contract_id, day, draw(st.sampled_from([1999, 2500])), 2401, 2402)
        for contract in contracts
        for day in draw(mostly((), (days(-3),), (days(0), days(1)), (days(1),)))
    ]
    return replace(
        made,
        contracts=tuple(sorted(contracts, key=attrgetter("contract_id"))),
        packages=tuple(people),
        rates=tuple(sorted(rates, key=attrgetter("rate_id"))),
        reserve_areas=tuple(sorted(draw(st.sets(st.sampled_from(AREAS))))),
        policy=replace(made.policy, rest_days=draw(st.sampled_from([0, 30, 84])), overdue_weeks=draw(st.sampled_from([0, 1, 4]))),
    )


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
