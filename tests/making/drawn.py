"""Small random counties: three areas, five providers, eight contracts, twelve packages, and whatever may stand in the way."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import PRIORITIES, Contract, Offer, Package, Provider, Restriction
from optimiser.domain.snapshot import Snapshot
from optimiser.solving.formulation import Model
from optimiser.solving.problem import UNPLACED, IntArray
from tests.making import (
    Place,
    area,
    at,
    cap,
    contract,
    days,
    noon,
    offer,
    office,
    package,
    plan,
    provider,
    restriction,
    snapshot,
    surgery,
)

AREAS = ("A1", "A2", "A3")
PROVIDERS = ("ALDER", "BRACKEN", "CLOVER", "DOCK", "ELDER")
SKILLS = ("dementia", "double_handed", "medication")
PROTECTED = ("end_of_life", "complex_dementia", "autism", "mental_health")

# Draws lean towards the usual, so that most packages have somebody to go to. A county takes some five hundred of them: what is
# drawn from is made once and kept, since to make it takes longer than to draw.


@lru_cache(maxsize=1024, typed=True)
def one_of(*values: Any) -> st.SearchStrategy[Any]:
    """Each as often as it is named."""
    return st.sampled_from(values)


@lru_cache(maxsize=1024, typed=True)
def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value two times in three."""
    return one_of(*([usual] * 2 * len(others)), *others)


@lru_cache
def whole(least: int, most: int) -> st.SearchStrategy[int]:
    """A whole number, both ends among them."""
    return st.integers(least, most)


yes_or_no = st.booleans()


soon = mostly(None, days(-30), days(-1), days(0), days(1), days(30))
starts = mostly(None, days(-30), days(-30), days(0), days(1))
ends = mostly(None, days(30), days(30), days(1), days(0))
periods = st.tuples(starts, ends).filter(lambda period: not (period[0] and period[1]) or period[0] <= period[1])
hours_4w = mostly(None, Fraction(0), Fraction(20), Fraction("40.5"), Fraction(60), Fraction(99))
maybe_area = st.sampled_from(["", *AREAS])
somewhere = st.sampled_from([*AREAS, "A1", "A1"])


@st.composite
def places(draw: st.DrawFn) -> Place:
    """Within ten kilometres or so of Dereham, on whole hundreds of metres."""
    return at(100 * draw(whole(-100, 100)), 100 * draw(whole(-100, 100)))


somewhere_near = places()


@st.composite
def providers(draw: st.DrawFn, name: str) -> Provider:
    return provider(
        name,
        cqc_rating=draw(one_of("good", "good", "good", "good", "not_rated", "inadequate")),
        pamms_rating=draw(mostly("", "good", "poor")),
        pamms_published=draw(mostly(None, days(0), days(1))),
        skills=draw(mostly(SKILLS, SKILLS[1:], SKILLS[:1], ())),
        max_hours_4w=draw(hours_4w),
        max_distance_miles=draw(mostly(None, Fraction(2), Fraction("5.5"))),
    )


@st.composite
def contracts(draw: st.DrawFn, number: int, with_principal: set[str]) -> Contract:
    """At most one principal contract an area."""
    tier = draw(one_of("principal", "framework", "framework", "legacy"))
    where = draw(mostly("", *AREAS)) if tier == "legacy" else draw(somewhere)
    if tier == "principal" and where in with_principal:
        tier = "framework"
    if tier == "principal":
        with_principal.add(where)
    begins, stops = draw(periods)
    rates = [draw(one_of(1824, 2003, 2401, 2402)) for _ in range(3)]
    return contract(
        f"C{number}",
        draw(one_of(*PROVIDERS)),
        tier=tier,
        area_id=where,
        starts=begins,
        ends=stops,
        max_hours_4w=draw(hours_4w),
        guarantee=draw(one_of(Fraction(0), Fraction(1, 2), Fraction(4, 5))),
        rates_pence=tuple(rates),
        bands=draw(mostly((), (1,), (1, 2), (2, 3))),
    )


@st.composite
def restrictions(draw: st.DrawFn, number: int) -> Restriction:
    name, where = draw(one_of(*PROVIDERS)), draw(maybe_area)
    begins, stops = draw(periods)
    given: dict[str, Any] = {"restriction_id": f"R{number}", "area_id": where, "starts": begins, "ends": stops}
    if begins and draw(yes_or_no):
        return cap(name, draw(one_of(5, 20, 30)), **given)
    return restriction(name, **given)


