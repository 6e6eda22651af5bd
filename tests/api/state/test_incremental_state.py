"""A state that follows another one is the state that its records alone give, whatever was worked out before and for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.cascade.answers import cascade_body
from api.clock import Clock
from api.offers.eligibility import candidates, in_turn
from api.offers.lapsing import alerts_due, lapses
from api.overview.answers import area_bodies
from api.settings import Settings
from api.state.incremental_state import first_state, with_bodies
from api.state.state import LARGEST, Memory, State
from api.state.stored_records import Body, KeptSettings
from optimiser.domain.person_records import GIVEN_BY
from optimiser.domain.records import Offer
from optimiser.domain.snapshot import Snapshot
from optimiser.io.record_cells import cells_of
from tests.api.cascade.test_cascade import state_of
from tests.making import AS_OF, days, framework, legacy, noon, offer, package, principal, restriction, snapshot
from tests.making.drawn import snapshots

Bodies = dict[tuple[str, str], Body | None]
OF_RECORDS = ("contract", "end", "succeed", "award", "provider", "rate", "office", "restrict", "surgery", "area")
KINDS = (*["ask"] * 4, *["answer"] * 4, *["say"] * 3, "person", "remove", "package", *OF_RECORDS, "alert")
"""What happens, the usual more often."""
PLAIN = Settings()
CLOCKED = Settings(as_of=AS_OF), Settings(as_of=AS_OF, closed_reserve_offers="withdrawn")
ANSWERS = ("accepted", "accepted", "declined", "expired", "withdrawn")


@pytest.fixture(autouse=True, scope="module")
def one_moment() -> Iterator[None]:
    """Two looks at the same records are at the same second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clock, "instant", lambda _: dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC))
        yield


def fresh(state: State) -> State:
    """The same records, everything worked out anew."""
    return first_state(state.version, state.stock, state.as_of, state.snapshot.title, KeptSettings.of(state.snapshot))


def assert_same(state: State, alone: State) -> None:
    assert state.snapshot == alone.snapshot
    for name, fact in vars(alone.county).items():
        if isinstance(fact, np.ndarray):
            assert np.array_equal(fact, getattr(state.county, name)), name
    assert state.county.offers_in_force == alone.county.offers_in_force
    assert (state.entry, state.holds, state.usage) == (alone.entry, alone.holds, alone.usage)
    assert state.standing_levels == alone.standing_levels
    assert state.cascade.minutes == alone.cascade.minutes
    assert state.guaranteed == alone.guaranteed
    assert area_bodies(state, restrictions=True) == area_bodies(alone, restrictions=True)
    assert (state.likely_typos, state.typos) == (alone.likely_typos, alone.typos)
    for index, person in enumerate(state.county.packages):
        found = candidates(state, index)
        assert found == candidates(alone, index), person.package_id
        contracts = range(len(state.county.contracts))
        assert in_turn(state, index, reversed(contracts)) == [each.place.contract for each in found], person.package_id
        assert cascade_body(state, person.package_id, PLAIN) == cascade_body(alone, person.package_id, PLAIN)
    assert looked_at(state) == looked_at(alone)


def looked_at(state: State) -> list[object]:
    """What is looked for at every change: which offers are over, whose turn has come, and what is to be alerted."""
    lapsed = [list(lapses(state, settings, believed=believed)) for settings in CLOCKED for believed in (True, False)]
    return [lapsed, *(list(alerts_due(state, CLOCKED[0], everybody=every, believed=True)) for every in (True, False))]


