"""What the report tells beside the plan, worked by hand on one small county: what is open, ends, lapses, costs, and was passed.

ALDER is paid for 20 hours in four weeks whatever it delivers and has room for one person; BRACKEN has all the room. 8, whom
BRACKEN has declined, goes to ALDER at no further cost; 2 needs dementia care, which ALDER does not have; all others find it full.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from optimiser.nightly.page import nightly_page
from optimiser.nightly.report import nightly_record
from optimiser.nightly.watch import Departures, OpenAlert, StoredAs, Watch
from optimiser.reoptimising.story import Reoptimisation, reoptimise
from tests.making import days, framework, noon, offer, package, principal, provider, snapshot
from tests.nightly.test_page import Page, rows_under

MARK = "Q7Z"
"""In every package's id, and in nothing else that is told."""


def named(short: str) -> str:
    return f"{MARK}-{short}"


PEOPLE = [
    package(named("1"), priority="urgent", requested_at=noon(-3)),
    package(named("2"), skills=("dementia",), requested_at=noon(-9)),
    package(named("3"), requested_at=noon(-2)),
    package(named("3B"), hours=1, part_of=named("3"), requested_at=noon(-2)),
    package(named("4"), requested_at=noon(-1)),
    package(named("5"), previous_contract_id="F-BRACKEN", held_until=days(7)),
    package(named("6"), previous_contract_id="F-BRACKEN", held_until=days(-1)),
    package(named("7"), previous_contract_id="F-BRACKEN", held_until=days(8)),
    package(named("8"), previous_contract_id="F-BRACKEN", held_until=days(2)),
    package(named("R"), contract_id="F-BRACKEN"),
    package(named("9"), contract_id="F-BRACKEN", held_until=days(0)),
]
OFFERS = [
    offer(named("4"), "F-BRACKEN"),
    offer(named("R"), "P-ALDER"),
    offer(named("8"), "F-BRACKEN", "declined", reason="no_capacity"),
]
ALERTS = (
    OpenAlert(named("R"), "offer_expired", "The provider has not answered.", noon(-6)),
    OpenAlert(named("gone"), "move_is_off", "A move is off.", noon(-7)),
    OpenAlert(named("1"), "no_plan", "It is not recorded.", noon(-2), turn=1),
    OpenAlert(named("1"), "check_overdue", "Nobody checked.", noon(-1), turn=1),
    OpenAlert("elsewhere", "check_overdue", "Nobody checked.", noon(-1), turn=1),
)
ANSWER_BY = {
    f"Q-{named('4')}-F-BRACKEN": dt.datetime.combine(days(1), dt.time(23, 59)),
    f"Q-{named('R')}-P-ALDER": dt.datetime.combine(days(0), dt.time(8)),
}
FAILURE = {
    "names": ["Alder"],
    "people": 4,
    "hours_per_week": "20.00",
    "unplaced_hours_per_week": "5.00",
    "hours_to_first_lost_visit": "7.50",
    "more_weekly_cost_of_placed_gbp": "-3.50",
    "unplaced": {"urgent": {"people": 1}, "standard": {"people": 2}},
    "areas": [{"name": "Area A1", "breaks": True}, {"name": "Area A2", "breaks": False}],
}
STRESS = {
    "as_of": str(days(-1)),
    "complete": True,
    "failures": [FAILURE] * 12,
    "two_together": [FAILURE | {"names": ["Alder", "Bracken"]}],
    "not_in_the_data": "People who pay themselves are not in this data.",
}


def day(back: int, unmet: int, share: str | None = "0.5000", **more: int) -> Mapping[str, Any]:
    """A day with so many unmet people of one area, and so many by a group."""
    row = {"unmet": unmet, "unmet_hours_per_week": f"{5 * unmet}.00", "median_days_waited": back or None}
    groups = [row | {"group": name, "unmet": count} for name, count in more.items()]
    return {
        "day": str(days(-back)),
        "county": [row | {"group": "county"}],
        "area": [row | {"group": "A1", "principal_share": share, "declines": back}],
        "workers": groups,
    }


TREND = (day(364, 9, share=None), day(30, 4, one=1), day(27, 8, one=2), day(0, 6, one=3, two=3))
WATCH = Watch(ALERTS, ANSWER_BY, STRESS, TREND)
STORED = StoredAs("5f0c1d2e3b4a59687786a5b4c3d2e1f0", "2f" * 32)


@pytest.fixture(scope="module")
def made() -> Reoptimisation:
    contracts = [principal("ALDER", max_hours_4w=Fraction(20), guarantee=Fraction(1)), framework("BRACKEN")]
    skilled = [provider("BRACKEN", skills=("dementia",))]
    return reoptimise(snapshot(PEOPLE, contracts, providers=skilled, offers=OFFERS))


