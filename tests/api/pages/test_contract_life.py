"""A contract's life in the browser: by somebody's authority, with what follows shown before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.pages.records.what_follows import sentences_of
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import Browser
from tests.api.pages.test_record_editing import filled, told

AUTHORITY = {"authorised_by": "Director of Commissioning", "reference": "Cabinet, minute 14"}
AUTHORITY |= {"decided_on-day": "16", "decided_on-month": "11", "decided_on-year": "2026"}


def day(name: str, number: int, month: int, year: int) -> dict[str, str]:
    return {f"{name}-day": str(number), f"{name}-month": str(month), f"{name}-year": str(year)}


@pytest.fixture
def officer(served: Served) -> Iterator[Browser]:
    browser = Browser(served)
    with browser.client:
        yield browser.signed_in(served.key("contracts"))


@ON_SQLITE
def test_a_contract_ends_early_with_notice_and_nobodys_care_ends_by_it(served: Served, officer: Browser) -> None:
    """Alder's two people have 40 hours a week. From 23 November to 1 June are 190 days, and 91 are needed."""
    address = "/records/contracts/P-ALDER/end-early"
    assert address in [each["href"] for each in officer.read("/providers/ALDER").all("a")]
    form = filled(officer.read(address)) | {"given_by": "provider", "reason": "their letter"}
    page = told(officer, address, form | {"step": "save"}, 422)
    assert "Enter the first day that is no longer covered" in page.said("a")
    form |= day("ends", 1, 6, 2027)
    page = told(officer, address, form | {"step": "save"}, 422)
    assert "Notice was given on: enter a day" in page.said("a")
    form |= day("notice_given_on", 23, 11, 2026)
    page = told(officer, address, form | {"step": "try"}, 200)
    said = page.said("li")
    assert any(each.startswith("190 days of notice; 91 days needed") for each in said)
    assert "2 people, 40 hours a week, need another place by 1 June 2027. Nobody's care ends by it." in said
    with served.client("contracts") as program:
        assert program.get("/v1/contracts/P-ALDER").json()["ends"] == "2032-04-01"
        assert officer.post(address, form | {"step": "save"}).headers["location"] == "/providers/ALDER?done=changed"
        assert program.get("/v1/contracts/P-ALDER").json()["ends"] == "2027-06-01"
    told(officer, address, form | {"step": "save"}, 409)


@ON_SQLITE
def test_a_principal_withdraws_and_only_a_principal(officer: Browser) -> None:
    """Nothing is planned to Alder in the villages: what follows is that its two people go on until another has them."""
    links = [each["href"] for each in officer.read("/providers/ALDER").all("a")]
    address = "/records/contracts/P-ALDER/withdraw"
    assert address in links
    assert not [each for each in officer.read("/providers/DOCK").all("a") if each["href"].endswith("/withdraw")]
    form = filled(officer.read(address)) | {"reason": "their telephone call"}
    assert "It said so on: enter a day" in told(officer, address, form | {"step": "save"}, 422).said("a")
    form |= day("told_on", 20, 11, 2026)
    page = told(officer, address, form | {"step": "try"}, 200)
    assert "Nothing is written yet." in page.said("p")
    assert officer.post(address, form | {"step": "save"}).headers["location"] == "/providers/ALDER?done=changed"
    told(officer, "/records/contracts/L-DOCK/withdraw", form | {"step": "save"}, 409)


@ON_SQLITE
def test_another_provider_is_awarded_what_a_contract_covers(served: Served, officer: Browser) -> None:
    """Alder's ends on 1 April 2032: 91 days before is New Year's Day, so Bracken's staff are told by 31 December 2031."""
    links = [each["href"] for each in officer.read("/providers/ALDER").all("a")]
    address = "/records/contracts/P-ALDER/award-anew"
    assert address in links
    page = officer.read(address)
    assert "In place of a contract of the tier principal, Larkmere and Villages. It ends on 1 April 2032." in page.words
    assert "Leave empty for no limit; 0 is closed. Of the one before: 240." in page.words
    assert "Leave empty where it is that of band 1. Of the one before: £24.00." in page.words
    assert page.said("option")[:4] == ["Choose one", "Bracken Home Care", "Clover Home Care", "Dock Home Care"]
    form = filled(page) | {"reason": "lot 3 was tendered again"}
    assert [form[f"starts-{part}"] for part in ("day", "month", "year")] == ["1", "4", "2032"], "on which the other ends"
    form |= {"contract_id": "P-BRACKEN", "max_hours_4w": "400", "rate_band_1": "23.50", "authorised_by": "", "provider_id": ""}
    page = told(officer, address, form | {"step": "save"}, 422)
    assert {"Who decided: enter it", "Decided on: enter a day", "New provider: enter it"} <= set(page.said("a"))
    form |= AUTHORITY | {"provider_id": "BRACKEN"}
    late = form | day("starts", 4, 1, 2027) | {"shorter_staff_notice_reference": "Cabinet, minute 15"}
    page = told(officer, address, late | {"step": "try"}, 422)
    assert "Only where the staff are told later than they have to be: who decided: enter it" in page.said("a")
    page = told(officer, address, form | {"starts-year": "2031", "step": "save"}, 422)
    assert "one principal contract in force in an area on 1 April 2031" in page.words
    page = told(officer, address, form | {"step": "try"}, 200)
    assert {
        "The staff are told by 31 December 2031.",
        "2 people, 40 hours a week, need another place by 1 April 2032. Nobody's care ends by it.",
        "Next: Which rounds move to the new principal, and when.",
    } <= set(page.said("li"))
    assert officer.post(address, form | {"step": "save"}).headers["location"] == "/providers/ALDER?done=awarded"
    assert "Nobody is moved by it" in officer.read("/providers/ALDER?done=awarded").words
    with served.client("contracts") as program:
        new = program.get("/v1/contracts/P-BRACKEN").json()
    assert (new["tier"], new["area_id"], new["starts"], new["rate_band_3"]) == ("principal", "A1", "2032-04-01", 23.5)
    page = told(officer, address, form | {"step": "save"}, 409)
    assert "is there already" in page.words


