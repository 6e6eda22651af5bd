"""What a provider reads does not hang on what it may not know: two counties that differ in that alone give it equal bytes.

They differ in what other providers answered, in whom a person does not want, in who is protected and what was decided about
them and why; its own offers are in the same state in both.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from api.accounts import acts as accounts
from api.acts.__main__ import every_act
from api.acts.act import Act, Caller
from api.capacity_returns import acts as capacity
from api.capacity_returns.schemas import Free, ReturnTold
from api.contacts import acts as contacts
from api.contacts.schemas import AskedFurther, NewContact, NewOwnQuestion, NewReply
from api.http.errors import Problem
from api.http.strict import Query
from api.offers import acts as offers
from api.offers.lapsing import THE_CLOCK
from api.offers.schemas import Answer, Ask
from api.on_call import acts as on_call
from api.on_call.schemas import OwnHours
from api.own import acts
from api.own.schemas import NewOwnAnswer, OwnOffersQuery
from api.released_transfers import acts as released_transfers
from api.security.keys import create_key
from api.security.roles import COUNCIL, PLANNER, PROVIDER
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.statements import acts as statements
from api.statements.schemas import NewLineQuery
from api.storage.audit import Actor
from optimiser.domain.records import Offer, Package, Round
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER, loaded, serving
from tests.api.databases import prepared
from tests.api.own.what_is_owed import RUN, owed, own_statement_id
from tests.api.pages.reading import Browser
from tests.making import FAKENHAM, days, framework, legacy, noon, offer, package, principal, provider, snapshot
from tests.making.weeks import visit

OF_CAPACITY = ("own.capacity", "own.tell_capacity", "own.take_capacity_file")
OF_INCENTIVES = ("own.incentives",)
OF_TRANSFERS = ("own.transfers", "own.transfer")
"""Why one of its rounds stays is compared in ``tests/api/released_transfers`` too, of a plan that is worked out."""
OF_STATEMENTS = ("own.statements", "own.statement", "own.query_line", "own.line_queries")
OF_ACCOUNTS = (
    "own.accounts",
    "own.account",
    "own.account_lines",
    "own.account_queries",
    "own.account_workbook",
    "own.query_account",
)
"""Of what is owed for visits that were recorded: compared where it is read over HTTP, with accounts of others that differ."""
OF_QUESTIONS = ("own.ask", "own.ask_further", "own.question", "own.questions")
OF_CLOCKS = ("own.on_call", "own.declare_on_call")
PEOPLE = ("N1", "N2", "N3", "R1", "R2")
NEAR = tuple(f"M{n}" for n in range(1, 7))
"""Of these CLOVER could be asked, but others come before it. It is too far away from the next. All are first asked for."""
FAR = tuple(f"T{n}" for n in range(1, 7))
DECEMBER = dt.date(2026, 12, 8)
"""When the statements of November are made."""
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d(:[\d.]+)?|today at [\d:]+[ap]m")
"""When something was said, drafted or asked: the moments of the test."""
MEANT = {
    "/v1/own/accounts": b'"total_gbp"',
    f"/v1/own/transfers/{RUN}": b'"why":"moves_whole"',
    "/v1/own/questions/C1": b"It was not your turn.",
    "/own/questions/C1": b"It was not your turn.",
}
"""Where there must be something to compare, and what."""
OTHERS = ("P-ALDER", "F-BRACKEN", "L-DOCK")
OWN = (
    offer("N1", "F-CLOVER", offered_at=noon(-1)),
    offer("N2", "F-CLOVER", "declined", reason="too_far", offered_at=noon(-2), responded_at=noon(-1)),
    offer("N3", "F-CLOVER", "withdrawn", offered_at=noon(-2), responded_at=noon(-1)),
)
ROUNDS = [Round("RD1", "CLOVER", "A1", 2, Fraction(46)), Round("RD2", "BRACKEN", "A1", 1, Fraction(20))]
CONTRACTS = [principal("ALDER"), framework("BRACKEN"), framework("CLOVER"), legacy("DOCK")]
PROVIDERS = [provider("CLOVER", max_distance_miles=Fraction(5))]


def people() -> dict[str, Package]:
    usual = [
        package("N1", priority="planned", start_by=days(10)),
        package("N2", priority="planned"),
        package("N3", priority="planned"),
        package("R1", contract_id="F-CLOVER", round_id="RD1", care_started=days(-50)),
        package("R2", contract_id="F-BRACKEN", round_id="RD2", care_started=days(-50)),
        package("R3", contract_id="L-DOCK", hours=150),
        *(package(each) for each in NEAR),
        *(package(each, FAKENHAM) for each in FAR),
    ]
    return {each.package_id: each for each in usual}


def county(who: dict[str, Package], offers: Sequence[Offer]) -> Snapshot:
    visits = [visit(f"V-{each}", each) for each in PEOPLE]
    return snapshot(who.values(), CONTRACTS, providers=PROVIDERS, offers=[*OWN, *offers], visits=visits, rounds=ROUNDS)


@dataclass(frozen=True)
class Drawn:
    """A county, and what becomes of the first provider that is asked for each of NEAR and FAR: "" for no answer yet."""

    county: Snapshot
    said: tuple[str, ...] = ("",) * 12
    """Of ``NEAR`` and then of ``FAR``."""
    out_of_order: bool = False
    """Whether those who are far are asked for out of the published order, for a reason."""


@st.composite
def counties(draw: st.DrawFn) -> Drawn:
    """The same county with other secrets: an accepted offer of another provider would close CLOVER's to N1, so N1 has none."""
    who = people()
    for name in PEOPLE:
        secret: dict[str, Any] = {
            "excluded_provider_ids": draw(st.sampled_from([(), ("BRACKEN",), ("ALDER", "DOCK")])),
            "protected": draw(st.sampled_from(["", "end_of_life", "autism"])),
            "preferred_provider_ids": draw(st.sampled_from([(), ("DOCK",)])),
            "transfer_decision": draw(st.sampled_from(["", "suitable", "not_suitable"])) if name.startswith("R") else "",
        }
        who[name] = replace(who[name], **secret)
    said: list[Offer] = []
    for name in ("N1", "N2", "N3"):
        answers = ["", "declined", "expired", "withdrawn"] + ([] if name == "N1" else ["accepted"])
        for contract_id in draw(st.sets(st.sampled_from(OTHERS), max_size=2)):
            response = draw(st.sampled_from(answers))
            if response == "accepted" and any(each.package_id == name and each.response == "accepted" for each in said):
                response = "declined"
            reason = "no_capacity" if response == "declined" else ""
            given = {"offered_at": noon(-1), "responded_at": noon(0) if response else None, "reason": reason}
            said.append(offer(name, contract_id, response, **given))
    for name in (*NEAR, *FAR):
        # Without ALDER the framework would be asked first, and CLOVER of it: another state of its own offers.
        unwanted = [(), ("BRACKEN", "DOCK")] if name in NEAR else [(), ("CLOVER",), ("ALDER", "CLOVER"), ("BRACKEN",)]
        excluded = draw(st.sampled_from(unwanted))
        who[name] = replace(who[name], excluded_provider_ids=excluded, protected=draw(st.sampled_from(["", "autism"])))
    came: list[str] = draw(st.lists(st.sampled_from(["", "declined", "accepted"]), min_size=12, max_size=12))
    return Drawn(county(who, said), tuple(came), out_of_order=draw(st.booleans()))


