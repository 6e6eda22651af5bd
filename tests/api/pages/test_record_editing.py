"""Records kept in the browser: a form for what a role may set, what would follow, the second person told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import Browser, Read, holds_for_every_page

pytestmark = ON_SQLITE


@pytest.fixture
def at(served: Served) -> Iterator[Browser]:
    browser = Browser(served)
    with browser.client:
        yield browser


def filled(page: Read) -> dict[str, str]:
    """The form as it was shown, boxes that are not ticked left out."""
    found = {each["name"]: each.get("value", "") for each in page.all("input") if each.get("type") not in ("checkbox", "radio")}
    return found | {each["name"]: "" for each in page.all("textarea")}


def told(browser: Browser, address: str, data: dict[str, str], status: int) -> Read:
    answer = browser.post(address, data)
    assert answer.status_code == status
    page = Read(answer)
    holds_for_every_page(page, answer)
    return page


def test_a_planner_changes_a_limit_and_the_second_is_told(served: Served, at: Browser) -> None:
    """A planner may set what a provider can do and how much and how far, and sees no other field."""
    address = "/records/providers/DOCK/change"
    page = at.signed_in(served.key("planner")).read(address)
    assert page.said("label")[:2] == ["What it can do", "Most hours in four weeks"] and "Name" not in page.said("label")
    form = filled(page) | {"skills": "learning_disability\nmedication", "reason": "their letter"}
    assert form["max_hours_4w"] == "40"
    page = told(at, address, form | {"step": "save"}, 422)
    assert "Nothing is another than it was" in page.words
    page = told(at, address, form | {"max_hours_4w": "sixty", "step": "save"}, 422)
    assert "Most hours in four weeks: enter a number, such as 240 or 12.5" in page.said("a")
    page = told(at, address, form | {"max_hours_4w": "-1", "reason": "", "step": "save"}, 422)
    assert "Say why" in page.said("a") and page.said("title")[0].startswith("Error: ")
    page = told(at, address, form | {"max_hours_4w": "-1", "step": "save"}, 422)
    assert any("expected a number from 0" in each for each in page.said("a"))
    page = told(at, address, form | {"max_hours_4w": "60", "step": "try"}, 200)
    assert "What would follow" in page.said("h2") and "Nothing is written yet." in page.words
    assert next(each["value"] for each in page.all("input") if each["name"] == "max_hours_4w") == "60", "what was entered stays"
    with served.client("planner") as program:
        assert program.get("/v1/providers/DOCK").json()["max_hours_4w"] == 40, "a trial writes nothing"
        answer = at.post(address, form | {"max_hours_4w": "60", "step": "save"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/providers/DOCK?done=changed")
        assert program.get("/v1/providers/DOCK").json()["max_hours_4w"] == 60
    assert "It is changed." in at.read("/providers/DOCK?done=changed").words
    page = told(at, address, form | {"max_hours_4w": "80", "step": "save"}, 409)
    assert "Somebody has changed this since you opened it." in page.words
    now = dict(zip(page.said("dt"), page.said("dd"), strict=True))
    assert now["Most hours in four weeks"] == "60"
    with served.client("admin") as program:
        entry = next(
            each for each in reversed(program.get("/v1/audit?limit=1000").json()["items"]) if each["action"] == "providers.change"
        )
    assert entry["details"]["before"] == {"max_hours_4w": "40"} and entry["details"]["after"] == {"max_hours_4w": "60"}


def test_a_restriction_begins_and_ends_and_offers_that_may_not_be_waited_for_stop(served: Served, at: Browser) -> None:
    page = at.signed_in(served.key("quality")).read("/records/restrictions/new?of=BRACKEN")
    form = filled(page) | {
        "restriction_id": "X9",
        "kind": "no_new_work",
        "area_id": "",
        "reason": "rounds without a lead",
        "step": "save",
    }
    page = told(at, "/records/restrictions/new", form | {"starts-day": "31", "starts-month": "2", "starts-year": "2027"}, 422)
    assert "First day: enter a day that there is, such as 27 3 2027" in page.said("a")
    page = told(at, "/records/restrictions/new", form | {"kind": ""}, 422)
    assert [each for each in page.said("a") if each.startswith("What it restricts: ")]
    answer = at.post("/records/restrictions/new", form)
    assert answer.headers["location"] == "/providers/BRACKEN?done=added"
    page = at.read("/providers/BRACKEN?done=added")
    held = next(row for row in page.rows if row and row[0].startswith("No new work in force"))
    assert held[1] == "Where and when Everywhere from the beginning"
    assert held[4] == "By Quality Monitoring Officer", "as the settings of quality say"
    told(at, "/records/restrictions/new", form, 409)
    page = at.read("/records/restrictions/X9/end")
    form = filled(page) | {"ends-day": "24", "ends-month": "11", "ends-year": "2026", "reason": "put right", "step": "save"}
    page = told(at, "/records/restrictions/X9/end", form | {"ends-day": "", "ends-month": "", "ends-year": ""}, 422)
    assert "Enter the first day that is no longer covered" in page.said("a")
    assert at.post("/records/restrictions/X9/end", form).headers["location"] == "/providers/BRACKEN?done=ended"
    with served.client("quality") as program:
        assert program.get("/v1/restrictions/X9").json()["ends"] == "2026-11-24"


def test_finance_adds_dated_prices_and_sees_whose_price_becomes_another(served: Served, at: Browser) -> None:
    """Bracken's people cost a pound an hour more from today on."""
    page = at.signed_in(served.key("finance")).read("/records/rates/new?of=F-BRACKEN")
    form = filled(page) | {"starts-day": "23", "starts-month": "11", "starts-year": "2026", "reason": "the uplift"}
    form |= {"rate_band_1": "£26.00", "rate_band_2": "27", "rate_band_3": "31"}
    page = told(at, "/records/rates/new", form | {"step": "try"}, 200)
    assert any("weekly price becomes another: in all £" in each for each in page.said("li"))
    assert at.post("/records/rates/new", form | {"step": "save"}).headers["location"] == "/providers/BRACKEN?done=added"
    assert any("Prices £26.00, £27.00, £31.00 an hour, by band" in row for row in at.read("/providers/BRACKEN").rows)


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("viewer", "/records/providers/DOCK/change", 403),
        ("finance", "/records/providers/DOCK/change", 403),
        ("planner", "/records/contracts/P-ALDER/change", 403),
        ("contracts", "/records/restrictions/new?of=DOCK", 403),
        ("contracts", "/records/contracts/NONE/change", 404),
        ("contracts", "/records/offices/new?of=NONE", 404),
        ("quality", "/records/packages/N1/change", 404),
        ("admin", "/records/contracts/P-ALDER/change", 200),
        ("contracts", "/records/contracts/new?of=DOCK", 200),
        ("contracts", "/records/offices/new?of=DOCK", 200),
        ("quality", "/records/locations/new?of=DOCK", 200),
    ],
)
def test_who_may_keep_what(served: Served, at: Browser, role: str, address: str, status: int) -> None:
    at.signed_in(served.key(role)).read(address, status)
    if status == 403:
        assert at.post(address.partition("?")[0], {"step": "save", "reason": "because"}).status_code == 403


def test_a_contract_is_added_with_what_its_officer_enters(served: Served, at: Browser) -> None:
    page = at.signed_in(served.key("contracts")).read("/records/contracts/new?of=DOCK")
    form = filled(page) | {
        "contract_id": "F-DOCK",
        "tier": "framework",
        "area_id": "A1",
        "bands": "1",
        "reason": "awarded today",
        "step": "save",
    }
    form |= {"starts-day": "23", "starts-month": "11", "starts-year": "2026", "guarantee": "", "max_hours_4w": "100"}
    form |= {"rate_band_1": "25", "rate_band_2": "", "rate_band_3": "", "service": "", "regime": ""}
    answer = at.post("/records/contracts/new", form)
    assert answer.headers.get("location") == "/providers/DOCK?done=added", answer.text
    with served.client("contracts") as program:
        added = program.get("/v1/contracts/F-DOCK").json()
    assert (added["area_id"], added["max_hours_4w"], added["bands"], added["rate_band_2"]) == ("A1", 100, [1], 25.0)
