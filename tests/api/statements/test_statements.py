"""A county of November, worked by hand; in December its statements are made, read, asked about and answered, over HTTP."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import httpx
import pikepdf
import pytest
from sqlalchemy import select

from api.acts.act import Caller
from api.clock import Clock
from api.fairness.requests_kept import KeptOffer
from api.nights.watching import watch_of
from api.offers.lapsing import THE_CLOCK
from api.pages.providers.monthly_statement_board import query_rows, statement_board
from api.security.keys import create_key
from api.security.roles import PROVIDER
from api.settings import Settings
from api.state.store import Store
from api.state.stored_records import FIRST_ASKINGS
from api.statements.acts import keep_due
from api.statements.line_queries import due_on
from api.statements.monthly_statement import largest_difference, statement_of
from api.statements.schemas import QUERY, STATEMENT
from api.statements.statement_months import is_over, span_of
from api.storage import audit, table_schema
from api.storage.database import reading
from optimiser.rules.vocabulary import OWN_REASONS
from tests.api.conftest import LOADER, Served, serving
from tests.api.desk import code_of, desk
from tests.api.pages.reading import Browser
from tests.making import FAKENHAM, framework, legacy, noon, offer, package, principal, provider, snapshot
from tests.making.pdf_reading import BLOCKS, TABLES, elements, unheaded

Json = dict[str, Any]
DECEMBER = dt.date(2026, 12, 8)
"""A Tuesday, a week after the end of November."""


@pytest.fixture(scope="module")
def november(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Six people are asked for, of Alder first. Bracken could take all of them; Clover has no hours; Elm drives two miles, and
    they live further away. Alder says yes to N1, no to N2 and N3; of N3 Bracken says no after that. N7 waits since October.
    """
    url = f"sqlite:///{tmp_path_factory.mktemp('november') / 'county.db'}"
    people = [package(f"N{n}", FAKENHAM) for n in range(1, 7)] + [package("N7")]
    people.append(package("R1", contract_id="L-DOCK", hours=200))
    contracts = [principal("ALDER"), *(framework(name) for name in ("BRACKEN", "CLOVER", "ELM")), legacy("DOCK")]
    own = [provider("CLOVER", max_hours_4w=Fraction(19)), provider("ELM", max_distance_miles=Fraction(2))]
    october = offer("N7", "L-DOCK", "withdrawn", offered_at=noon(-40), responded_at=noon(-39))
    with desk(url, snapshot(people, contracts, providers=own, offers=[october]), run_workers=0) as at:
        for n in range(1, 7):
            asked = at.ask(f"N{n}")["P-ALDER"]
            if n == 1:
                at.answer(asked, "accepted")
            elif n in (2, 3):
                at.decline(asked, "time_of_day")
        (bracken,) = at.ask("N3").values()
        at.decline(bracken)
        assert at.state().get(FIRST_ASKINGS, "2026-11") is not None
        assert keep_due(Caller(at.served.service, THE_CLOCK)) == [], "the month is not over"
    return url


@pytest.fixture(scope="module")
def december(november: str) -> Iterator[Served]:
    settings = Settings(database_url=november, as_of=DECEMBER, tick_seconds=0, run_workers=0)
    with serving(settings) as served:
        assert keep_due(Caller(served.service, THE_CLOCK)) == ["2026-11"]
        yield served


def statement(client: httpx.Client, month: str = "2026-11") -> Json:
    answer = client.get(f"/v1/own/statements/{month}")
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


def not_asked(told: Json) -> dict[str, tuple[int | None, int | None]]:
    return {each["reason"]: (each["requests"], each["alone"]) for each in told["not_asked"] if each["requests"] or each["alone"]}


def test_each_provider_reads_its_own(december: Served) -> None:
    """Six requests, which are 5 to the nearest five. For N7 somebody was asked in October, and nobody since."""
    with december.client_of("ALDER") as alder, december.client_of("BRACKEN") as bracken, december.client_of("ELM") as elm:
        told = statement(alder)
        assert told["requests"] == {"all": 5, "asked_first": 5, "before_you": None, "other_reasons": None}
        offers = {name: told["offers"][name] for name in ("asked", "placed", "no", "no_answer_in_time", "waiting", "answered")}
        assert offers == {"asked": 6, "placed": 1, "no": 2, "no_answer_in_time": 0, "waiting": 3, "answered": 3}
        assert told["offers"]["no_by_reason"]["time_of_day"] == 2 and told["largest_difference"] is None
        assert (told["since"], told["until"], told["made_on"]) == ("2026-11-01", "2026-12-01", str(DECEMBER))
        assert (told["area_ids"], told["whole_county"], told["counts_to_the_nearest"]) == (["A1"], False, 5)

        told = statement(bracken)
        assert told["requests"] == {"all": 5, "asked_first": None, "before_you": 5, "other_reasons": None}
        assert (told["offers"]["asked"], told["offers"]["no"], told["offers"]["no_by_reason"]["no_capacity"]) == (1, 1, 1)

        assert not_asked(statement(elm)) == {"radius": (5, 5)}
        assert statement(elm)["largest_difference"] == {"reason": "radius", "requests": 5}
        assert elm.get("/v1/own/statements").json() == {"provider_id": "ELM", "months": ["2026-11"]}
        assert code_of(elm.get("/v1/own/statements/2026-10")) == (404, "not_found")
        assert code_of(elm.get("/v1/own/statements/2026-13")) == (422, "invalid_request")


