"""Alerts, offers by when they are to be answered, a search by id, and the lists for a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import httpx
import pytest

from api.pages.waiting_lists_board import alert_rows, by_expiry, offer_cells, offer_rows
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import OF_THE_SITE, Browser, Read

NOW = dt.datetime(2026, 11, 23, 10, 20)


def sheet(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.headers["content-type"] == "text/csv; charset=utf-8" and "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_who_waits_for_a_spreadsheet_narrowed_as_the_page_is(planner: Browser) -> None:
    rows = sheet(planner.get("/waiting.csv"))
    assert [row["package_id"] for row in rows][:2] == ["N1", "N2"] and len(rows) == 7
    assert rows[0]["providers"] == "Alder Home Care" and rows[0]["safe_until"] == ""
    assert [row["package_id"] for row in sheet(planner.get("/waiting.csv?where=pending"))] == ["N7"]
    link = next(each["href"] for each in planner.read("/waiting?where=pending").all("a") if ".csv" in each["href"])
    assert [row["package_id"] for row in sheet(planner.get(link))] == ["N7"]


def test_offers_that_wait_stand_by_when_an_answer_is_due(planner: Browser) -> None:
    page = planner.read("/offers")
    assert [row[0] for row in page.rows[1:]] == ["N7"] and page.rows[1][2].startswith("Provider Alder Home Care")
    (row,) = sheet(planner.get("/offers.csv"))
    assert (row["package_id"], row["provider"], row["tier"]) == ("N7", "Alder Home Care", "principal")


def test_a_package_is_found_by_the_beginning_of_its_id(planner: Browser) -> None:
    def find(package: str) -> Read:
        return Read(planner.post("/find", {"package": package}))

    found = find("n")
    assert [row[0] for row in found.rows[1:]] == ["N1", "N2", "N3", "N4", "N5", "N6", "N7"]
    assert planner.post("/find", {"package": "N4"}).headers["location"] == "/people/N4"
    assert planner.post("/find", {"package": " r1 "}).headers["location"] == "/people/R1"
    assert "No package has an id that begins so." in find("zzz").words
    assert "No package has an id that begins so." in find("\a").words
    assert "begins so" not in planner.read("/find").words


@ON_SQLITE
def test_alerts_are_listed_and_looked_at(served: Served) -> None:
    """N7 is asked of Alder, and the person says no to it: whoever asked is told."""
    said_no = {"provider_id": "ALDER", "answer": "no", "given_by": "self"}
    ada = Browser(served)
    with served.client("planner") as program, ada.client:
        ada.signed_in(served.key("planner"))
        assert program.post("/v1/packages/N7/answers", json=said_no).status_code == 200
        told = program.get("/v1/alerts").json()["items"]
        listed = [each["alert_id"] for each in told]
        first, second = (each["alert_id"] for each in told if each["package_id"] == "N7")
        addresses = [each["action"] for each in ada.read("/alerts").all("form") if each.get("action", "").startswith("/alerts/")]
        assert [each.removeprefix("/alerts/") for each in addresses] == listed
        answer = ada.post(f"/alerts/{first}", {"sent": "by a browser"}, **OF_THE_SITE)
        assert answer.headers["location"] == "/alerts?done=looked"
        assert "you have looked at this alert" in ada.read("/alerts?done=looked").words
        here = [each["action"] for each in ada.read("/people/N7").all("form")]
        assert f"/people/N7/alerts/{second}" in here and f"/people/N7/alerts/{first}" not in here
        answer = ada.post(f"/people/N7/alerts/{second}", {"sent": "by a browser"})
        assert answer.headers["location"] == "/people/N7?done=looked"
        assert [row[-1] for row in ada.read("/alerts?seen=yes").rows[1:]] == ["Looked at a planner"] * 2


@pytest.mark.parametrize("address", ["/alerts", "/offers", "/offers.csv", "/find", "/waiting.csv", "/new-request"])
def test_viewers_see_none_of_it(villages: Served, nobody: Browser, address: str) -> None:
    assert nobody.signed_in(villages.key("viewer")).get(address).status_code == 403


def offer(offer_id: str, expires_at: str, *, remind: bool = False) -> dict[str, Any]:
    told = {
        "package_id": "N1",
        "provider_id": "P1",
        "contract_id": "C1",
        "tier": "legacy",
        "hours_per_week": 3.5,
        "remind": remind,
        "answer_by_reason": None,
    }
    return told | {"offer_id": offer_id, "expires_at": expires_at, "offered_at": "2026-11-23T08:00:00"}


def test_the_first_due_stands_first_and_one_that_is_late_says_so() -> None:
    offers = [
        offer("O1", "2026-11-24T17:00:00"),
        offer("O2", "2026-11-23T10:00:00"),
        offer("O3", "2026-11-23T10:50:00", remind=True),
    ]
    assert [each["offer_id"] for each in by_expiry(offers)] == ["O2", "O3", "O1"]
    assert [(row.due, row.left, row.late) for row in offer_rows(offers, {"P1": "Bracken"}, NOW)] == [
        ("Today at 10:00am", "the time to answer has run out", True),
        ("Today at 10:50am", "30 minutes left; ring them", False),
        ("Tomorrow at 5:00pm", "", False),
    ]
    assert next(iter(offer_cells(offers, {})))[:4] == ["O2", "N1", "P1", ""]


def test_an_alert_says_since_when_and_who_has_looked() -> None:
    alert = {"alert_id": "1", "package_id": "N1", "sentence": "Look.", "at": "2026-11-22T09:00:00"}
    rows = alert_rows([alert | {"acknowledged_by": None}, alert | {"acknowledged_by": "Ada (k7)"}], NOW)
    assert [(row.at, row.looked) for row in rows] == [("Yesterday at 9:00am", ""), ("Yesterday at 9:00am", "Ada")]