def ask_for_all(by: Caller, drawn: Drawn) -> None:
    """Everybody is first asked for, and of each the first who were asked answer as was drawn."""
    for name, response in zip((*NEAR, *FAR), drawn.said, strict=True):
        otherwise = Ask(contract_ids=["L-DOCK"], reason="It knows the person")
        for made in offers.ask(by, name, otherwise if drawn.out_of_order and name in FAR else Ask()).items[:1]:
            if response == "declined":
                offers.answer(by, made.offer_id, Answer(response="declined", reason="no_capacity"), None)
            elif response:
                offers.answer(by, made.offer_id, Answer(response="accepted"), None)


def statements_read(engine: Engine, url: str) -> dict[str, bytes]:
    """What is read of the statement of November in December, and what comes of asking about a line of it."""
    later = Settings(database_url=url, as_of=DECEMBER)
    service = Service.of(later, Store(engine, later.clock))
    try:
        assert statements.keep_due(Caller(service, THE_CLOCK)) == ["2026-11"]
        by = Caller(service, Actor("Sam Marsh (1a2b)", PROVIDER, provider_id="CLOVER"))
        found = {"own.statements": statements.list_own(by).body, "own.statement": statements.read_own(by, "2026-11").body}
        with pytest.raises(Problem) as refused:
            statements.read_own(by, "2026-10")
        found["own.statement of October"] = f"{refused.value.code} {refused.value.detail}".encode()
        asked = statements.query_line(by, "2026-11", NewLineQuery(line="radius", said="How far is that?")).body
        found["own.query_line"] = asked
        found["own.line_queries"] = b"\n".join(statements.list_own_queries(by, Query()).items)
    finally:
        service.close()
    return {name: re.sub(rb'"(query_id|asked_at)":"[^"]*"', b"", told) for name, told in found.items()}