def test_the_council_reads_the_same_bytes_and_nobody_writes_them_again(december: Served) -> None:
    with december.client_of("CLOVER") as clover, december.client("contracts") as officer, december.client("viewer") as viewer:
        mine = clover.get("/v1/own/statements/2026-11").content
        assert officer.get("/v1/providers/CLOVER/statements/2026-11").content == mine
        assert officer.get("/v1/providers/CLOVER/statements").json()["months"] == ["2026-11"]
        store = december.service.store
        with store.change(LOADER) as change:  # a clock that was set back counts into a month that is over
            change.put("providers", "CLOVER", change.state.stock["providers"]["CLOVER"].body | {"name": "Clover & Co"})
            change.put(FIRST_ASKINGS, "2026-11", {"month": "2026-11", "providers": {"CLOVER": {"requests": 90}}})
        assert keep_due(Caller(december.service, THE_CLOCK)) == ["2026-11"]
        assert keep_due(Caller(december.service, THE_CLOCK)) == []
        assert clover.get("/v1/own/statements/2026-11").content == mine
        assert code_of(viewer.get("/v1/providers/CLOVER/statements")) == (403, "forbidden")
        assert code_of(clover.get("/v1/providers/CLOVER/statements")) == (403, "forbidden")
        assert code_of(officer.get("/v1/providers/NOBODY/statements/2026-11")) == (404, "not_found")
    with reading(store.engine) as connection:
        assert not list(audit.verify(connection))
        actions = select(table_schema.audit.c.actor).where(table_schema.audit.c.action == "statements.keep")
        assert set(connection.execute(actions).scalars()) == {THE_CLOCK.name}


def test_a_line_is_asked_about_and_answered_by_a_named_officer(december: Served) -> None:
    asked = {"line": "own_limit", "said": "We raised it on 3 November."}
    with december.client_of("CLOVER") as clover, december.client_of("ELM", "Eve Elm") as elm:
        made = clover.post("/v1/own/statements/2026-11/queries", json=asked).json()
        assert (made["answer_by"], made["asked_by"], made["is_late"]) == ("2026-12-22", "Sam Marsh", False)
        assert clover.post("/v1/own/statements/2026-11/queries", json=asked).json() == made, "sent twice"
        assert code_of(clover.post("/v1/own/statements/2026-10/queries", json=asked)) == (404, "not_found")
        assert code_of(clover.post("/v1/own/statements/2026-11/queries", json={**asked, "line": "x"})) == (422, "invalid_request")
        assert elm.get("/v1/own/statement-queries").json()["items"] == []

        service = december.service
        with reading(service.store.engine) as connection:
            state = service.store.live.at(connection)
            assert watch_of(connection, state, service.settings).overdue_queries == ()
        clock = Clock(dt.date(2026, 12, 23))
        with reading(service.store.engine) as connection:
            state = Store(service.store.engine, clock).live.at(connection)
            (late,) = watch_of(connection, state, service.settings).overdue_queries
            assert (late.query_id, late.month, late.answer_by) == (made["query_id"], "2026-11", dt.date(2026, 12, 22))

        address = f"/v1/statement-queries/{made['query_id']}/answer"
        with december.client("contracts") as officer, december.client("planner") as planner:
            assert officer.get("/v1/statement-queries", params={"open": True}).json()["items"] == [made]
            assert code_of(planner.post(address, json={"answer": "It was."})) == (403, "forbidden")
            given = officer.post(address, json={"answer": "Your letter came on the 5th."}).json()
            assert given["answered_by"].startswith("a contracts (")
            assert code_of(officer.post(address, json={"answer": "Again."})) == (409, "query_answered")
            assert code_of(officer.post("/v1/statement-queries/none/answer", json={"answer": "No."})) == (404, "not_found")
            assert officer.get("/v1/statement-queries", params={"open": True}).json()["items"] == []
        (mine,) = clover.get("/v1/own/statement-queries").json()["items"]
        assert (mine["answer"], mine["answered_by"]) == ("Your letter came on the 5th.", "a contracts")
    with reading(december.service.store.engine) as connection:
        told = str(connection.execute(select(table_schema.audit.c.details)).scalars().all())
        assert "3 November" not in told and "the 5th" not in told, "what was written stands in its record alone"