@st.composite
def changes(draw: st.DrawFn, state: State) -> Bodies:
    """Something that a planner, the clock or an officer does."""
    known = sorted(state.stock["offers"])
    kind = draw(st.sampled_from(KINDS), label="kind")
    if kind == "ask":
        made = _asked(draw, state, f"O{state.version}")
        expires = {"expires_at": f"{noon(draw(st.integers(-1, 1))).isoformat()}+00:00"} if draw(st.booleans()) else {}
        return {("offers", made.offer_id): dict(cells_of("offers", made)) | expires}
    if kind == "say" and known:
        name = draw(st.sampled_from(known))
        said = {"answer": draw(st.sampled_from(["yes", "later", "part"])), "said_at": f"{noon().isoformat()}"}
        from_day = {"from_day": days(3).isoformat()} if said["answer"] == "later" else {}
        return {("offers", name): state.stock["offers"][name].body | {"said": said | from_day}}
    if kind == "person":
        package_id, provider_id = (draw(st.sampled_from(sorted(state.stock[of]))) for of in ("packages", "providers"))
        said = {"answer_id": f"W{state.version}", "package_id": package_id, "provider_id": provider_id}
        told = {"answer": draw(st.sampled_from(["yes", "no"])), "answered_at": noon().isoformat(), "given_by": GIVEN_BY[0]}
        return {("answers", f"W{state.version}"): said | told}
    if kind in ("answer", "remove") and known:
        name = draw(st.sampled_from(known))
        said = {"response": draw(st.sampled_from(ANSWERS)), "responded_at": noon(-draw(st.integers(0, 20))).isoformat()}
        return {("offers", name): None if kind == "remove" else state.stock["offers"][name].body | said}
    if kind == "package":
        name = draw(st.sampled_from(sorted(state.stock["packages"])))
        later = {"held_until": days(draw(st.integers(-3, 9))).isoformat()} if draw(st.booleans()) else {"priority": "urgent"}
        return {("packages", name): state.stock["packages"][name].body | later}
    if kind in OF_RECORDS:
        return _of_records(draw, state, kind)
    return {("alerts", "A"): {"alert_id": "A", "at": str(state.version)}}


def _of_records(draw: st.DrawFn, state: State, kind: str) -> Bodies:
    """What contract officers and quality officers do."""

    def some(of: str) -> tuple[str, Body]:
        name = draw(st.sampled_from(sorted(state.stock[of])), label=of)
        return name, state.stock[of][name].body

    contract_id, contract = some("contracts")
    provider_id, provider = some("providers")
    number = draw(st.integers(0, 99), label="number")
    after = f"{contract_id}-{state.version}"
    started = {"starts": str(days(-1)), "ends": "", "succeeds": contract_id, "max_hours_4w": str(number)}
    price = {
        "contract_id": contract_id,
        "starts": str(days(number - 50)),
        "rate_band_1": "31",
        "rate_band_2": "",
        "rate_band_3": "",
    }
    barred = restriction(provider_id, area_id=draw(st.sampled_from(["", *sorted(state.stock["areas"])])))
    office_id, office = some("offices")
    surgery_id, surgery = some("surgeries")
    area_id, area = some("areas")
    made: dict[str, Bodies] = {
        "contract": {("contracts", contract_id): contract | {"max_hours_4w": str(number)}},
        "end": {("contracts", contract_id): contract | {"ends": str(days(number - 50))}},
        "succeed": {
            ("contracts", contract_id): contract | {"ends": str(days(-1))},
            ("contracts", after): contract | started | {"contract_id": after},
        },
        "award": {("contracts", after): contract | {"contract_id": after, "tier": "legacy", "area_id": "", "succeeds": ""}},
        "provider": {
            ("providers", provider_id): provider | {"max_hours_4w": str(number), "skills": ("", "dementia")[number % 2]}
        },
        "rate": {("rates", f"{contract_id} {price['starts']}"): price},
        "office": {("offices", office_id): office | {"latitude": f"52.6{number:02}"}},
        "restrict": {("restrictions", barred.restriction_id): dict(cells_of("restrictions", barred))},
        "surgery": {("surgeries", surgery_id): surgery | {"latitude": f"52.6{number:02}"}},
        "area": {("areas", area_id): area | {"go_live": str(days(number - 50))}},
    }
    return made[kind]


def _asked(draw: st.DrawFn, state: State, name: str) -> Offer:
    package_id = draw(st.sampled_from(sorted(state.stock["packages"])))
    return offer(package_id, draw(st.sampled_from(sorted(state.stock["contracts"]))), offer_id=name)


def legal(state: State) -> bool:
    """Two acceptances of one package are a fault that the service never lets in."""
    accepted = [each.package_id for each in state.snapshot.offers if each.response == "accepted"]
    return len(accepted) == len(set(accepted))