def record_of(made: Reoptimisation, *, ids: bool = False, watch: Watch | None = WATCH, **given: Any) -> dict[str, Any]:
    return nightly_record(made, None, ids=ids, ahead_days=90, watch=watch, stored=STORED, **given)


def who(rows: list[dict[str, Any]]) -> list[str]:
    return [each["package_id"].removeprefix(f"{MARK}-") for each in rows]


def test_an_alert_is_told_once_and_whoever_may_not_be_safe_comes_first(made: Reoptimisation) -> None:
    record = record_of(made, ids=True)
    assert who(record["alerts"]) == ["1", "elsewhere", "gone", "R"]
    assert [(each["since"], each["days_open"], each["area_id"]) for each in record["alerts"]] == [
        ("2026-11-22 12:00", 1, "A1"), ("2026-11-22 12:00", 1, ""), ("2026-11-16 12:00", 7, ""), ("2026-11-17 12:00", 6, "A1"),
    ]  # fmt: skip
    assert record["alerts_told_above"] == 1, "the first table says that 1 has no plan, and of no check"


def test_hours_that_are_kept_are_told_when_their_day_comes(made: Reoptimisation) -> None:
    """8 is no hold: its earlier provider has declined. 7 is a day too far off. 9 is in hospital, its care not asked for anew."""
    record = record_of(made, ids=True)
    assert [(each["package_id"][-1], each["in_days"], each["contract_id"]) for each in record["holds"]] == [
        ("6", -1, "F-BRACKEN"), ("9", 0, "F-BRACKEN"), ("5", 7, "F-BRACKEN"),
    ]  # fmt: skip
    assert who(record_of(made, ids=True, holds_days=8)["holds"]) == ["6", "9", "5", "7"]


def test_offers_are_told_by_whole_days_and_a_folder_knows_no_times(made: Reoptimisation) -> None:
    record = record_of(made, ids=True)
    assert [(each["package_id"][-1], each["answer_by"], each["move"]) for each in record["offers_lapsing"]] == [
        ("R", "2026-11-23 08:00", True), ("4", "2026-11-24 23:59", False),
    ]  # fmt: skip
    assert who(record_of(made, ids=True, offers_days=0)["offers_lapsing"]) == ["R"]
    assert record_of(made, watch=None)["offers_lapsing"] == []


def test_what_a_step_costs_is_told_to_the_penny_and_guaranteed_hours_cost_nothing(made: Reoptimisation) -> None:
    """£24 an hour: nothing for 8's five hours, which are paid anyway; £120 for five with BRACKEN, £24 for one."""
    record = record_of(made, ids=True)
    placed = {each["step"]: each["package_id"] for each in record["changes"]}
    costs = {placed[each["step"]].removeprefix(f"{MARK}-"): each["more_weekly_gbp"] for each in record["costs"]}
    assert costs == {"8": "0.00", "3B": "24.00"} | dict.fromkeys(("1", "2", "3", "5", "6", "7"), "120.00")
    so_far = [Fraction(each["more_weekly_gbp_so_far"]) for each in record["costs"]]
    assert so_far[-1] == sum(Fraction(each["more_weekly_gbp"]) for each in record["costs"])
    assert {(each["placed_people"], each["moved_people"]) for each in record["costs"]} == {(1, 0)}
    lines = {
        row[1].removeprefix(f"{MARK}-"): row[-2:] for row in rows_under(nightly_page(record).decode(), "Changes worth making")
    }
    assert {name: more for name, (more, _) in lines.items()} == {name: f"+£{pounds}" for name, pounds in costs.items()} | {
        "8": "£0.00"
    }
    assert [*lines.values()][-1][1] == f"+£{so_far[-1]}.00"


def test_who_was_passed_is_told_with_the_rules_words_and_no_private_rule(made: Reoptimisation) -> None:
    record = record_of(made, ids=True)
    passed = {each["package_id"].removeprefix(f"{MARK}-"): each for each in record["cascades"]}
    assert (passed["8"]["place"], passed["8"]["passed"]) == (1, [])
    full = "Contract P-ALDER would hold 40 hours per four weeks of at most 20 hours per four weeks."
    assert (passed["3"]["place"], passed["3"]["passed"]) == (
        2, [{"provider": "Alder", "contract_id": "P-ALDER", "tier": "principal", "why": [full]}],
    )  # fmt: skip
    assert passed["2"]["passed"][0]["why"] == ["A rule about the person does not allow it.", full]
    assert "dementia" not in nightly_page(record).decode().partition("Who comes last")[0]


