"""Designated periods that somebody opens, and what a fast start earns by them. Over HTTP, and on pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from api.forgetting.who_is_due import texts_about
from tests.accounting.published import PRICES
from tests.api.actuals.test_actuals import record
from tests.api.desk import Desk, Json, code_of, desk
from tests.api.pages.reading import Browser, Read, holds_for_every_page
from tests.making import days, framework, noon, package, principal, provider, snapshot
from tests.making.weeks import visit

PERIODS = "/v1/accounts/incentive-periods"
SNOW: Json = {"starts": str(days(0)), "ends": str(days(3)), "occasion": "severe_weather", "why": "Red warning of snow"}
AMOUNTS = (PRICES / "capacity_incentives.csv").read_text().replace("2018-12-21,2019-05-30", ",")
BOOK = {"account.toml": f"periods_begin = {days(0)}\n", "incentives.csv": AMOUNTS}
TERMS = "contract_id,starts,increment_minutes,rounding,overrun_paid,late_cancellation_share,retainer_days,retainer_share\n"


class Office:
    """Finance and a planner of a county, and a provider's own people."""

    def __init__(self, at: Desk, keep: ExitStack) -> None:
        self.at, self._keep = at, keep
        self.finance, self.contracts = self.somebody("finance"), self.somebody("contracts")
        self.sam = keep.enter_context(at.served.client_of("ALDER"))

    def somebody(self, role: str) -> httpx.Client:
        return self._keep.enter_context(self.at.served.client(role))

    def keep_book(self, **files: str) -> None:
        with zipfile.ZipFile(packed := io.BytesIO(), "w") as folder:
            for name, said in files.items():
                folder.writestr(name, said)
        headers = {"Content-Type": "application/zip", "If-Match": self.finance.get("/v1/accounts/book").headers["ETag"]}
        assert self.finance.put("/v1/accounts/book", content=packed.getvalue(), headers=headers).is_success

    def open(self, **given: Any) -> httpx.Response:
        return self.contracts.post(PERIODS, json=SNOW | given)

    def change(self, period_id: str, deed: str = "", **given: Any) -> httpx.Response:
        address = f"{PERIODS}/{period_id}"
        headers = {"If-Match": given.pop("tag", None) or self.contracts.get(address).headers["ETag"]}
        if deed:
            return self.contracts.post(f"{address}/{deed}", json=given, headers=headers)
        return self.contracts.patch(address, json=given, headers=headers)

    def listed(self, **query: str) -> list[Json]:
        found: list[Json] = self.finance.get(PERIODS, params=query).json()["items"]
        return found

    def is_stale(self) -> bool:
        """Whether F-BRACKEN's draft has to be made again."""
        (found,) = self.finance.get("/v1/accounts/statements", params={"contract_id": "F-BRACKEN"}).json()["items"]
        in_the_way: list[str] = self.finance.get(f"/v1/accounts/statements/{found['statement_id']}").json()["in_the_way"]
        return any("incentive periods have changed since the draft" in each for each in in_the_way)

    def total(self, contract_id: str) -> float:
        assert self.finance.post("/v1/accounts/statements", json={"period_starts": str(days(0))}).is_success
        (found,) = self.finance.get("/v1/accounts/statements", params={"contract_id": contract_id}).json()["items"]
        earned: float = found["incentives_gbp"]
        return earned


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """R1 came from hospital at midnight and BRACKEN was there at eight; N1 came then and waits; N2 waits in the community."""
    midnight = noon().replace(hour=0)
    people = [
        package("R1", contract_id="F-BRACKEN", source="acute_hospital", requested_at=midnight, care_started=days(0)),
        package("N1", source="reablement", requested_at=midnight, workers=2),
        package("N2", source="community", requested_at=midnight),
    ]
    contracts = [framework("BRACKEN"), framework("CLOVER"), principal("ALDER")]
    able = [provider(name, skills=("double_handed",)) for name in ("ALDER", "BRACKEN", "CLOVER")]
    county = snapshot(people, contracts, providers=able, visits=[visit("V06", "R1", duration_minutes=60)])
    file = tmp_path_factory.mktemp("incentives") / "county.db"
    with desk(f"sqlite:///{file}", county) as at, ExitStack() as keep:
        yield Office(at, keep)


