"""A provider's figures: worked by hand for the three villages, and for offers of many answers."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from api.overview.provider_figures import provider_figures
from api.state.incremental_state import first_state
from api.state.state import State
from api.state.stored_records import EMPTY, KeptSettings, stock_of, with_written
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.talking import code
from tests.making import days, framework, legacy, noon, offer, package, provider, restriction, snapshot


def state_of(given: Snapshot) -> State:
    """A state without a database."""
    written = ((kind, each, 1, body) for kind, bodies in stock_of(given).items() for each, body in bodies.items())
    return first_state(1, with_written(EMPTY, written), given.as_of, given.title, KeptSettings.of(given))


@ON_SQLITE
def test_a_provider_today(served: Served) -> None:
    """Alder has 160 hours and an offer of 20 without an answer; it declined once, after five hours, for the time of day."""
    with served.client("quality") as client:
        alder = client.get("/v1/providers/ALDER/figures").json()
        elder = client.get("/v1/providers/ELDER/figures")
        assert client.get("/v1/providers/ELDER/figures", headers={"If-None-Match": elder.headers["etag"]}).status_code == 304
        assert code(client.get("/v1/providers/NOBODY/figures")) == (404, "not_found")
    assert (alder["people"], alder["hours_4w"], alder["held_hours_4w"], alder["own_limit"]) == (2, 160.0, 20.0, None)
    (contract,) = alder["contracts"]
    assert (contract["contract_id"], contract["area_id"], contract["headroom_hours_4w"]) == ("P-ALDER", "A1", 60.0)
    assert alder["offers"] == {
        "since": "2026-08-25",
        "made": 2,
        "accepted": 0,
        "declined": 1,
        "expired": 0,
        "withdrawn": 0,
        "waiting": 1,
        "declined_because": {"time_of_day": 1},
        "median_hours_to_answer": 5.0,
    }
    assert elder.json()["own_limit"]["max_hours_4w"] == 40.0


def test_its_own_limit_counts_care_and_offers_without_an_answer_on_all_its_contracts() -> None:
    """40 hours of 100 in four weeks run, 20 are asked for: 40 are left. An hour a week is four."""
    people = [package("R1", hours=10, contract_id="F-ALDER"), package("N1", hours=5)]
    alder = provider("ALDER", max_hours_4w=Fraction(100))
    county = snapshot(
        people, [framework("ALDER"), legacy("ALDER"), framework("BIRCH")], providers=[alder], offers=[offer("N1", "L-ALDER")]
    )
    found = provider_figures(state_of(county), "ALDER", restrictions=True)
    assert (found["people"], found["hours_4w"], found["held_hours_4w"]) == (1, 40.0, 20.0)
    assert found["own_limit"] == {"max_hours_4w": 100.0, "used_hours_4w": 60.0, "left_hours_4w": 40.0}
    assert [(each["contract_id"], each["area_id"]) for each in found["contracts"]] == [("F-ALDER", "A1"), ("L-ALDER", None)]
    assert found["weekly_cost_gbp"] == 240.0, "ten hours at £24.00"
    birch = provider_figures(state_of(county), "BIRCH", restrictions=True)
    assert (birch["people"], birch["held_hours_4w"], birch["own_limit"], birch["offers"]["made"]) == (0, 0.0, None, 0)


def test_offers_of_ninety_days_by_answer() -> None:
    """Answered after one, two and six hours: two in the middle. What was made before is not counted."""
    answers = {
        "N1": ("accepted", "", 1),
        "N2": ("declined", "too_far", 2),
        "N3": ("declined", "no_capacity", 6),
        "N4": ("expired", "", 9),
    }
    offers = [
        offer(
            package_id,
            "F-ALDER",
            response,
            reason=reason,
            offered_at=noon(-20),
            responded_at=noon(-20) + dt.timedelta(hours=after),
        )
        for package_id, (response, reason, after) in answers.items()
    ]
    before = {"offered_at": noon(-91), "responded_at": noon(-91), "reason": "too_far"}
    offers += [offer("N5", "F-ALDER"), offer("N6", "F-ALDER", "declined", **before), offer("N6", "F-BIRCH", "accepted")]
    people = [package(f"N{number}") for number in range(1, 7)]
    county = snapshot(people, [framework("ALDER"), framework("BIRCH")], offers=offers)
    found = provider_figures(state_of(county), "ALDER", restrictions=True)["offers"]
    assert (found["since"], found["made"]) == (str(days(-90)), 5)
    assert [found[each] for each in ("accepted", "declined", "expired", "withdrawn", "waiting")] == [1, 2, 1, 0, 1]
    assert found["declined_because"] == {"no_capacity": 1, "too_far": 1} and found["median_hours_to_answer"] == 2.0


def test_why_it_is_given_no_new_work_is_told_to_roles_that_read_restrictions_alone() -> None:
    county = snapshot([], [framework("ALDER")], restrictions=[restriction("ALDER", starts=days(-3))])
    (told,) = provider_figures(state_of(county), "ALDER", restrictions=True)["contracts"]
    (plain,) = provider_figures(state_of(county), "ALDER", restrictions=False)["contracts"]
    assert told["room"].startswith("none: no new work since")
    assert (plain["room"], plain["headroom_set_by"]) == ("none: not asked now", "not asked now")
