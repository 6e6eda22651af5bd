"""Figures per area: the room that every limit together leaves, and why a principal's share is short, in words."""

from __future__ import annotations

from typing import Any

from optimiser.allocating.story import allocate
from optimiser.domain.snapshot import Snapshot
from tests.making import area, cap, days, framework, legacy, offer, package, principal, provider, restriction, snapshot


def first_area(given: Snapshot) -> dict[str, Any]:
    return allocate(given).areas()[0]


def headroom(given: Snapshot, contract_id: str) -> tuple[str | None, str | None]:
    """The room left on a contract of the first area, and the limit that sets it."""
    (found,) = [each for each in first_area(given)["contracts"] if each["contract_id"] == contract_id]
    return found["headroom_hours_4w"], found["headroom_set_by"]


RUNNING = package("R1", hours=10, contract_id="P-ALDER")  # 40 hours per four weeks


def test_headroom_is_what_the_tightest_limit_leaves() -> None:
    contracts = [principal("ALDER", max_hours_4w=100)]
    assert headroom(snapshot([RUNNING], contracts), "P-ALDER") == ("60.00", "the contract's own maximum")
    tired = [provider("ALDER", max_hours_4w=70)]
    assert headroom(snapshot([RUNNING], contracts, providers=tired), "P-ALDER") == ("30.00", "its provider's own limit")
    capped = snapshot([RUNNING], contracts, providers=tired, restrictions=[cap("ALDER", 9)])
    assert headroom(capped, "P-ALDER") == ("9.00", "the cap on its provider's new work")


def test_a_cap_in_another_area_is_no_limit_here() -> None:
    contracts, areas = [principal("ALDER", max_hours_4w=100)], [area("A1"), area("A2")]
    elsewhere = snapshot([RUNNING], contracts, areas=areas, restrictions=[cap("ALDER", 9, area_id="A2")])
    assert headroom(elsewhere, "P-ALDER") == ("60.00", "the contract's own maximum")
    here = snapshot([RUNNING], contracts, areas=areas, restrictions=[cap("ALDER", 9, area_id="A1")])
    assert headroom(here, "P-ALDER") == ("9.00", "the cap on its provider's new work")


def test_what_an_offer_holds_is_not_free() -> None:
    held = snapshot([RUNNING, package("N1")], [principal("ALDER", max_hours_4w=100)], offers=[offer("N1", "P-ALDER")])
    assert headroom(held, "P-ALDER") == ("40.00", "the contract's own maximum")


def test_without_any_limit_there_is_no_figure() -> None:
    assert headroom(snapshot([RUNNING], [principal("ALDER")]), "P-ALDER") == (None, None)


def why_short(given: Snapshot) -> list[str]:
    found: list[str] = first_area(given)["principal"]["why_short"]
    return found


def test_the_tightest_limit_comes_first_then_each_first_obstacle() -> None:
    # D = 90 hours a week: Alder is due its maximum of 200 hours per four weeks and has 40.
    people = [
        RUNNING,
        package("R2", hours=40, contract_id="F-BRACKEN"),
        package("N1", hours=10, skills=("dementia",)),
        package("N2", hours=10, excluded_provider_ids=("ALDER",)),
        package("N3", hours=20, workers=2),
    ]
    given = snapshot(
        people,
        [principal("ALDER", max_hours_4w=200), framework("BRACKEN")],
        providers=[provider("ALDER", max_hours_4w=45)],
    )
    assert why_short(given) == [
        "Its provider's own limit leaves 5 of these 160 hours per four weeks.",
        "2 waiting packages, 120 hours per four weeks: a skill is missing (first of several).",
        "1 waiting package, 40 hours per four weeks: the person has refused it (first of several).",
        "160 hours per four weeks are running care with others, which an allocation does not move.",
        "70.0% of the area's hours is 252 hours per four weeks, above the contract's maximum of 200 hours per four weeks: its"
        " share cannot be more than 55.6%.",
    ]


