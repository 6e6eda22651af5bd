"""Everybody who waits, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from api.pages.page_words import day_in_short
from api.pages.waiting_board import left_in_words, next_in_words
from api.storage.database import reading
from api.storage.table_schema import audit
from tests.api.conftest import Served
from tests.api.pages.reading import Browser

NOW = dt.datetime(2026, 11, 23, 10, 20)


def entries(villages: Served) -> list[str]:
    with reading(villages.service.store.engine) as connection:
        rows = connection.execute(select(audit).where(audit.c.action == "worklist.read").order_by(audit.c.seq)).all()
    return [str(row.details) for row in rows]


def test_the_villages_as_a_planner_reads_them(villages: Served, planner: Browser) -> None:
    """Two of them first, five others; N1 was asked for on Sunday the 22nd, and Alder would be asked first."""
    before = len(entries(villages))
    page = planner.read("/waiting")
    assert page.said("caption") == ["Urgent and hospital discharge", "Others"]
    assert "7 people" in page.said("p")
    rows = {row[0]: row[1:] for row in page.rows if row[0].startswith("N")}
    assert list(rows)[:2] == ["N1", "N2"] and len(rows) == 7
    safe, priority, start, care, area, waits, then = rows["N1"]
    assert safe == "Safe until not recorded", "said shortly, as it is said of most of a list"
    assert (priority, start) == ("Priority Urgent", "Start by Tue 24 Nov")
    assert care == "Care 10 hours, 10 visits a week medication"
    assert (area, waits) == ("Area Larkmere and Villages", "Waiting 1 day")
    assert then == "Next Ask principal Alder Home Care Not offered yet"
    assert rows["N7"][-1].startswith("Next Asked Alder Home Care answer by ")
    assert rows["N4"][-1].endswith("Offered once before")
    assert [each["href"] for each in page.all("a") if each.get("aria-current") == "page"] == ["/waiting"]
    told = entries(villages)[before:]
    assert len(told) == 1 and all(f'"{package_id}"' in told[0] for package_id in rows), "as a program's reading would be"


def test_the_form_narrows_and_keeps_what_was_chosen(villages: Served, planner: Browser) -> None:
    page = planner.read("/waiting?area=A1&priority=urgent&where=&package=")
    assert [row[0] for row in page.rows if row[0].startswith("N")] == ["N1"]
    chosen = [each["value"] for each in page.all("option") if "selected" in each]
    assert chosen == ["A1", "urgent", ""]
    assert [row[0] for row in planner.read("/waiting?where=pending").rows if row[0].startswith("N")] == ["N7"]
    nobody = planner.read("/waiting?where=accepted&priority=urgent")
    assert "Nobody is on this list." in nobody.words and "0 people" in nobody.words
    assert planner.read("/waiting?after=x", 422).said("h1") == ["This cannot be done"]
    assert villages.settings.council in nobody.words


@pytest.mark.parametrize(
    ("role", "let_in"), [("planner", True), ("transition", True), ("admin", True), ("viewer", False), ("social_work", False)]
)
def test_who_places_care_begins_there_and_others_are_told_which_role_it_needs(
    villages: Served, nobody: Browser, role: str, let_in: bool
) -> None:
    nobody.signed_in(villages.key(role))
    assert nobody.get("/").headers["location"] == ("/waiting" if let_in else "/decisions" if role == "social_work" else "/areas")
    page = nobody.read("/waiting", 200 if let_in else 403)
    assert ("Waiting" in page.said("a")) is let_in
    if not let_in:
        assert f"This needs the role planner or transition or admin; yours is {role}." in page.words


def test_nobody_is_written_down_as_read_by_a_browser_that_fetches_ahead(villages: Served, planner: Browser) -> None:
    before = len(entries(villages))
    assert planner.get("/waiting", **{"Sec-Purpose": "prefetch"}).status_code == 503
    assert len(entries(villages)) == before


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (239, "3 hours 59 minutes left"),
        (60, "1 hour left"),
        (1, "1 minute left"),
        (0, "0 minutes left"),
        (-1, "the time to answer has run out"),
        (1_439, "23 hours 59 minutes left"),
        (1_440, "answer by 24 November 2026, 10:20am"),
    ],
)
def test_how_long_is_left(minutes: int, said: str) -> None:
    assert left_in_words(NOW + dt.timedelta(minutes=minutes), NOW) == said


def test_a_day_of_another_year_says_which() -> None:
    assert [day_in_short(day, NOW.date()) for day in ("2026-11-17", "2027-01-01")] == ["Tue 17 Nov", "Fri 1 Jan 2027"]


def test_an_hour_that_comes_twice_is_counted_twice() -> None:
    """On 31 October 2027 the clocks go back at two: from half past midnight to half past three are four hours."""
    night = dt.datetime(2027, 10, 31, 0, 30)
    assert left_in_words(night + dt.timedelta(hours=3), night) == "4 hours left"


def asked(situation: str, *names: str, times: int = 0, answer_by: str | None = None) -> dict[str, Any]:
    providers = [{"name": name, "answer_by": answer_by, "has_said_yes": False, "put_forward": False} for name in names]
    return {"situation": situation, "step": "framework", "providers": providers, "times_offered": times}


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (asked("waiting", "Bracken", times=3), ("Ask framework", "Bracken", "Offered 3 times before")),
        (asked("waiting", "Bracken", "Clover"), ("Ask framework", "Bracken and 1 other", "Not offered yet")),
        (asked("waiting", "Bracken", "Clover", "Dock"), ("Ask framework", "Bracken and 2 others", "Not offered yet")),
        (asked("waiting", times=1), ("Nobody left to ask", "", "Offered once before")),
        (asked("pending", "Dock", answer_by="2026-11-23T12:20:00"), ("Asked", "Dock", "2 hours left")),
        (asked("accepted", "Dock"), ("Accepted by", "Dock", "care to begin")),
    ],
)
def test_what_is_next_in_words(each: dict[str, Any], said: tuple[str, str, str]) -> None:
    assert next_in_words(each, NOW) == said


def test_who_has_said_yes_stands_there_until_it_is_placed() -> None:
    """Bracken says yes and Dock may still answer; Dock is out of time and Bracken's turn comes; both wait for others' steps."""
    each = asked("pending", "Bracken", "Dock", answer_by="2026-11-23T12:20:00")
    bracken, dock = each["providers"]
    bracken |= {"answer_by": None, "has_said_yes": True}
    assert next_in_words(each, NOW) == ("Has said yes:", "Bracken", "others may still answer: 2 hours left")
    bracken["put_forward"] = True
    assert next_in_words(each, NOW) == ("Place with", "Bracken", "has said yes, and its turn has come")
    bracken["put_forward"], dock["answer_by"], dock["has_said_yes"] = False, None, True
    waits = "it goes ahead once all others of its step have said yes"
    assert next_in_words(each, NOW) == ("Have said yes:", "Bracken and 1 other", waits)
