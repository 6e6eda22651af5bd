"""One area in words and lines: worked by hand for the three villages, and what a viewer is not shown of it."""

from __future__ import annotations

from typing import Any

from api.pages.areas.history import csv_rows, history_of
from api.storage.database import writing
from api.trends.kept_days import keep_day
from tests.api.conftest import Served
from tests.api.pages.reading import Browser
from tests.api.pages.test_areas import rows_of

RANGE = (0.65, 0.7, 0.75)


def test_an_area_as_a_planner_reads_it(planner: Browser) -> None:
    """Alder has 160 of 400 hours and room for 60 more; Bracken and Clover are the framework."""
    page = planner.read("/areas/A1")
    assert page.said("h1") == ["Larkmere and Villages"]
    assert "Its principal has 40.0% of the hours. Below the wanted range. Fewer than three framework providers" in page.words
    facts = dict(zip(page.said("dt"), page.said("dd"), strict=True))
    assert (facts["Went live"], facts["People"], facts["Hours in four weeks"]) == ("1 April 2026", "12", "400 h")
    assert (facts["Guarantee used"], facts["Declines in 28 days while the guarantee is not used up"]) == ("83%", "1")
    parts = {row[0]: row[1:] for row in page.rows[1:6]}
    assert parts["With the principal"] == ["People 2", "Hours in four weeks 160 h"]
    assert parts["Waiting, nobody asked"][0] == "People 6"
    alder = next(row for row in page.rows if row[0].startswith("1 Alder Home Care Principal, from 1 April 2026 to 31 March 2032"))
    assert alder[1:4] == ["People 2", "Hours in four weeks 160 h", "Share 40.0%"]
    assert alder[4] == "Room in four weeks 60 h, by the contract's own maximum" and alder[5] == "Guarantee used 83%"
    assert any(said.startswith("The contract's own maximum leaves 60 of these") for said in page.said("li"))
    assert page.said("svg text")[:3] == ["1", "2", "3"], "the offices of its three providers"
    assert "Centres in the area: Larkmere Surgery" in page.words
    assert "/providers/ALDER" in [each["href"] for each in page.all("a")]
    heads, first, *_ = rows_of(planner.get("/areas/A1/contracts.csv"))
    assert dict(zip(heads, first, strict=True))["provider"] == "Alder Home Care"
    assert planner.read("/areas/A9", 404).said("h1") == ["Page not found"]


def test_a_viewer_reads_no_contract_no_reason_and_no_small_count(villages: Served, nobody: Browser) -> None:
    page = nobody.signed_in(villages.key("viewer")).read("/areas/A1")
    assert "Alder" not in page.words and "Contracts" not in page.said("h2") and "Why it is short of its share" not in page.words
    facts = dict(zip(page.said("dt"), page.said("dd"), strict=True))
    assert facts["People"] == facts["Hours in four weeks"] == facts["Guarantee used"] == "not shown"
    assert {cell for row in page.rows[1:6] for cell in row[1:]} == {"People not shown", "Hours in four weeks not shown"}
    assert page.said("svg text") == ["5 km"], "where it is, without an office"
    assert "Price bands" not in page.said("h2")
    assert len(rows_of(nobody.get("/areas/A1/contracts.csv"))) == 1, "headings alone"


def day(day: str, share: str | None, unmet: int | None = 7) -> dict[str, Any]:
    """A day as ``/v1/trends`` tells it, of one area."""
    share_told = None if share is None else float(share)
    return {"day": day, "groups": [{"unmet": unmet, "principal_share": share_told, "declines": 2, "pending": 1, "placed": 0}]}


def test_each_week_has_the_point_of_its_newest_day() -> None:
    """Monday the 2nd to Sunday the 8th is a week, the 9th begins another. 70% lies in the middle of 50% to 90%: 80 of 160."""
    days = [day("2026-11-02", "0.5"), day("2026-11-08", "0.7"), day("2026-11-09", "0.9"), day("2026-11-22", "0.95", None)]
    found = history_of(days, RANGE)
    assert [(each.day, each.share, each.unmet) for each in found.points] == [
        ("22 November 2026", "95%", "not shown"),
        ("9 November 2026", "90%", "7"),
        ("8 November 2026", "70%", "7"),
    ]
    assert found.dots == [(0.0, 80.0), (42.9, 0.0), (600.0, 0.0)] and found.line == "0,80 42.9,0 600,0"
    assert (found.high_y, found.target_y, found.low_y) == (60.0, 80.0, 100.0)
    assert found.words == "From 8 November 2026 (70%) to 22 November 2026 (95%)"
    assert csv_rows(days)[0] == ["2026-11-02", 0.5, 7, 2, 1, 0]


def test_days_without_a_share_are_told_and_not_drawn() -> None:
    found = history_of([day("2026-11-02", None), {"day": "2026-11-10", "groups": []}], RANGE)
    assert [each.share for each in found.points] == ["not shown"] and (found.line, found.dots) == ("", [])
    assert found.words == "No share is kept of any day." and history_of([], RANGE).points == []


def test_the_days_that_are_kept_are_drawn_and_told(villages: Served, planner: Browser) -> None:
    group = {"group": "A1", "people": 9, "placed": 1, "pending": 1, "unmet": 7, "unmet_hours_per_week": "12.50"}
    group |= {"median_days_waited": 3, "longest_days_waited": 9, "principal_share": "0.4250", "declines": 2, "parts": {}}
    with writing(villages.service.store.engine) as connection:
        for kept in ("2026-11-13", "2026-11-20"):
            keep_day(connection, {"day": kept, "county": [], "area": [group]})
    page = planner.read("/areas/A1")
    assert page.rows[-1] == [
        "13 November 2026", "Principal's share 42.5%", "Waiting, nobody asked 7", "Declines in 28 days 2",
    ]  # fmt: skip
    assert len([each for each in page.all("circle") if each.get("class") == "dot"]) == 2
    assert rows_of(planner.get("/areas/A1/history.csv"))[1] == ["2026-11-13", "0.425", "7", "2", "1", "1"]