def test_a_contract_smaller_than_its_share_of_the_area_is_a_reason_even_where_it_is_full() -> None:
    # D = 20 hours a week: 70% is 56 hours per four weeks, the contract holds all of its 40, which is 50%.
    people = [RUNNING, package("R2", hours=10, contract_id="L-DOCK")]
    assert why_short(snapshot(people, [principal("ALDER", max_hours_4w=40), legacy("DOCK")])) == [
        "70.0% of the area's hours is 56 hours per four weeks, above the contract's maximum of 40 hours per four weeks: its share"
        " cannot be more than 50.0%."
    ]
    # 52 of 80 hours are 65%: within the band, so that nothing falls short.
    people = [package("R1", hours=13, contract_id="P-ALDER"), package("R2", hours=7, contract_id="L-DOCK")]
    assert why_short(snapshot(people, [principal("ALDER", max_hours_4w=52), legacy("DOCK")])) == []


def test_whoever_is_barred_from_new_work_has_no_room_and_it_is_said_since_when() -> None:
    contracts = [principal("ALDER", max_hours_4w=100), legacy("DOCK", max_hours_4w=100)]
    barred = snapshot([RUNNING, package("N1")], contracts, restrictions=[restriction("ALDER", starts=days(-22))])
    assert headroom(barred, "P-ALDER") == ("0.00", "no new work since 2026-11-01")
    assert why_short(barred)[0] == "It is given none of these 5 hours per four weeks: no new work since 2026-11-01."
    elsewhere = [restriction("ALDER", area_id="A2", starts=days(-22))]
    areas = [area("A1"), area("A2")]
    assert headroom(snapshot([RUNNING], contracts, areas=areas, restrictions=elsewhere), "P-ALDER")[0] == "60.00"
    poor = [provider("ALDER", pamms_rating="poor", pamms_published=days(-3))]
    assert headroom(snapshot([RUNNING], contracts, providers=poor), "P-ALDER") == (
        "0.00",
        "no new work since 2026-11-20 (PAMMS poor)",
    )
    draft = [provider("ALDER", pamms_rating="poor", pamms_published=days(3))]
    assert headroom(snapshot([RUNNING], contracts, providers=draft), "P-ALDER")[0] == "60.00"


def test_it_is_said_where_only_some_have_several_obstacles() -> None:
    # Alder has room for 10 hours a week: enough for N1 but for its skill, too little for N2.
    people = [RUNNING, package("N1", workers=2), package("N2", hours=20, workers=2)]
    lines = why_short(snapshot(people, [principal("ALDER", max_hours_4w=80), legacy("DOCK")]))
    assert lines[0] == "The contract's own maximum leaves room for all of these 40 hours per four weeks."
    assert lines[1] == ("2 waiting packages, 100 hours per four weeks: a skill is missing (for 1 of them the first of several).")


def test_where_nothing_limits_the_principal_that_is_said() -> None:
    lines = why_short(snapshot([package("N1", workers=2)], [principal("ALDER")]))
    assert lines[0] == "No limit keeps it from these 15 hours per four weeks."
    lines = why_short(snapshot([package("N1")], [principal("ALDER")], providers=[provider("ALDER", cqc_rating="inadequate")]))
    assert lines[0] == "It is given none of these 15 hours per four weeks: no new work (CQC inadequate)."
    assert lines[1] == "1 waiting package, 20 hours per four weeks: its rating bars new work."


def test_one_hour_is_not_several() -> None:
    lines = why_short(snapshot([package("N1", hours=0.25)], [principal("ALDER")], providers=[provider("ALDER", max_hours_4w=0)]))
    assert lines[0] == "Its provider's own limit leaves none of these 0.73 hours per four weeks."
    assert lines[1] == "1 waiting package, 1 hour per four weeks: its provider's own limit leaves no room for it."