def test_a_named_person_opens_a_period_from_today_on_and_drafts_pay_by_it(office: Office) -> None:
    assert office.listed() == []
    office.keep_book(**BOOK, **{"terms.csv": TERMS})
    came = record(
        "A1",
        package_id="R1",
        date=str(days(0)),
        planned_start=f"{days(0)}T08:00",
        arrived=f"{days(0)}T08:00",
        left=f"{days(0)}T09:00",
    )
    assert office.finance.post("/v1/actuals", json={"items": [came]}).is_success
    assert office.total("F-BRACKEN") == 0, "nothing is designated"
    for given, member in (
        ({"starts": str(days(-1))}, "starts"),
        ({"ends": str(days(0))}, "ends"),
        ({"ends": str(days(400))}, "ends"),
    ):
        refused = office.open(**given)
        assert code_of(refused) == (422, "refused")
        assert refused.json()["faults"][0].startswith(member)
    assert code_of(office.open(occasion="a hunch")) == (422, "invalid_request")
    for role in ("planner", "viewer", "transition"):
        assert office.somebody(role).post(PERIODS, json=SNOW).status_code == 403
    assert office.sam.get(PERIODS).status_code == 403
    made = office.open()
    period = made.json()
    assert (made.status_code, made.headers["location"]) == (201, f"{PERIODS}/IP0001")
    assert (period["state"], period["opened_by"].startswith("a contracts"), period["notes"]) == ("open", True, [])
    assert office.total("F-BRACKEN") == 130.0, "eight hours after it was asked for"
    overlapping = office.open(starts=str(days(2)), ends=str(days(9)))
    assert code_of(overlapping) == (409, "periods_overlap")
    assert f"IP0001 is from {days(0)} up to and including {days(2)}." in overlapping.json()["detail"]


def test_whoever_is_asked_is_told_what_a_fast_start_earns_and_the_order_stays(office: Office) -> None:
    """N1, reablement, two care workers, since midnight: £142.50 until the next, £90 for another day; the morning may be over."""
    whom_to_ask = "/v1/packages/N1/cascade"
    told = office.at.client.get(whom_to_ask)
    ends = ((days(1), 142.5), (days(2), 90.0))
    earns = [{"after": None, "until": f"{day}T00:00:00", "gbp": gbp} for day, gbp in ends]
    assert told.json()["fast_start"][-2:] == earns
    assert office.at.cascade("N2")["fast_start"] == [], "who comes from home earns nobody anything"
    assert office.at.cascade("R1")["fast_start"] == [], "care runs"
    office.keep_book(**{"incentives.csv": AMOUNTS.partition("\n")[0]})
    plain = office.at.client.get(whom_to_ask)
    of_the_day = ("fast_start", "county_version")
    without, paid = ({name: said for name, said in each.json().items() if name not in of_the_day} for each in (plain, told))
    assert without == paid, "whom to ask, in which order, and why not the others"
    assert len(paid["places"]) == 3
    office.keep_book(**{"incentives.csv": AMOUNTS})
    assert plain.headers["ETag"] != office.at.client.get(whom_to_ask).headers["ETag"]
    offer_id = office.at.ask("N1")["P-ALDER"]
    mine = office.sam.get(f"/v1/own/offers/{offer_id}")
    assert mine.json()["fast_start"][-2:] == earns
    told = office.sam.get("/v1/own/incentives").json()
    assert told["periods"] == [{name: SNOW[name] for name in ("starts", "ends", "occasion")}], (
        "neither who opened it nor in which words"
    )
    assert [(each["workers"], each["up_to_hours"], each["gbp"]) for each in told["amounts"]][-1] == (2, 48.0, 90.0)
    of_sam = office.sam.headers["Authorization"].removeprefix("Bearer ")
    for key, whom, page in (
        (office.at.served.key("planner"), "its provider", "/people/N1"),
        (of_sam, "you", f"/own/offers/{offer_id}"),
    ):
        browser = Browser(office.at.served)
        with browser.client:
            words = browser.signed_in(key).read(page).words
            listed = browser.read("/own/offers").words if whom == "you" else ""
        assert "Care in place by" in words and f"earns {whom} £" in words
        assert "by Wednesday 25 November 2026 at 12:00am £90" in words
    assert "23 November 2026 up to and including 25 November 2026 (severe weather)" in listed
    assert "Two care workers at once: £195 within 12 hours, £142.50 within 24 hours, £90 within 48 hours" in listed
    office.keep_book(**{"incentives.csv": AMOUNTS.partition("\n")[0]})
    unearned = office.sam.get(f"/v1/own/offers/{offer_id}")
    assert (unearned.json()["fast_start"], unearned.headers["ETag"]) == ([], mine.headers["ETag"]), (
        "an answer is taken all the same"
    )
    office.keep_book(**{"incentives.csv": AMOUNTS})