@settings(max_examples=70, deadline=None)
@given(snapshots(), st.data())
def test_a_state_that_follows_is_the_state_that_its_records_give(start: Snapshot, data: st.DataObject) -> None:
    """Changes that were given up on the way (a refused request) leave nothing behind in what is kept."""
    state = state_of(start)
    for _ in range(data.draw(st.integers(1, 8), label="changes")):
        for index in data.draw(
            st.lists(st.integers(0, len(state.county.packages) - 1), min_size=1, max_size=4), label="read before"
        ):
            cascade_body(state, state.county.packages[index].package_id, PLAIN)
        after = with_bodies(state, data.draw(changes(state), label="change"))
        if data.draw(st.booleans(), label="looked at"):
            candidates(after, 0)
            looked_at(after)
        if legal(after) and data.draw(st.sampled_from([True, True, False]), label="kept"):
            state = after
    assert_same(state, fresh(state))


def beginning() -> State:
    contracts = [principal("ALDER", max_hours_4w=Fraction(40)), framework("BRACKEN"), legacy("DOCK"), legacy("ALDER")]
    return state_of(snapshot([package("N1"), package("N2"), package("R1", contract_id="F-BRACKEN")], contracts))


def asked(state: State, *pairs: tuple[str, str]) -> State:
    made = [offer(*pair) for pair in pairs]
    return with_bodies(state, {("offers", each.offer_id): dict(cells_of("offers", each)) for each in made})


def by_contract(state: State, package: int) -> dict[str, Any]:
    return {state.county.contracts[each.place.contract].contract_id: each for each in candidates(state, package)}


def test_what_an_offer_leaves_alone_is_not_judged_again() -> None:
    """N1 asks the principal: what N2 would meet there changes; its other candidates are the very same objects."""
    state = beginning()
    before = by_contract(state, 1)
    after = by_contract(asked(state, ("N1", "P-ALDER")), 1)
    assert {name for name in after if after[name] is not before[name]} == {"P-ALDER"}
    told = after["P-ALDER"].limits[0][0]
    assert (before["P-ALDER"].limits[0][0].measured, told.measured) == (5 * 60, 10 * 60)


def test_an_offer_moves_nobody_and_measures_nothing() -> None:
    state = beginning()
    state.county.base_metres, state.usage, state.cascade  # noqa: B018 (worked out once)
    after = asked(state, ("N1", "P-ALDER"))
    assert after.county.base_metres is state.county.base_metres
    assert after.entry is state.entry
    assert {"usage", "cascade"} <= vars(after).keys()
    assert after.memory is state.memory


def test_of_a_change_of_one_provider_the_others_are_not_judged_again() -> None:
    """ALDER has the principal contract, to whose area BRACKEN's belongs, and a legacy one; DOCK's stands alone."""
    state = beginning()
    before = by_contract(state, 1)
    body = state.stock["contracts"]["L-ALDER"].body | {"max_hours_4w": "20"}
    after = by_contract(with_bodies(state, {("contracts", "L-ALDER"): body}), 1)
    assert {name for name in after if after[name] is before[name]} == {"L-DOCK"}
    assert by_contract(state, 1)["L-ALDER"] is before["L-ALDER"], "whoever reads the county as it was is told of it so"


@pytest.mark.parametrize("kind", ["packages", "areas", "surgeries"])
def test_a_change_of_what_others_rest_on_forgets_all_that_was_kept(kind: str) -> None:
    state = beginning()
    before = by_contract(state, 1)
    name, changed = {
        "packages": ("N1", {"priority": "urgent"}),
        "areas": ("A1", {"name": "A"}),
        "surgeries": ("S1", {"name": "S"}),
    }[kind]
    after = by_contract(with_bodies(state, {(kind, name): state.stock[kind][name].body | changed}), 1)
    assert not any(after[each] is before[each] for each in after)


class Noted(list[str]):
    """Something to be kept."""

    def without(self, contracts: Collection[int]) -> Noted:
        assert contracts
        return Noted()


def test_the_memory_keeps_the_packages_asked_about_last() -> None:
    memory = Memory()
    kept = memory.of(Noted, 0)
    for number in range(1, LARGEST):
        memory.of(Noted, number)
    assert memory.of(Noted, 0) is kept  # and so is the one asked about last
    memory.of(Noted, LARGEST)
    assert memory.of(Noted, 0) is kept
    memory.of(Noted, 1).append("new")  # 1 was the oldest: it went, and comes back empty
    assert memory.of(Noted, 1) == ["new"]
    assert memory.without([3]).of(Noted, 1) == []