def test_the_last_failures_kept_are_shown_with_their_day(made: Reoptimisation) -> None:
    found = record_of(made)["resilience"]
    assert (found["as_of"], found["days_ago"], found["tried"], len(found["failures"])) == (str(days(-1)), 1, 12, 10)
    assert (found["failures"][0]["unplaced_people"], found["failures"][0]["areas_that_break"]) == (3, ["Area A1"])
    page = nightly_page(record_of(made)).decode()
    assert "Tried on the county of 2026-11-22, yesterday: 12 providers" in page
    assert rows_under(page, "If a provider stopped")[-1][0] == "Alder and Bracken"
    assert rows_under(page, "If a provider stopped")[0][-1] == "−£3.50"
    assert record_of(made, watch=Watch())["resilience"] is None


def test_a_trend_compares_with_the_last_day_kept_by_then(made: Reoptimisation) -> None:
    found = record_of(made)["trend"]
    assert found["compared_with"] == {
        "today": str(days(0)), "four_weeks_before": str(days(-30)), "a_year_before": str(days(-364)),
    }  # fmt: skip
    (area,) = found["areas"]
    assert (area["name"], area["today"]["unmet"], area["four_weeks_before"]["unmet"]) == ("Area A1", 6, 4)
    assert (area["a_year_before"]["unmet"], area["a_year_before"]["principal_share"]) == (9, None)
    then = {each["group"]: [each[name] and each[name]["unmet"] for name in found["compared_with"]] for each in found["groups"]}
    assert then == {"county": [6, 4, 9], "one": [3, 1, None], "two": [3, None, None]}
    page = nightly_page(record_of(made)).decode()
    assert 'points="0,0 550,67 555,14 600,40"' in page, "364 days are 600 wide, nine people 120 high"
    assert "at most 9, at least 4</title>" in page


def test_every_section_can_be_read_by_ear_and_names_nobody(made: Reoptimisation) -> None:
    text = nightly_page(record_of(made)).decode()
    page = Page(text)
    assert page.open == []
    for table in page.tables:
        assert table["caption"] == 1
        assert table["row"] == table["tr"] - 1 > 0
    titles = {attributes.get("id") for attributes in page.of("title")}
    assert all(svg["role"] == "img" and svg["aria-labelledby"] in titles for svg in page.of("svg"))
    known = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(known) == len(set(known))
    assert not re.search(r"https?:|src=|@import|url\(|<script", text)
    assert MARK not in text
    assert STORED.run_id in text
    assert STORED.plan_digest in text


def test_of_a_folder_nothing_is_told_that_it_does_not_know(made: Reoptimisation) -> None:
    page = nightly_page(nightly_record(made, None, ids=False, ahead_days=90)).decode()
    for heading in ("Open alerts", "Offers to be answered", "How it has gone", "If a provider stopped", "kept in the service"):
        assert heading not in page
    assert "Hours kept for somebody" in page


TABLES = ("not_safe", "alerts", "holds", "offers_lapsing", "past_their_date", "to_decide", "changes", "cascades", "waiting")


def test_people_bear_the_same_number_in_every_table(made: Reoptimisation) -> None:
    """Ten packages and three people who are in none: 3 and 3B are parts of one person's care."""
    record = record_of(made, ids=True, nights={named("2"): 99})
    numbers: dict[str, set[int]] = {}
    for table in TABLES:
        assert record[table] or table == "past_their_date", table
        for row in record[table]:
            numbers.setdefault(row["package_id"].replace("3B", "3"), set()).add(row["person"])
    assert all(len(each) == 1 for each in numbers.values())
    assert sorted(number for each in numbers.values() for number in each) == list(range(1, len(numbers) + 1))
    without = record_of(made, nights={named("2"): 99})
    assert [[row["person"] for row in without[table]] for table in TABLES] == [
        [row["person"] for row in record[table]] for table in TABLES
    ], "and the same where packages are not named"
    page = nightly_page(without).decode()
    passed = rows_under(page, "Who would be asked before, and why not")
    steps = {row[0]: row[1] for row in rows_under(page, "Changes worth making")}
    assert passed and all(step in steps and steps[step] == person for step, person, *_ in passed)


def test_how_often_people_departed_from_the_cascades_order_is_told(made: Reoptimisation) -> None:
    assert record_of(made)["departures"] is None
    told = record_of(made, watch=replace(WATCH, departures=Departures(28, 40, 3, 5, 2)))
    assert told["departures"] == {"days": 28, "offers": 40, "out_of_order": 3, "by_run": 5, "by_service": 2}
    words = " ".join(nightly_page(told).decode().split())
    assert "In the last 28 days 40 offers were made: 3 out of the cascade's order" in html.unescape(words)
    none = record_of(made, watch=replace(WATCH, departures=Departures(28, 0, 0, 0, 0)))
    assert "offers were made" not in nightly_page(none).decode()