def test_its_end_is_changed_and_never_put_before_today_is_over(office: Office) -> None:
    stale = office.contracts.get(f"{PERIODS}/IP0001").headers["ETag"]
    assert code_of(office.change("IP0001", ends=str(days(0)), why="too early")) == (422, "refused")
    assert code_of(office.contracts.patch(f"{PERIODS}/IP0001", json={"ends": str(days(2)), "why": "unread"})) == (
        428,
        "precondition_required",
    )
    thawed = office.change("IP0001", ends=str(days(1)), why="The thaw came earlier").json()
    assert (thawed["ends"], thawed["state"], thawed["changed_why"]) == (str(days(1)), "open", "The thaw came earlier")
    assert code_of(office.change("IP0001", tag=stale, ends=str(days(2)), why="late")) == (412, "changed_since")
    assert code_of(office.change("IP0001", "withdraw", why="a mistake")) == (409, "period_has_begun")
    assert office.is_stale()
    assert office.total("F-BRACKEN") == 130.0, "of today nothing changes"
    assert not office.is_stale()
    office.open(starts=str(days(5)), ends=str(days(6)), occasion="market_failure")
    assert code_of(office.change("IP0001", ends=str(days(6)), why="over the other")) == (409, "periods_overlap")
    gone = office.change("IP0002", "withdraw", why="The provider stays").json()
    assert (gone["state"], [each["incentive_period_id"] for each in office.listed(state="withdrawn")]) == (
        "withdrawn",
        ["IP0002"],
    )
    assert code_of(office.change("IP0002", ends=str(days(9)), why="again")) == (409, "period_is_over")
    assert office.open(starts=str(days(5)), ends=str(days(6))).status_code == 201, "days of a withdrawn one are free"
    actions = [each["action"] for each in office.at.trail() if each["action"].startswith("incentive_period")]
    assert actions == [f"incentive_period.{deed}" for deed in ("open", "end", "open", "withdraw", "open")]
    assert code_of(office.finance.get(f"{PERIODS}/IP9999")) == (404, "not_found")


def test_beside_those_of_the_account_book_a_day_counts_once(office: Office) -> None:
    office.keep_book(**{"incentive_periods.csv": f"starts,ends,occasion\n{days(-30)},{days(2)},Bank holidays\n"})
    told = [(each["incentive_period_id"], each["occasion"], each["state"]) for each in office.listed()]
    assert told == [
        ("IP0002", "market_failure", "withdrawn"),
        ("IP0003", "severe_weather", "to_come"),
        ("IP0001", "severe_weather", "open"),
        (None, "Bank holidays", "open"),
    ]
    assert office.total("F-BRACKEN") == 130.0
    office.keep_book(**{"incentive_periods.csv": "starts,ends,occasion\n"})


def test_words_that_name_somebody_are_emptied_and_the_period_stays(office: Office) -> None:
    assert office.total("F-BRACKEN") == 130.0
    office.open(starts=str(days(28)), ends=str(days(29)), why="R1 fell in the snow")
    assert not office.is_stale(), "it begins after these four weeks"
    emptied = texts_about(office.at.state(), {"R1"})
    assert {(kind, body["why"], body["starts"]) for (kind, _), body in emptied.items()} == {
        ("incentive_periods", "", str(days(28)))
    }


def test_on_pages(office: Office) -> None:
    here = "/accounts/incentive-periods"
    browser = Browser(office.at.served)
    with browser.client:
        browser.signed_in(office.at.served.key("contracts"))
        shown = browser.read(here)
        assert "23 November 2026" in shown.rows[-1][0] and "Severe weather" in shown.rows[-1][2]
        form = {
            "first-day": "1",
            "first-month": "2",
            "first-year": "2027",
            "last-day": "3",
            "last-month": "2",
            "last-year": "2027",
        }
        for sent, status, said in (
            ({"why": ""}, 422, "Give the first day"),
            (form, 422, "Choose why it is opened"),
            (
                form | {"occasion": "staff_absence", "why": "Flu", "first-year": "2025"},
                422,
                "The first day is today at the earliest",
            ),
            (form | {"occasion": "staff_absence", "why": "Flu", "last-day": "1", "last-month": "1"}, 422, "within a year"),
        ):
            answer = browser.post(here, sent)
            assert answer.status_code == status
            page = Read(answer)
            holds_for_every_page(page, answer)
            assert said in page.words
        made = browser.post(here, form | {"occasion": "staff_absence", "why": "Flu in the north"})
        address = made.headers["location"].partition("?")[0]
        one = browser.read(made.headers["location"])
        assert "Wednesday 3 February 2027" in one.words and "Flu in the north" in one.words
        (seen, _) = [each["value"] for each in one.all("input") if each.get("name") == "seen"]
        last = {"last-day": "2", "last-month": "2", "last-year": "2027", "why": "Fewer are ill", "seen": seen}
        assert "Say why" in Read(browser.post(f"{address}/end", last | {"why": ""})).words
        assert browser.post(f"{address}/end", last).headers["location"] == f"{address}?done=end"
        late = browser.post(f"{address}/withdraw", {"why": "Nobody is ill", "seen": seen})
        assert (late.status_code, "look again" in Read(late).words) == (412, True)
        now = next(each["value"] for each in browser.read(address).all("input") if each.get("name") == "seen")
        gone = browser.post(f"{address}/withdraw", {"why": "Nobody is ill", "seen": now})
        over = browser.read(gone.headers["location"])
        assert "Withdrawn" in over.words and not [each for each in over.said("button") if "end" in each]