def test_a_statement_to_keep_is_a_tagged_pdf_that_both_sides_have_alike(december: Served) -> None:
    """Read as a screen reader does: under its title, in its order, each figure with what it stands under."""
    alder, officer = Browser(december), Browser(december)
    with alder.client, officer.client:
        alder.signed_in(december.key(PROVIDER)), officer.signed_in(december.key("contracts"))
        answer = alder.get("/own/statements/2026-11.pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert officer.get("/providers/ALDER/statements/2026-11.pdf").content == answer.content
        assert alder.get("/providers/ELM/statements/2026-11.pdf").status_code == 403
        assert alder.get("/own/statements/2026-10.pdf").status_code == 404
    with december.client_of("ALDER") as client:
        board = statement_board(statement(client), {})
    said = elements(answer.content, (*BLOCKS, *TABLES))
    words = [each for _, each in said]
    heads = ["Requests for care in its areas", "Requests", "How many", "Nothing else of its own in the way"]
    rows = [cell for row in board.requests for cell in row]
    offers = ["Its own offers of new care", "Offers", "How many", *(cell for row in board.offers for cell in row)]
    begins = ["Alder: statement of November 2026", f"Contracts: {board.where}.", *heads, *rows, board.largest, *offers]
    assert words[: len(begins)] == begins and words[len(begins)].startswith("Why it said no: ")
    assert [kind for kind, _ in said[:3]] == ["H1", "P", "Caption"] and unheaded(answer.content) == []
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("en-GB", True)
        with pdf.open_metadata() as told:
            assert (told["pdfuaid:part"], told["dc:title"]) == ("1", begins[0])


def test_ten_working_days_step_over_christmas() -> None:
    """From Tuesday 15 December: 16, 17, 18, 21, 22, 23, 24, 29, 30, 31 (the 25th and, for Boxing Day on a Saturday, the 28th are
    holidays)."""
    assert due_on(Settings(), dt.date(2026, 12, 15)) == dt.date(2026, 12, 31)
    assert due_on(Settings(statement_answer_working_days=1), dt.date(2026, 12, 18)) == dt.date(2026, 12, 21)


def test_a_month_is_over_a_week_after_its_end() -> None:
    assert not is_over("2026-11", dt.date(2026, 12, 7)) and is_over("2026-11", dt.date(2026, 12, 8))
    assert span_of("2026-12").until == dt.date(2027, 1, 1)


def test_the_largest_difference_is_of_what_stood_alone_and_is_in_its_power() -> None:
    assert largest_difference({"alone.radius": 4, "own_limit": 50}, 5) is None, "too few, and not alone"
    assert largest_difference({"alone.radius": 8, "alone.own_limit": 12, "alone.rating": 40}, 5) == {
        "reason": "own_limit",
        "requests": 10,
    }
    assert largest_difference({"alone.radius": 8, "alone.skills": 8}, 5) == {"reason": "skills", "requests": 10}
    order = [each for each in OWN_REASONS if each in ("skills", "radius")]
    assert order == ["skills", "radius"], "of as many the first in the order of the reasons"


def test_how_long_its_own_answers_took(december: Served) -> None:
    """Two hours, four, and nine by a yes of its own; what ran out, or was withdrawn before it said anything, has no answer."""

    def kept(response: str, hours: float, said: float | None = None) -> KeptOffer:
        at = noon(-20)
        record = offer("N1", "P-ALDER", response, offered_at=at, responded_at=at + dt.timedelta(hours=hours))
        said_at = "" if said is None else (at + dt.timedelta(hours=said)).isoformat()
        return KeptOffer(record, response, out_of_order=False, said_yes=said is not None, said_at=said_at)

    made = [kept("declined", 2), kept("accepted", 4), kept("accepted", 30, said=9), kept("expired", 16), kept("withdrawn", 1)]
    state = december.service.store.state()
    told = statement_of(state, "ALDER", "2026-11", span_of("2026-11"), {}, made, 5)["offers"]
    assert (told["answered"], told["median_hours"], told["longest_hours"]) == (3, 4.0, 9.0)
    nothing = statement_of(state, "ALDER", "2026-11", span_of("2026-11"), {}, [], 5)["offers"]
    assert (nothing["asked"], nothing["median_hours"]) == (0, None)


def test_somebody_at_a_provider_reads_and_asks_on_a_page(december: Served) -> None:
    with at_provider(december, "ELM", "Eve Elm") as elm:
        assert "/own/statements/2026-11" in [each["href"] for each in elm.read("/own/statements").all("a")]
        page = elm.read("/own/statements/2026-11")
        assert page.said("h1") == ["Your statement of November 2026"] and "Elm. Contracts: A1" in page.words, "it is printed, too"
        rows = {row[0]: row[1:] for row in page.rows}
        assert rows["Not asked: further away than it travels"] == ["How many 5", "Nothing else of its own in the way 5"]
        assert rows["Not asked: other reasons"] == ["How many fewer than 5", "Nothing else of its own in the way –"]
        assert "Had it been that it travelled as far as was needed" in page.words and "about 5 requests more" in page.words
        assert "Bracken" not in page.words and "Alder" not in page.words
        file = elm.get("/own/statements/2026-11.csv").text
        assert "requests,radius,5,5\r\n" in file and "requests,other_reasons,,\r\n" in file
        assert "largest_difference,radius,5,\r\n" in file and "offers,asked,0,\r\n" in file
        assert elm.get("/own/statements/2026-10").status_code == 404

        wrong = elm.post("/own/statements/2026-11/query", {"line": "", "said": ""})
        assert wrong.status_code == 422 and "Choose the line" in wrong.text
        sent = elm.post("/own/statements/2026-11/query", {"line": "radius", "said": "From which office?"})
        assert (sent.status_code, sent.headers["location"]) == (303, "/own/statements/2026-11?done=asked")
        page = elm.read("/own/statements/2026-11?done=asked")
        assert "Your question is sent" in page.words and "An answer is due by 22 December 2026" in page.words
        assert "From which office?" in elm.read("/own/statements").words

    officer = Browser(december)
    with officer.client:
        officer.signed_in(december.key("contracts"))
        assert "/providers/ELM/statements" in [each["href"] for each in officer.read("/providers/ELM").all("a")]
        owed = officer.read("/questions")
        assert "Elm: 1 line of its statements. The first answer is owed by 22 December 2026" in owed.words
        assert "/providers/ELM/statements" in [each["href"] for each in owed.all("a")]
        page = officer.read("/providers/ELM/statements")
        (query,) = [each["value"] for each in page.all("input") if each.get("name") == "query"]
        assert "From which office?" in page.words
        assert "The provider reads the same" in officer.read("/providers/ELM/statements/2026-11").words
        assert "requests,radius,5,5" in officer.get("/providers/ELM/statements/2026-11.csv").text
        address = "/providers/ELM/statements/answer"
        assert officer.post(address, {"query": "none", "answer": "Yes"}).status_code == 422
        assert officer.post(address, {"query": query, "answer": " "}).status_code == 422
        assert officer.post(address, {"query": query, "answer": "From the nearest."}).status_code == 303
        assert officer.post(address, {"query": query, "answer": "Again."}).status_code == 409
        assert "The answer is recorded" in officer.read("/providers/ELM/statements?done=answered").words
        assert "of its statements" not in officer.read("/questions").words
    with at_provider(december, "ELM", "Eve Elm") as elm:
        assert "From the nearest. – a contracts" in elm.read("/own/statements").words


@contextmanager
def at_provider(served: Served, provider_id: str, name: str) -> Iterator[Browser]:
    """Somebody at a provider in a browser."""
    now = served.settings.clock.instant()
    key = create_key(served.service.store.engine, LOADER, name, [PROVIDER], now, provider_id=provider_id)
    served.knows_new_keys()
    browser = Browser(served)
    with browser.client:
        yield browser.signed_in(key)


def test_the_board_of_who_answered_nothing_and_of_a_whole_county() -> None:
    told: Json = {
        **STATEMENT, "whole_county": True, "area_ids": [], "largest_difference": None,
        "offers": {**STATEMENT["offers"], "answered": 0},
    }  # fmt: skip
    board = statement_board(told, {})
    assert (board.where, board.answers) == ("the whole county", "It answered none itself.")
    assert board.largest == "None of its own limits alone stood in the way of 5 requests or more."
    full = statement_board({**STATEMENT, "whole_county": True}, {"A1": "Larkmere"})
    assert full.where == "the whole county, and Larkmere"
    assert full.answers == "It answered 14 offers itself: half of them within 5.5 hours, the slowest after 23 hours."
    assert full.said_no == "cannot meet the need 1; no capacity 4; the time of day 2"
    late = query_rows([{**QUERY, "is_late": True}])[0]
    assert late.standing == "An answer is late: it was due by 23 December 2026" and late.answer == ""
