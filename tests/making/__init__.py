"""Counties for tests, all made here: record by record; drawn at random; as folders; for transfers; for weeks of rounds.

Places stand on a ruler: ``at(east, north)`` is so many metres from Dereham's market place on the national grid, so that every
distance of a test can be worked out on paper (to a hundredth of a millimetre or so).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from pyproj import Transformer

from optimiser.county import County
from optimiser.domain.person_records import Meanwhile
from optimiser.domain.plan import Plan
from optimiser.domain.policy import Policy
from optimiser.domain.records import (
    Area,
    Contract,
    Location,
    Offer,
    Office,
    Package,
    Provider,
    Rate,
    Restriction,
    Round,
    Surgery,
    Visit,
)
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.grid import TravelSource
from optimiser.judging.limit_use import entry_plan

AS_OF = dt.date(2026, 11, 23)
"""A Monday: today, in every test that does not say otherwise."""
GO_LIVE = dt.date(2026, 4, 1)

MILE = 1609.344


class Place(NamedTuple):
    """Degrees, as files have them."""

    latitude: float
    longitude: float


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(27700, 4326, always_xy=True)


def at(east: float = 0, north: float = 0) -> Place:
    """So many metres east and north of Dereham's market place (598,800 east, 313,400 north on the national grid)."""
    longitude, latitude = _to_degrees().transform(598_800 + east, 313_400 + north)
    return Place(latitude, longitude)


DEREHAM = at()
SCARNING = at(-3_000)
"""3,000 m west of Dereham: 1.86 miles, band 1."""
SWANTON = at(3_000, 4_000)
"""5,000 m from Dereham (3, 4, 5): 3.11 miles, band 2."""
FAKENHAM = at(0, 16_000)
"""16,000 m north of Dereham: 9.94 miles, band 3."""


def days(count: int) -> dt.date:
    """So many days after today (before it, when negative)."""
    return AS_OF + dt.timedelta(days=count)


def noon(count: int = 0) -> dt.datetime:
    """Noon, so many days after today."""
    return dt.datetime.combine(days(count), dt.time(12))


def area(area_id: str = "A1", **given: Any) -> Area:
    """Live since April unless told otherwise."""
    return replace(Area(area_id, f"Area {area_id}", "Mid Norfolk", GO_LIVE), **given)


def surgery(surgery_id: str = "S1", place: Place = DEREHAM, **given: Any) -> Surgery:
    """A band centre in area A1."""
    return replace(Surgery(surgery_id, f"Surgery {surgery_id}", "A1", *place, band_centre=True), **given)


def provider(provider_id: str, **given: Any) -> Provider:
    """Rated good by CQC, without skills and without limits of its own."""
    return replace(Provider(provider_id, provider_id.capitalize(), "good", "", None, (), None, None), **given)


def office(provider_id: str, place: Place = DEREHAM, office_id: str = "") -> Office:
    return Office(office_id or f"O-{provider_id}", provider_id, *place)


def location(provider_id: str, cqc_rating: str = "good", **given: Any) -> Location:
    """One that CQC has rated, on a day that is not known."""
    name = f"{provider_id.capitalize()} House"
    return replace(Location(f"1-{provider_id}", provider_id, name, cqc_rating, None), **given)


def contract(contract_id: str, provider_id: str, **given: Any) -> Contract:
    """A framework contract of area A1: open, without limit or guarantee, £24.00 an hour in every band."""
    plain = Contract(contract_id, provider_id, "framework", "A1", None, None, None, Fraction(0), (2400, 2400, 2400), (), None)
    return replace(plain, **given)


def principal(provider_id: str, **given: Any) -> Contract:
    """P-… of area A1."""
    return contract(**{"contract_id": f"P-{provider_id}", "provider_id": provider_id, "tier": "principal", **given})


def framework(provider_id: str, **given: Any) -> Contract:
    """F-… of area A1."""
    return contract(**{"contract_id": f"F-{provider_id}", "provider_id": provider_id, **given})


def legacy(provider_id: str, **given: Any) -> Contract:
    """L-…, county-wide."""
    return contract(**{"contract_id": f"L-{provider_id}", "provider_id": provider_id, "tier": "legacy", "area_id": "", **given})


def specialist(provider_id: str, **given: Any) -> Contract:
    """S-…, county-wide, for night care."""
    return legacy(provider_id, **{"contract_id": f"S-{provider_id}", "tier": "specialist", "service": "night", **given})


def reserve(provider_id: str, **given: Any) -> Contract:
    """V-…, county-wide, of last resort."""
    return legacy(provider_id, **{"contract_id": f"V-{provider_id}", "tier": "reserve", **given})


def following(before: Contract, contract_id: str, starts: dt.date, **given: Any) -> Contract:
    """The contract that takes over from another, the same in all else, with no end."""
    return replace(
        before, **{"contract_id": contract_id, "starts": starts, "ends": None, "succeeds": before.contract_id, **given}
    )


def rate(contract_id: str, starts: dt.date, *pence: int) -> Rate:
    """Prices from a day on: one for every band, or three."""
    first, second, third = pence if len(pence) == 3 else pence * 3
    return Rate(starts, contract_id, (first, second, third))