def questions_read(by: Caller, drawn: Drawn) -> dict[str, bytes]:
    """Its own questions; what a family asks of its care, or another provider asks at all, it does not learn of."""
    council = Caller(by.service, Actor("Ada Planner", PLANNER))
    if drawn.out_of_order:
        others = ({"who": "family", "package_id": "R1"}, {"who": "provider", "provider_id": "BRACKEN", "package_id": "N1"})
        for each in others:
            contacts.record(
                council, NewContact.model_validate({**each, "kind": "other", "asked": "Is it well?", "how": "letter"})
            )
    own = ({"contact_id": "C1", "offer_id": "Q-N1-F-CLOVER"}, {"contact_id": "C2", "package_id": "R1"}, {"contact_id": "C3"})
    for each in own:
        contacts.ask_own(by, NewOwnQuestion.model_validate({**each, "kind": "reasons", "asked": "Why?"}))
    contacts.answer(council, "C3", NewReply(text="It was not your turn."))
    found = {"own.ask_further": contacts.ask_own_further(by, "C3", AskedFurther(asked="When is it?")).body}
    # Those that are due alike stand by the second in which something was said last: the test's own clock, not a secret.
    found["own.questions"] = b"\n".join(sorted(contacts.list_own(by, Query()).items))
    found["own.question"] = contacts.read_own(by, "C1").body
    for another in ({"offer_id": "Q-N1-F-BRACKEN"}, {"package_id": "R2"}):
        with pytest.raises(Problem) as refused:
            contacts.ask_own(by, NewOwnQuestion.model_validate({**another, "kind": "reasons", "asked": "Why?"}))
        found[f"own.ask {another}"] = f"{refused.value.code} {refused.value.detail}".encode()
    return {name: re.sub(rb'"at":"[^"]*"', b"", told) for name, told in found.items()}


