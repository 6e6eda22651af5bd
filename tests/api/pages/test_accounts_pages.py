"""Statements in a browser: drafted, looked at, questioned by their provider, decided about and closed, without any script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from api.pages.accounts import statements_page
from api.pages.accounts.period_board import why_in_words
from api.pages.page_words import hours_of_an_account
from api.security.keys import create_key
from api.security.roles import PROVIDER
from optimiser.domain.actuals import WHO, WHY
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER, Served, loaded, serving
from tests.api.pages.kept_accounts import STATEMENTS, VILLAGES
from tests.api.pages.reading import OF_THE_SITE, Browser, Read, holds_for_every_page
from tests.api.workbooks.test_workbooks import sheets
from tests.making.pdf_reading import TABLES, elements, unheaded

OCTOBER = {"period-day": "26", "period-month": "10", "period-year": "2026"}


@pytest.fixture(scope="module")
def served(small: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("accounts")
    limits = {"finance": 500}
    with serving(loaded(folder, small, run_workers=0, tick_seconds=0, approval_limits_gbp=limits)) as running:
        yield running


@contextmanager
def somebody(served: Served, name: str, role: str, provider_id: str = "") -> Iterator[Browser]:
    now = served.settings.clock.instant()
    key = create_key(served.service.store.engine, LOADER, name, [role], now, provider_id=provider_id)
    served.knows_new_keys()
    browser = Browser(served)
    with browser.client:
        yield browser.signed_in(key)


def seen_in(page: Read) -> str:
    return next(each["value"] for each in page.all("input") if each.get("name") == "seen")


def refused(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status
    page = Read(answer)
    holds_for_every_page(page, answer)
    return page.words


def in_parts(officer: Browser) -> None:
    """Of many statements a page holds some, and the figures of all."""
    with pytest.MonkeyPatch.context() as few:
        few.setattr(statements_page, "STATEMENTS", 3)
        first = officer.read("/accounts")
        (later,) = [each["href"] for each in first.all("a") if each.get("rel") == "next"]
        last = officer.read(later)
        pages = [[row[0] for row in page.rows if "Draft" in " ".join(row)] for page in (first, last)]
        assert list(map(len, pages)) == [3, 2] and not {*pages[0]} & {*pages[1]}
        assert "£5,950.45 in all" in first.words and "£5,950.45 in all" in last.words
        assert [each["href"] for each in last.all("a") if each.get("rel") in ("prev", "next")] == ["/accounts?period=2026-10-26"]


def test_reasons_are_told_in_words_and_hours_of_what_is_paid_are_not_rounded() -> None:
    told = ["person persons_wish", "provider running_late", "provider", "weather", "not_recorded"]
    said = ["The person: as they wished", "The provider: running late", "The provider", "The weather", "Not recorded"]
    assert [why_in_words(each, "delivered") for each in told] == said
    assert why_in_words("medication;meals", "planned") == "Medication, meals"
    every = [f"{who} {why}".strip() for who in ("", *WHO) for why in ("", *WHY)][1:]
    assert all(why_in_words(each, "delivered") and "_" not in why_in_words(each, "delivered") for each in every)
    assert [hours_of_an_account(each) for each in (16.5, 192, 1234.25, 0)] == ["16.50 h", "192 h", "1,234.25 h", "0 h"]


def test_a_period_from_its_records_to_a_closed_statement(served: Served) -> None:
    with (
        somebody(served, "Fred Finance", "finance") as fred,
        somebody(served, "Gwen Finance", "finance") as gwen,
        somebody(served, "Sam Marsh", PROVIDER, "ALDER") as sam,
        somebody(served, "Cora Contracts", "contracts") as officer,
    ):
        assert "No statement has been drafted" in fred.read("/accounts").words
        assert "has no default" in refused(fred.post("/accounts/draft", OCTOBER), 409)
        assert "Give the first day of the period" in refused(fred.post("/accounts/draft", {"period-day": ""}), 422)
        kept(fred)
        book = officer.read("/accounts/book")
        assert "begins on 26 October 2026" in book.words
        (terms,) = [row for row in book.rows if row[0] == "L-DOCK"]
        assert "5 minutes; rounding not known" in terms[2]
        assert officer.get("/accounts/book/terms.csv").content == (VILLAGES / "terms.csv").read_bytes()
        assert officer.get("/accounts/book/packages.csv").status_code == 404
        with served.client("finance") as program:
            csv = {"Content-Type": "text/csv"}
            sent = program.post("/v1/actuals/file", content=(VILLAGES / "actuals.csv").read_bytes(), headers=csv)
            assert sent.is_success
        drafted = fred.post("/accounts/draft", OCTOBER)
        assert drafted.headers["location"] == "/accounts?period=2026-10-26&done=drafted"
        page = fred.read(drafted.headers["location"])
        assert "26 October 2026 to 22 November 2026" in page.words
        assert "£5,950.45 in all" in page.words
        assert len([row for row in page.rows if "Draft" in " ".join(row)]) == 5
        assert "Draft its statements" not in officer.read("/accounts").words
        told_beside_them(served, fred, officer)
        alder = f"/accounts/{STATEMENTS['ALDER']}"
        one = fred.read(alder)
        assert "£4,608.00" in one.words and "£1,188.00" in one.words
        assert len(one.rows) == 1 + 50
        assert "Lines" not in officer.read(alder).said("h2"), "lines are of people"
        more = next(each["href"] for each in one.all("a") if each.get("rel") == "next")
        assert fred.read(more).rows[1][0] == "51"
        assert "the visit needs two care workers, and one came" in fred.read("/accounts/odd?contract=P-ALDER").words
        dock = fred.read(f"/accounts/{STATEMENTS['DOCK']}")
        assert "Terms of the contract are not known: rounding." in dock.words
        assert "Close this statement" not in dock.said("button")
        questioned(fred, sam)
        first = fred.post(f"{alder}/close", {"seen": seen_in(one)})
        assert first.headers["location"] == f"{alder}?done=first_yes"
        again = fred.read(first.headers["location"])
        assert "somebody else has to confirm it" in again.words
        assert "you have said yes already" in refused(fred.post(f"{alder}/close", {"seen": seen_in(again)}), 409)
        assert "look again" in refused(gwen.post(f"{alder}/close", {"seen": seen_in(one)}), 412)
        assert gwen.post(f"{alder}/close", {"seen": seen_in(again)}).headers["location"] == f"{alder}?done=closed"
        closed = fred.read(alder)
        assert "Gwen Finance" in closed.words and not [each for each in closed.said("button") if "lose" in each]
        for reader, address in ((fred, alder), (sam, f"/own{alder}")):
            packed = sheets(reader.get(f"{address}/statement.xlsx").content)
            assert ("statement-lines" in packed, ["guarantee_floor_gbp", 4608] in packed["about"]) == (True, True)
        to_keep(sam.get(f"/own{alder}/statement.pdf").content, closed.words)
        lines = sam.get(f"/own{alder}/lines.csv")
        assert lines.headers["content-disposition"].endswith(f'statement-{STATEMENTS["ALDER"]}.csv"')
        assert len(lines.text.splitlines()) == 1 + int(fred.get(f"{alder}/lines.csv").text.count("\r\n")) - 1


def to_keep(printed: bytes, page: str) -> None:
    """The figures as a tagged PDF: under its heading, each with what it stands under."""
    cells = [said for _, said in elements(printed, TABLES)]
    assert elements(printed)[0] == ("H1", f"Statement {STATEMENTS['ALDER']}") and not unheaded(printed)
    assert cells[cells.index("Total") + 1] in page and "Closed" in cells
    assert "Finance" not in str(cells), "who of the council did what is not told to its provider"


def told_beside_them(served: Served, fred: Browser, officer: Browser) -> None:
    what_the_period_tells(served, officer)
    what_deliveries_say(served, fred, officer)


def what_the_period_tells(served: Served, officer: Browser) -> None:
    in_parts(officer)
    told = officer.read("/accounts/periods")
    assert "£1,188.00 paid by guarantees and not used" in told.words
    assert "£85.76 less in steps of 15 minutes than of 5" in told.words
    (why,) = [row for row in told.rows if row[0] == "P-ALDER" and row[1].startswith("Commissioned, not delivered")]
    assert [each.rpartition(" ")[0][-5:] for each in (why[1], why[4])] == ["11.80", "37.70"], "which with no others are 49.50"
    assert officer.get("/accounts/periods/increments.svg?period=2026-10-26").text.startswith("<svg")
    table = officer.get("/accounts/periods/guarantees.csv?period=2026-10-26").text.splitlines()
    assert (len(table), table[1].split(",")[6]) == (2, "1188.0")
    for address in ("/accounts/periods/other.csv?period=2026-10-26", "/accounts/periods/increments.svg?period=x"):
        assert officer.get(address).status_code == 404
    with somebody(served, "Vic Viewer", "viewer") as viewer:
        assert "No period has been counted" not in viewer.read("/accounts/periods").words


def what_deliveries_say(served: Served, fred: Browser, officer: Browser) -> None:
    assert "Nothing has been counted yet" in officer.read("/deliveries").words
    assert "Give the day" in refused(fred.post("/deliveries/count", {"until-day": ""}), 422)
    ahead = {"until-day": "1", "until-month": "12", "until-year": "2026"}
    assert "expected a day up to today" in refused(fred.post("/deliveries/count", ahead), 422)
    until = {"until-day": "23", "until-month": "11", "until-year": "2026"}
    page = fred.read(fred.post("/deliveries/count", until).headers["location"])
    assert "The lists are counted anew" in page.words and "nothing changes by it" in page.words
    assert [row[0] for row in page.rows if row[0] in ("R1", "R2", "R5")] == ["R5", "R1", "R2"]
    (dock,) = [row for row in page.rows if row[0] == "R5"]
    assert [each.split()[-2:] for each in dock[3:5]] == [["5", "h"], ["4.42", "h"]]
    assert "19 made, 1 missed, 2 cut short (2 at their wish)" in dock[6]
    assert not [each for each in page.all("a") if each["href"] == "/people/R5"], "finance reads no person's page"
    assert "R5" not in fred.read("/deliveries?kind=cut_short").words
    with somebody(served, "Ada Planner", "planner") as ada:
        page = ada.read("/deliveries")
        assert [each for each in page.all("a") if each["href"] == "/people/R5"] and "Count them" not in page.words
    told = officer.read("/deliveries")
    assert "P-ALDER" in told.words and "R5" not in told.words and "People to look at" not in told.words
    assert fred.get("/deliveries/people.csv").text.splitlines()[1].startswith("R5,missed,L-DOCK,DOCK,,5.0,4.42,4,")
    assert len(officer.get("/deliveries/contracts.csv").text.splitlines()) == 5
    assert [officer.get(f"/deliveries/{name}.csv").status_code for name in ("people", "other")] == [403, 404]


def kept(fred: Browser) -> None:
    book = fred.read("/accounts/book")
    assert "nobody has kept account.toml" in book.words
    nothing = fred.client.post("/accounts/book", files={"x": ("", b"")}, data={"seen": seen_in(book)}, headers=headers_of(fred))
    assert "Choose one file at least" in refused(nothing, 422)
    wrong = {"settings": ("account.toml", b"periods_begin = 3\n")}
    answer = fred.client.post("/accounts/book", files=wrong, data={"seen": seen_in(book)}, headers=headers_of(fred))
    assert "a date such as" in refused(answer, 422)
    files = {
        field: (name, (VILLAGES / name).read_bytes()) for field, name in (("settings", "account.toml"), ("terms", "terms.csv"))
    }
    sent = fred.client.post("/accounts/book", files=files, data={"seen": seen_in(book)}, headers=headers_of(fred))
    assert sent.headers["location"] == "/accounts/book?done=kept"
    late = fred.client.post("/accounts/book", files=files, data={"seen": seen_in(book)}, headers=headers_of(fred))
    assert "Nothing was written: look again" in refused(late, 412)


def headers_of(browser: Browser) -> dict[str, str]:
    return browser._headers(dict(OF_THE_SITE))


def questioned(fred: Browser, sam: Browser) -> None:
    own = f"/own/accounts/{STATEMENTS['ALDER']}"
    assert "P-ALDER" in sam.read("/own/accounts").words
    assert sam.get(f"/own/accounts/{STATEMENTS['CLOVER']}").status_code == 404
    assert "Give the number of a line" in refused(sam.post(f"{own}/query", {"number": "one", "words": "x"}), 422)
    asked = sam.post(f"{own}/query", {"number": "2", "words": "Two of us were there"})
    page = sam.read(asked.headers["location"])
    assert "Your question is recorded" in page.words and "Queried" in page.rows[2][4]
    assert "questioned this line already" in refused(sam.post(f"{own}/query", {"number": "2", "words": "Again"}), 409)
    queries = fred.read("/accounts/queries")
    assert "Two of us were there" in queries.words
    decide = next(each["action"] for each in queries.all("form") if each["action"].endswith("/decide"))
    assert "Choose what you decide" in refused(fred.post(decide, {"reason": "x"}), 422)
    done = fred.post(decide, {"decision": "upheld", "reason": "The family confirms it"})
    assert done.headers["location"] == "/accounts/queries?done=decided"
    assert "Provider is right" in fred.read("/accounts/queries").words
    told = sam.read(own)
    assert "The family confirms it" in told.words and "Fred" not in told.words