@st.composite
def packages(draw: st.DrawFn, number: int, held: list[Contract]) -> Package:
    where = draw(somewhere)
    usable = [each.contract_id for each in held if each.area_id in ("", where)]
    running = bool(usable) and draw(mostly(False, True))
    return package(
        f"N{number:02}",
        draw(somewhere_near),
        hours=Fraction(draw(whole(1, 40)), 4),
        area_id=where,
        visits_per_week=draw(whole(1, 28)),
        workers=draw(mostly(1, 1, 2)),
        skills=draw(mostly((), *((skill,) for skill in SKILLS), SKILLS)),
        priority=draw(one_of(*PRIORITIES)),
        start_by=draw(soon),
        contract_id=draw(one_of(*usable)) if running else "",
        protected=draw(mostly("", *PROTECTED)),
        transfer_decision=draw(mostly("suitable", "", "not_suitable")),
        excluded_provider_ids=draw(mostly((), (), ("ALDER",), ("BRACKEN", "CLOVER"))),
        care_started=draw(soon) if running else None,
    )


@st.composite
def offers(draw: st.DrawFn, number: int, people: list[Package], held: list[Contract], accepted: set[str]) -> Offer:
    """At most one accepted offer a package."""
    person = draw(st.sampled_from([each for each in people if each.status == "new"] or people) | st.sampled_from(people))
    response = draw(one_of("", "", "declined", "declined", "expired", "accepted", "withdrawn"))
    if response == "accepted" and person.package_id in accepted:
        response = "withdrawn"
    if response == "accepted":
        accepted.add(person.package_id)
    back = draw(one_of(0, 1, 13, 14, 40))
    return offer(
        person.package_id,
        draw(st.sampled_from(held)).contract_id,
        response,
        offer_id=f"Q{number}",
        offered_at=noon(-back),
        responded_at=noon(-back) if response and draw(yes_or_no) else None,
        reason=draw(one_of("no_capacity", "cannot_meet_need", "time_of_day")) if response == "declined" else "",
    )


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """A snapshot that the reader would accept."""
    with_principal: set[str] = set()
    held = [draw(contracts(number, with_principal)) for number in range(1, 9)]
    people = [draw(packages(number, held)) for number in range(1, 13)]
    accepted: set[str] = set()
    live = st.sampled_from([days(-200), days(-200), days(-200), days(0), days(5), None])
    homes = [
        office(name, draw(somewhere_near), f"O-{name}-{number}") for name in PROVIDERS for number in range(draw(whole(1, 2)))
    ]
    return snapshot(
        people,
        held,
        providers=[draw(providers(name)) for name in PROVIDERS],
        offices=homes,
        areas=[area(name, go_live=draw(live)) for name in AREAS],
        surgeries=[surgery("S1", draw(somewhere_near)), surgery("S2", draw(somewhere_near))],
        restrictions=[draw(restrictions(number)) for number in range(draw(whole(0, 3)))],
        offers=[draw(offers(number, people, held, accepted)) for number in range(draw(whole(0, 8)))],
        overdue_factor=draw(one_of(Fraction(2), Fraction(3, 2))),
        move_pending=draw(yes_or_no),
    )


counties = snapshots().map(County.of)


@st.composite
def plans(draw: st.DrawFn, county: County) -> Plan:
    """Any plan at all: mostly everybody where they are, some people anywhere or nowhere."""
    made = plan(county)
    anywhere = st.sampled_from([None, *range(len(county.contracts))])
    for moved in draw(st.lists(st.integers(0, len(county.packages) - 1), max_size=4, unique=True)):
        made = made.with_package(moved, draw(anywhere))
    return made


@st.composite
def choices(draw: st.DrawFn, model: Model) -> IntArray:
    """Any choices that the model knows, within its limits or not."""
    problem = model.problem
    made = problem.start.copy()
    for item in range(problem.item_count):
        own = np.flatnonzero(problem.choice_item == item).tolist()
        made[item] = draw(st.sampled_from([*own, *own, UNPLACED]))
    return made
