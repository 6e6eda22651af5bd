"""The tables of care that has just begun, worked by hand: as at midnight, and what comes due in the course of the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimiser.domain.dates import instant_of
from optimiser.judging.first_visits import FirstVisit, confirm_by
from optimiser.nightly.newly_begun import NOTHING_KNOWN, FirstDays, newly_begun_in_words
from optimiser.nightly.page import nightly_page
from optimiser.nightly.report import nightly_record
from optimiser.nightly.watch import OpenAlert, Watch
from optimiser.reoptimising.story import Reoptimisation, reoptimise
from tests.making import AS_OF, days, package, principal, snapshot, specialist

MARK = "Q7Z"


def at(day: int, hour: int) -> dt.datetime:
    """On the wall clock."""
    return dt.datetime.combine(days(day), dt.time(hour))


@pytest.fixture(scope="module")
def made() -> Reoptimisation:
    enhanced: dict[str, Any] = {"contract_id": "S-DOCK", "service": "enhanced_home_support", "care_started": days(-9)}
    people = [
        package(f"{MARK}-1", **enhanced, first_visit_at=at(-1, 8)),  # asked at 8 today
        package(f"{MARK}-2", **enhanced, first_visit_at=at(-3, 12)),  # alerted at 6 today, runs on from 12
        package(f"{MARK}-3", **enhanced),  # runs on since six days ago
        package(f"{MARK}-4", contract_id="P-ALDER", priority="urgent"),
    ]
    return reoptimise(snapshot(people, [principal("ALDER"), specialist("DOCK", service="enhanced_home_support")]))


def record_of(made: Reoptimisation, known: FirstDays, *, ids: bool = True) -> dict[str, Any]:
    return nightly_record(made, None, ids=ids, ahead_days=90, first_days=known)


def test_enhanced_home_support_stands_with_what_comes_due_today(made: Reoptimisation) -> None:
    record = record_of(made, NOTHING_KNOWN)
    rows = record["enhanced_support"]
    assert [(each["package_id"][-1], each["runs_on"], each["kinds"]) for each in rows] == [
        ("3", True, ["support_runs_on", "care_still_needed"]),
        ("2", False, ["care_still_needed"]),
        ("1", False, []),
    ]
    assert [each["today"] for each in rows] == [
        [],
        ["The support was for up to 12:00 on 23 November 2026; what runs on since is not decided."],
        ["Is care still needed? Asked since 8:00 on 23 November 2026."],
    ]
    assert newly_begun_in_words(record) == (
        "First visits not confirmed: 0, late 0. Enhanced home support: 3, running on and not decided 1."
    )


def test_what_comes_due_at_midnight_comes_due_tomorrow() -> None:
    """Without a first visit all is counted from midnight: asked at the start of the second day and the third, alerted at 18:00 on
    the third, and only the fourth day is not decided."""
    enhanced: dict[str, Any] = {"contract_id": "S-DOCK", "service": "enhanced_home_support"}
    people = [package(f"{MARK}-{back}", **enhanced, care_started=days(-back)) for back in (0, 2, 3)]
    here = reoptimise(snapshot(people, [specialist("DOCK", service="enhanced_home_support")]))
    told = {each["package_id"][-1]: (each["kinds"], each["today"]) for each in record_of(here, NOTHING_KNOWN)["enhanced_support"]}
    assert told == {
        "0": ([], []),
        "2": (["care_still_needed"], ["The support ends at 0:00 on 24 November 2026."]),
        "3": (["support_runs_on", "care_still_needed"], []),
    }


def test_whoever_waits_for_care_after_the_support_is_the_same_person_in_every_table() -> None:
    """8 is the onward request of 2, in two parts; nothing in a folder says so."""
    enhanced: dict[str, Any] = {"contract_id": "S-DOCK", "service": "enhanced_home_support", "care_started": days(-2)}
    people = [
        package(f"{MARK}-1", **enhanced, first_visit_at=at(-2, 9)),
        package(f"{MARK}-2", **enhanced),
        package(f"{MARK}-8"),
        package(f"{MARK}-8B", part_of=f"{MARK}-8"),
        package(f"{MARK}-9"),
    ]
    here = reoptimise(snapshot(people, [specialist("DOCK", service="enhanced_home_support")]))
    for onward_of, numbers in (({f"{MARK}-8": f"{MARK}-2"}, [1, 1, 3]), ({}, [3, 3, 4])):
        record = record_of(here, FirstDays(onward_of=onward_of))
        told = {each["package_id"]: each["person"] for each in (*record["enhanced_support"], *record["waiting"])}
        assert [told[f"{MARK}-{each}"] for each in ("2", "1", "8", "8B", "9")] == [1, 2, *numbers]
        assert {each["package_id"]: each["person"] for each in record["not_safe"]}.items() <= told.items()


def test_an_answer_that_the_service_knows_is_one(made: Reoptimisation) -> None:
    known = FirstDays(answered_at={f"{MARK}-2": instant_of(at(-1, 13))})
    assert [each["kinds"] for each in record_of(made, known)["enhanced_support"]] == [
        ["support_runs_on", "care_still_needed"], [], [],
    ]  # fmt: skip


def test_a_first_visit_that_nobody_has_confirmed_is_named_before_all_else(made: Reoptimisation) -> None:
    due = instant_of(at(-1, 9))
    late = FirstVisit(f"{MARK}-4", "ALDER", "moved", due, confirm_by(due, 4))
    today = FirstVisit(f"{MARK}-1", "DOCK", "started", instant_of(at(0, 9)), confirm_by(instant_of(at(0, 9)), 4))
    record = record_of(made, FirstDays([late, today]))
    rows = record["first_visits_not_confirmed"]
    assert rows[0] == {
        "person": 1,
        "package_id": f"{MARK}-4",
        "priority": "urgent",
        "area_id": "A1",
        "provider": "Alder",
        "why": "moved",
        "due_at": f"{days(-1)}T09:00:00",
        "due": "9:00 on 22 November 2026",
        "late": True,
    }
    assert not rows[1]["late"]
    page = nightly_page(record).decode()
    first, safe = page.index("First visits that nobody has confirmed"), page.index("Not safe until care begins")
    assert first < page.index("9:00 on 22 November 2026: late") < page.index("Enhanced home support</h2>") < safe
    assert MARK not in nightly_page(record_of(made, FirstDays([late, today]), ids=False)).decode()


def test_an_alert_of_which_these_tables_tell_is_not_told_again_below(made: Reoptimisation) -> None:
    """4's first visit is late and alerted; 1 has support, as made above, that runs on. What they do not tell stays an alert."""
    due = instant_of(at(-1, 9))
    late = FirstVisit(f"{MARK}-4", "ALDER", "moved", due, confirm_by(due, 4))
    runs_on = next(each["package_id"] for each in record_of(made, FirstDays())["enhanced_support"] if each["runs_on"])
    alerts = [
        OpenAlert(f"{MARK}-4", "first_visit_not_confirmed", "A first visit was due.", at(-1, 13)),
        OpenAlert(runs_on, "support_runs_on", "It runs on.", at(-1, 14)),
        OpenAlert(f"{MARK}-4", "move_is_off", "A move is off.", at(-1, 15)),
        OpenAlert(runs_on, "support_ends_soon", "It is about to end.", at(-1, 8)),
    ]
    told = nightly_record(made, None, ids=True, ahead_days=90, first_days=FirstDays([late]), watch=Watch(alerts))
    assert [(each["package_id"], each["kind"]) for each in told["alerts"]] == [
        (runs_on, "support_ends_soon"), (f"{MARK}-4", "move_is_off"),
    ]  # fmt: skip
    assert told["alerts_told_above"] == 2


def test_where_nobody_is_nothing_is_said_and_facts_are_what_they_were() -> None:
    plain = nightly_record(
        reoptimise(snapshot([package("R1", contract_id="P-ALDER")], [principal("ALDER")])), None, ids=True, ahead_days=9
    )
    assert (plain["first_visits_not_confirmed"], plain["enhanced_support"], newly_begun_in_words(plain)) == ([], [], "")
    assert "Enhanced home support" not in nightly_page(plain).decode()
    assert NOTHING_KNOWN.texts() == {}
    assert str(AS_OF) == plain["as_of"]