def restriction(provider_id: str, **given: Any) -> Restriction:
    """No new work, everywhere, since always and with no end."""
    return replace(Restriction(f"R-{provider_id}", provider_id, "", None, None, "no_new_work", None, ""), **given)


def cap(provider_id: str, hours_4w: Fraction | int, **given: Any) -> Restriction:
    """At most so many hours of new care, everywhere, for the last 30 days."""
    capped = {"kind": "capped", "new_hours_4w": Fraction(hours_4w), "starts": days(-30)}
    return restriction(provider_id, **{**capped, **given})


def package(package_id: str, place: Place = DEREHAM, *, hours: float | Fraction = 5, **given: Any) -> Package:
    """Five hours a week in five visits, standard, new; running where a ``contract_id`` is given."""
    plain = Package(
        package_id,
        *place,
        area_id="A1",
        status="active" if given.get("contract_id") else "new",
        minutes_per_week=int(Fraction(hours) * 60),
        visits_per_week=5,
        workers=1,
        skills=(),
        priority="standard",
        start_by=None,
        contract_id="",
        round_id="",
        protected="",
        transfer_decision="",
        excluded_provider_ids=(),
        requested_at=None,
        source="community",
        care_started=None,
    )
    return replace(plain, **given)


def offer(package_id: str, contract_id: str, response: str = "", **given: Any) -> Offer:
    """An offer made today, answered today if it has a response."""
    plain = Offer(f"Q-{package_id}-{contract_id}", package_id, contract_id, noon(), noon() if response else None, response, "")
    return replace(plain, **given)


def plan_meanwhile(package_id: str = "N1", **given: Any) -> Meanwhile:
    """How somebody who waits is safe until care begins: a plan with which all is in order for five days."""
    usual: dict[str, Any] = {
        "where": "home_alone", "holds": "a neighbour looks in", "holds_until": days(5), "carer": "none", "checked_by": "desk",
        "next_check": days(0), "recorded_at": noon(-1), "choice": "", "choice_until": None, "chosen_by": "", "approved_by": "",
        "choice_reason": "",
    }  # fmt: skip
    return Meanwhile(package_id, **(usual | given))


def snapshot(
    packages: Iterable[Package] = (),
    contracts: Iterable[Contract] = (),
    *,
    providers: Iterable[Provider] = (),
    offices: Iterable[Office] = (),
    areas: Iterable[Area] = (),
    surgeries: Iterable[Surgery] = (),
    restrictions: Iterable[Restriction] = (),
    offers: Iterable[Offer] = (),
    rates: Iterable[Rate] = (),
    locations: Iterable[Location] = (),
    reserve_areas: Iterable[str] = (),
    visits: Iterable[Visit] = (),
    rounds: Iterable[Round] = (),
    as_of: dt.date = AS_OF,
    **policy: Any,
) -> Snapshot:
    """A snapshot with what is named filled in: providers, an office in Dereham each, live areas, one band centre in Dereham.

    Further keywords are policy settings.
    """
    packages, contracts, areas = tuple(packages), tuple(contracts), tuple(areas)
    providers, offices = tuple(providers), tuple(offices)
    known = {each.provider_id for each in providers}
    providers += tuple(provider(name) for name in {each.provider_id for each in contracts} - known)
    housed = {each.provider_id for each in offices}
    offices += tuple(office(each.provider_id) for each in providers if each.provider_id not in housed)
    named = {each.area_id for each in packages} | {each.area_id for each in contracts}
    named -= {"", *(each.area_id for each in areas)}
    areas += tuple(area(name) for name in named)
    return Snapshot(
        as_of=as_of,
        title="A county for a test",
        policy=Policy(**policy),
        areas=tuple(sorted(areas, key=attrgetter("area_id"))),
        surgeries=tuple(sorted(tuple(surgeries) or (surgery(),), key=attrgetter("surgery_id"))),
        providers=tuple(sorted(providers, key=attrgetter("provider_id"))),
        offices=tuple(sorted(offices, key=attrgetter("office_id"))),
        contracts=tuple(sorted(contracts, key=attrgetter("contract_id"))),
        restrictions=tuple(sorted(restrictions, key=attrgetter("restriction_id"))),
        packages=tuple(sorted(packages, key=attrgetter("package_id"))),
        visits=tuple(sorted(visits, key=attrgetter("visit_id"))),
        rounds=tuple(sorted(rounds, key=attrgetter("round_id"))),
        offers=tuple(sorted(offers, key=attrgetter("offer_id"))),
        rates=tuple(sorted(rates, key=attrgetter("rate_id"))),
        locations=tuple(sorted(locations, key=attrgetter("location_id"))),
        reserve_areas=tuple(sorted(reserve_areas)),
    )


def county(
    packages: Iterable[Package] = (), contracts: Iterable[Contract] = (), *, travel: TravelSource | None = None, **given: Any
) -> County:
    """The county of such a snapshot."""
    return County.of(snapshot(packages, contracts, **given), travel)


def plan(county: County, places: Mapping[str, str | None] | None = None) -> Plan:
    """Everybody where they are on entry, but for the packages named: each on the contract named, or on none."""
    made = list(entry_plan(county).contracts)
    for package_id, contract_id in (places or {}).items():
        made[county.package_index[package_id]] = None if contract_id is None else county.contract_index[contract_id]
    return Plan.of(made)