def everything_read(drawn: Drawn, folder: Path) -> dict[str, bytes]:
    """Every act of a provider's own that reads, and what comes of those that answer or ask."""
    made = drawn.county
    asked = Settings(database_url=f"sqlite:///{folder / 'county.db'}", as_of=made.as_of)
    engine = prepared(asked.database_url)
    store = Store(engine, asked.clock)
    store.load(made, LOADER)
    service = Service.of(asked, store)
    try:
        ask_for_all(Caller(service, Actor("Ada Planner", PLANNER)), drawn)
        by = Caller(service, Actor("Sam Marsh (1a2b)", PROVIDER, provider_id="CLOVER"))
        page = acts.list_offers(by, OwnOffersQuery())
        found = {"own.offers": b"\n".join(page.items), "own.contracts": acts.read_contracts(by).body}
        found["own.care"] = b"\n".join(acts.list_care(by, Query()).items)
        found["own.rounds"] = acts.list_rounds(by).body
        found |= {f"own.offer {each.offer_id}": acts.read_offer(by, each.offer_id).body for each in OWN}
        found["own.answer"] = acts.answer(by, "Q-N1-F-CLOVER", NewOwnAnswer(answer="yes", message="From 8am")).body
        for name in ("Q-N2-F-CLOVER", "Q-N3-F-CLOVER", "Q-N1-F-BRACKEN"):
            with pytest.raises(Problem) as refused:
                acts.answer(by, name, NewOwnAnswer(answer="yes"))
            found[f"own.answer {name}"] = f"{refused.value.code} {refused.value.detail} {refused.value.more}".encode()
        found["own.tell_capacity"] = capacity.tell_own(by, ReturnTold(free=[Free(hours_per_week=40)])).body
        (folder / "sent").mkdir()
        (folder / "sent" / "ours.csv").write_text("hours_per_week,area_id\n12,A1\n", encoding="utf-8")
        found["own.take_capacity_file"] = capacity.take_own_file(by, folder / "sent").body
        found["own.capacity"] = capacity.read_own(by).body
        found |= questions_read(by, drawn)
        hours = OwnHours.model_validate({"hours": [{"day": "monday", "starts": "09:00", "ends": "13:00"}]})
        found["own.declare_on_call"] = on_call.declare_own(by, hours).body
        found["own.on_call"] = on_call.read_own(by).body
        found["own.offers after"] = b"\n".join(acts.list_offers(by, OwnOffersQuery()).items)
        found["own.accounts"] = b"\n".join(accounts.list_own(by, Query()).items)
        found["own.transfers"] = released_transfers.list_own(by).body
        found |= statements_read(engine, asked.database_url)
    finally:
        service.close()
        engine.dispose()
    # The moments of its own answers are those of the test.
    return {name: re.sub(rb'"(said|recorded|declared)_at":"[^"]*"', b"", told) for name, told in found.items()}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What is read where there is nothing that must not be known."""
    found = everything_read(Drawn(county(people(), ())), tmp_path_factory.mktemp("plain"))
    told = orjson.loads(found["own.statement"])
    assert told["requests"] == {"all": 10, "asked_first": None, "before_you": 5, "other_reasons": None}
    assert told["largest_difference"] == {"reason": "radius", "requests": 5}, "there is something to compare"
    return found


@settings(max_examples=7, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=counties())
def test_a_provider_reads_the_same_bytes_whatever_it_may_not_know(plain: dict[str, bytes], drawn: Drawn) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert everything_read(drawn, Path(folder)) == plain


def secretive() -> Snapshot:
    """The same county in which others have answered, somebody is protected and unwanted providers are named."""
    who = people()
    who["N1"] = replace(who["N1"], excluded_provider_ids=("BRACKEN",), protected="end_of_life")
    who["R1"] = replace(who["R1"], protected="autism", transfer_decision="not_suitable", preferred_provider_ids=("DOCK",))
    lost = {"offered_at": noon(-2), "responded_at": noon(-1)}
    said = [offer("N1", "L-DOCK", "declined", reason="no_capacity", **lost), offer("N3", "F-BRACKEN", "accepted", **lost)]
    return county(who, said)


def everything_at_addresses(made: Snapshot, folder: Path, *, secret: bool) -> dict[str, bytes]:
    """Every page and every answer for programs of a provider's own, and what its form answers where an offer is closed."""
    with serving(loaded(folder, made, run_workers=0, tick_seconds=0)) as served:
        owed(served.service, secret=secret)
        account = own_statement_id(served.service)
        sam = Browser(served)
        with sam.client, served.client_of("CLOVER") as program:
            now = served.settings.clock.instant()
            key = create_key(served.service.store.engine, LOADER, "Sam Marsh", [PROVIDER], now, provider_id="CLOVER")
            served.knows_new_keys()
            sam.signed_in(key)
            own = [f"/own/offers/{each.offer_id}" for each in OWN]
            own += [f"/own/accounts/{account}", f"/own/transfers/{RUN}", "/own/questions/C1", "/own/offers/Q-N1-L-DOCK"]
            own += ["/own/transfers", "/own/accounts", "/own/questions", "/own/statements", "/own/contracts", "/own/care"]
            for_people = ["/own/offers", "/own/on-call", "/own/free-hours", f"/own/accounts/{account}/lines.csv"]
            for_programs = ["/own/offers", "/own/rounds", "/own/capacity-return", "/own/on-call"]
            for_programs += [f"/own/accounts/{account}/{each}" for each in ("lines", "queries", "workbook")]
            # What this key may not see reads the same, too.
            for_people += ["/people/N1", "/waiting", "/accounts", "/questions"]
            found = {each: sam.get(each).content for each in (*own, *for_people)}
            found |= {f"/v1{each}": program.get(f"/v1{each}").content for each in (*own, *for_programs)}
            for name in ("Q-N3-F-CLOVER", "Q-N1-L-DOCK"):
                found[f"answer {name}"] = sam.post(f"/own/offers/{name}/answer", {"answer": "yes", "seen": "open"}).content
    return {name: MOMENT.sub(b"", unpacked(told)) for name, told in found.items()}