@ON_SQLITE
def test_a_contract_is_extended_and_an_area_moved_by_somebodys_authority(served: Served, officer: Browser) -> None:
    address = "/records/contracts/P-ALDER/extend"
    form = filled(officer.read(address)) | {"reason": "its first extension", **day("ends", 1, 4, 2034)}
    page = told(officer, address, form | {"step": "save"}, 422)
    assert {"Who decided: enter it", "Decided on: enter a day"} <= set(page.said("a"))
    page = told(officer, address, form | AUTHORITY | day("ends", 1, 4, 2031) | {"step": "save"}, 409)
    assert page.said("title")[0].startswith("Error: "), "that would be no extension"
    answer = officer.post(address, form | AUTHORITY | {"step": "save"})
    assert answer.headers["location"] == "/providers/ALDER?done=changed"
    assert any("Dates from 1 April 2026 to 31 March 2034" in row for row in officer.read("/providers/ALDER").rows)
    address = "/records/areas/A1/go-live"
    page = officer.read(address)
    assert "Now: 1 April 2026." in page.words
    form = filled(page) | AUTHORITY | {"reason": "no staff yet", **day("go_live", 1, 3, 2027)}
    page = told(officer, address, form | {"step": "save"}, 409)
    assert "people have been placed with its principal since then" in page.words
    assert address not in [each["href"] for each in officer.read("/areas/A1").all("a")]
    with served.client("contracts") as program:
        new = {"area_id": "A2", "name": "Sedge", "region": "Example", "go_live": "2027-02-01", "go_live_planned": None}
        assert program.post("/v1/areas", json=new | {"reason": "the next one"}).status_code == 201
    address = "/records/areas/A2/go-live"
    assert address in [each["href"] for each in officer.read("/areas/A2").all("a")]
    form = filled(officer.read(address)) | AUTHORITY | {"reason": "no staff yet", **day("go_live", 1, 3, 2027)}
    answer = officer.post(address, form | {"step": "save"})
    assert answer.headers.get("location") == "/areas/A2?done=changed", answer.text[-3000:]
    assert "Live from 1 March 2027" in officer.read("/areas/A2?done=changed").words


@ON_SQLITE
@pytest.mark.parametrize("role", ["finance", "planner"])
def test_contracts_and_areas_are_their_officers(served: Served, role: str) -> None:
    browser = Browser(served)
    with browser.client:
        browser.signed_in(served.key(role))
        for address in (*(f"contracts/P-ALDER/{deed}" for deed in ("extend", "end-early", "award-anew")), "areas/A1/go-live"):
            assert browser.get(f"/records/{address}").status_code == browser.post(f"/records/{address}").status_code == 403


def test_what_follows_in_sentences() -> None:
    nothing: dict[str, Any] = {"notes": [], "prices": None, "follows": {"offers_stopped": 0, "next": []}}
    assert sentences_of(nothing) == ["Nothing else: only the record is another."]
    plan = {"people": 3, "waves": [], "run_id": "r"}
    before = {"contracts": [{"contract_id": "P", "paid_for_nothing_gbp": 230.0}], "people_waiting": 1, "people_accepted": 0}
    follows = {"before_go_live": before, "offers_stopped": 1, "letters": 3, "plans_out_of_date": [plan]}
    follows |= {"staff_notice": {"by": "2026-11-01", "kept": False}, "next": [{"why": "Where everybody on it goes."}]}
    prices = {"people": 1, "weekly_change_gbp": -2.5}
    assert sentences_of({"notes": ["since 2026-11-01"], "prices": prices, "follows": follows}) == [
        "since 1 November 2026",
        "1 person's weekly price becomes another: in all £2.50 a week less.",
        "The staff are told by 1 November 2026, which is past.",
        "Contract P begins before the area goes live: £230.00 a week is paid for nothing.",
        "Before the area goes live 1 person should start and 0 people have been accepted.",
        "1 offer: would be stopped.",
        "3 letters: put right what was written before.",
        "A plan of 3 people no longer holds: they stay where they are.",
        "Next: Where everybody on it goes.",
    ]
