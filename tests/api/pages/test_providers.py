"""Providers in words: worked by hand for the three villages; and what lies ahead of one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from api.pages.providers.days_ahead import days_ahead
from api.pages.providers.provider_board import contract_of, list_rows, restriction_of
from tests.api.conftest import Served
from tests.api.pages.reading import Browser
from tests.api.pages.test_areas import rows_of

TODAY = dt.date(2026, 11, 23)
AREAS = {"A1": "Larkmere"}


def test_all_providers_as_a_contract_officer_reads_them(villages: Served, nobody: Browser) -> None:
    page = nobody.signed_in(villages.key("contracts")).read("/providers")
    heads, *rows = page.rows
    assert heads == ["Provider", "CQC", "PAMMS", "New work", "Own limit in four weeks", "Contracts in force"]
    assert [row[0] for row in rows] == [f"{name} Home Care" for name in ("Alder", "Bracken", "Clover", "Dock", "Elder")]
    assert rows[0][1:4] == ["CQC Good", "PAMMS Good published 2 March 2026", "New work yes"]
    assert rows[0][4:] == ["Own limit in four weeks no limit", "Contracts in force 1 principal"]
    assert rows[4][1] == "CQC Requires improvement" and rows[4][4] == "Own limit in four weeks 40 h"
    assert [row[0] for row in nobody.read("/providers?name=DOCK").rows[1:]] == ["Dock Home Care"]
    assert nobody.read("/providers?which=held_back").rows == [], "its restriction has ended"
    assert dict(zip(*rows_of(nobody.get("/providers.csv"))[:2], strict=True))["max_hours_per_four_weeks"] == ""


def test_one_provider_with_its_use_its_prices_and_its_answers(villages: Served, nobody: Browser) -> None:
    """Alder: 160 hours with two people, 20 held; one decline after five hours, one offer without an answer."""
    page = nobody.signed_in(villages.key("quality")).read("/providers/ALDER")
    figures = [each for each in page.said("li") if " in four weeks" in each or "people" in each or "held" in each]
    assert figures[:2] == ["2 people", "160 h delivered in four weeks"]
    assert figures[2:] == ["20 h held by offers without an answer", "no limit own limit in four weeks"]
    facts = dict(zip(page.said("dt"), page.said("dd"), strict=True))
    assert facts["PAMMS"] == "Good, published 2 March 2026" and facts["Can do"] == "dementia, double handed, medication"
    assert (facts["Made"], facts["Declined"], facts["Half of the answers came within"]) == ("2", "1", "5 hours")
    assert facts["Accepted"] == "0 (0.0% of yes and no)"
    contract = next(row for row in page.rows if row[0].startswith("Principal, Larkmere and Villages P-ALDER"))
    assert contract[1] == "Dates from 1 April 2026 to 31 March 2032"
    assert contract[4] == "Most, guaranteed 240 h 80.0% guaranteed" and contract[6] == "Prices £24.00 an hour"
    assert ["Time of day", "Declines 1"] in page.rows
    assert any(
        row[0] == "1 April 2032" and "P-ALDER) has ended by this day: nothing of its own takes over" in row[1]
        for row in page.rows
    )
    links = [each["href"] for each in page.all("a")]
    assert "/records/restrictions/new?of=ALDER" in links and "/records/providers/ALDER/change" in links
    assert "/records/contracts/P-ALDER/change" not in links, "contracts are not quality's to keep"
    assert rows_of(nobody.get("/providers/ALDER/contracts.csv"))[1][0] == "P-ALDER"
    assert nobody.read("/providers/NOBODY", 404).said("h1") == ["Page not found"]


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("auditor", 403), ("social_work", 403), ("finance", 200)])
def test_who_reads_figures_of_providers_and_who_may_call_them(villages: Served, nobody: Browser, role: str, status: int) -> None:
    page = nobody.signed_in(villages.key(role)).read("/providers/BRACKEN", status)
    if role == "finance":
        assert "medication records put right" not in page.words, "restrictions are not for finance"
    if role == "social_work":
        page = nobody.read("/providers/BRACKEN/contact")
        assert "Telephone" in page.said("dt") and "Contracts and prices" not in page.said("h2")
        assert nobody.read("/providers").rows[1][0] == "Alder Home Care"


def restriction(**told: Any) -> dict[str, Any]:
    """As ``/v1/restrictions`` tells it."""
    usual = {"restriction_id": "X1", "area_id": None, "starts": "2026-11-01", "ends": None, "kind": "no_new_work"}
    more: dict[str, Any] = {
        "new_hours_4w": None,
        "reason": "medication",
        "review_on": None,
        "owner": None,
        "improvement_plan": None,
        "lacks": [],
    }
    return {**usual, **more, **told}


def test_a_restriction_says_when_it_is_looked_at_again_and_what_it_lacks() -> None:
    late = restriction_of(restriction(review_on="2026-11-22", lacks=["an owner", "an improvement plan"]), AREAS, TODAY)
    assert (late.what, late.where, late.state, late.review_is_late) == ("No new work", "Everywhere", "in force", True)
    assert late.lacks == "lacks an owner and an improvement plan" and late.dates == "from 1 November 2026"
    capped = restriction_of(restriction(kind="capped", new_hours_4w=60, area_id="A1", review_on="2026-11-23"), AREAS, TODAY)
    assert (capped.what, capped.where, capped.review_is_late) == ("New work capped at 60 h in four weeks", "Larkmere", False)
    over = restriction_of(restriction(ends="2026-11-23", review_on="2026-11-01", lacks=["an owner"]), AREAS, TODAY)
    assert (over.state, over.review_is_late, over.lacks, over.is_open) == ("ended", False, "", False)
    assert restriction_of(restriction(starts="2026-12-01"), AREAS, TODAY).state == "ahead"


def contract(**told: Any) -> dict[str, Any]:
    """As ``/v1/contracts`` tells it."""
    usual = {"contract_id": "C1", "provider_id": "P", "tier": "framework", "area_id": "A1", "starts": None, "ends": None}
    money = {"max_hours_4w": None, "guarantee": 0, "rate_band_1": 24.0, "rate_band_2": 25.0, "rate_band_3": 26.5}
    more = {"succeeds": None, "service": None, "extension_until": None, "notice_days": None}
    return {**usual, **money, **more, **told}


def rate(starts: str, price: float) -> dict[str, Any]:
    return {"starts": starts, "rate_band_1": price, "rate_band_2": price, "rate_band_3": price}


def test_prices_of_today_stand_before_those_that_are_to_come() -> None:
    plain = contract_of(contract(), None, [], AREAS, TODAY)
    assert plain.prices == ["£24.00, £25.00, £26.50 an hour, by band"] and plain.what == "Framework, Larkmere"
    dated = [rate("2027-04-01", 27.0), rate("2026-04-01", 25.0), rate("2026-11-23", 26.0)]
    assert contract_of(contract(), None, dated, AREAS, TODAY).prices == ["£26.00 an hour", "from 1 April 2027: £27.00 an hour"]
    ended = contract_of(
        contract(tier="specialist", area_id=None, service="night_care", ends="2026-11-23"), None, [], AREAS, TODAY
    )
    assert (ended.what, ended.is_open) == ("Specialist, whole county, night care", False)


def test_what_lies_ahead_in_the_order_of_its_days() -> None:
    first = contract(contract_id="C1", starts="2026-04-01", ends="2027-04-01")
    second = contract(contract_id="C2", starts="2027-04-01", succeeds="C1")
    names, go_lives = {"A1": "Larkmere", "A2": "Fenwick"}, {"A1": dt.date(2027, 2, 1), "A2": dt.date(2027, 3, 1)}
    due = {"next": {"step": "the draft is written", "due_on": "2026-11-20", "days_overdue": 3}}
    held = [
        restriction(review_on="2026-12-01", ends="2027-01-01"),
        restriction(ends="2026-11-01", review_on="2026-11-02"),
        restriction(restriction_id="X2", review_on="2026-11-23"),
    ]
    prices = {"C1": [rate("2027-01-02", 30.0), rate("2026-01-02", 29.0)]}
    found = days_ahead([first, second], prices, held, names, go_lives, [due, {"next": None}], TODAY)
    assert [tuple(each[:3]) for each in found] == [
        ("20 November 2026", "PAMMS: the draft is written", True),
        ("23 November 2026", "No new work is to be looked at again (X2)", False),
        ("1 December 2026", "No new work is to be looked at again (X1)", False),
        ("1 January 2027", "No new work ends (X1)", False),
        ("2 January 2027", "Other prices of Framework, Larkmere (C1)", False),
        ("1 February 2027", "Larkmere goes live", False),
        ("1 April 2027", "Framework, Larkmere (C1) has ended by this day: C2 takes over", False),
        ("1 April 2027", "Framework, Larkmere (C2) begins, and takes over from C1", False),
    ]
    live = days_ahead([first], {}, [], names, {}, [], TODAY)
    assert [each.what for each in live] == [
        "Framework, Larkmere (C1) has ended by this day: nothing of its own takes over; running care stays where it is"
    ]


def test_the_list_tells_of_restrictions_and_contracts_of_today_alone() -> None:
    told = {"cqc_rating": "not_rated", "pamms_rating": None, "pamms_published": None, "max_hours_4w": 12, "ends": None}
    people = [{"provider_id": "B", "name": "birch", **told}, {"provider_id": "A", "name": "Alder", **told, "ends": "2026-11-23"}]
    held = [restriction(provider_id="B", area_id="A1"), restriction(provider_id="B", ends="2026-11-23")]
    contracts = [contract(provider_id="B"), contract(provider_id="B", tier="legacy", starts="2027-01-01")]
    alder, birch = list_rows(people, held, contracts, TODAY)
    assert (alder.name, alder.has_ended, alder.contracts, alder.pamms) == ("Alder", True, "–", "Not rated")
    assert (birch.restrictions, birch.contracts, birch.most_hours) == (["No new work in an area"], "1 framework", "12 h")


def test_what_lies_ahead_and_restrictions_are_for_spreadsheets_too(villages: Served, nobody: Browser) -> None:
    officer = nobody.signed_in(villages.key("contracts"))
    page = officer.read("/providers/ALDER")
    links = [each["href"] for each in page.all("a") if "download" in each]
    assert "/providers/ALDER/ahead.csv" in links
    lines = officer.get("/providers/ALDER/ahead.csv").content.decode("utf-8-sig").splitlines()
    shown = [row for row in page.rows if "has ended by this day" in row[-1]]
    assert lines[0] == "day,what,late" and len(shown) == 1
    assert [each for each in lines if each.startswith("2032-04-01,") and "has ended by this day" in each and each.endswith(",no")]
    restricted = officer.get("/providers/BRACKEN/restrictions.csv").content.decode("utf-8-sig").splitlines()
    assert restricted[0].startswith("restriction_id,kind,area_id")
    for address in ("ahead.csv", "restrictions.csv"):
        assert officer.get(f"/providers/no-such/{address}").status_code == 404