def unpacked(told: bytes) -> bytes:
    """A workbook as what stands in its sheets; all else as it is."""
    if not told.startswith(b"PK"):
        return told
    with zipfile.ZipFile(io.BytesIO(told)) as packed:
        return b"\n".join(name.encode() + packed.read(name) for name in sorted(packed.namelist()))


def test_everything_at_its_addresses_is_the_same_bytes_too(tmp_path: Path) -> None:
    """With accounts, a released transfer and questions in both counties; ``pytest -s`` prints what was compared."""
    for name in ("plain", "secret"):
        (tmp_path / name).mkdir()
    plain = everything_at_addresses(county(people(), ()), tmp_path / "plain", secret=False)
    secret = everything_at_addresses(secretive(), tmp_path / "secret", secret=True)
    assert [each for each in plain if b"No longer needed" in plain[each]] == [
        "/own/offers/Q-N3-F-CLOVER",
        "/own/offers",
        "answer Q-N3-F-CLOVER",
    ]
    for name, said in MEANT.items():
        assert said in plain[name], f"{name} has nothing to compare: {plain[name][:2000]!r}"
    assert secret.keys() == plain.keys()
    assert [each for each in plain if secret[each] != plain[each]] == []
    compared = f"{len(plain)} addresses of a provider's own, {sum(map(len, plain.values())):,} bytes"
    print(f"\n{compared}: the same in two counties that differ in what it may not know")


def test_every_act_of_a_providers_own_is_compared() -> None:
    own = {each.name for each in every_act() if each.name.startswith("own.")}
    assert own == {
        "own.offers",
        "own.offer",
        "own.answer",
        "own.care",
        "own.contracts",
        "own.rounds",
        *OF_CAPACITY,
        *OF_CLOCKS,
        *OF_QUESTIONS,
        *OF_STATEMENTS,
        *OF_TRANSFERS,
        *OF_ACCOUNTS,
        *OF_INCENTIVES,
    }


def test_a_provider_may_do_nothing_else() -> None:
    signing = {"me.read", "sessions.begin", "sessions.by_directory", "sessions.end"}
    mine: dict[str, Act[..., object]] = {each.name: each for each in every_act() if PROVIDER in each.roles}
    assert {name for name in mine if not name.startswith("own.")} == signing
    assert not any(role in each.roles for each in mine.values() if each.name.startswith("own.") for role in COUNCIL)
