"""What a provider reads does not hang on what it may not know: two counties that differ in that alone give it equal bytes.

They differ in what other providers answered, in whom a person does not want, in who is protected and what was decided about
them and why; its own offers are in the same state in both.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.acts.__main__ import every_act
from api.acts.act import Act, Caller
from api.capacity_returns import acts as capacity
from api.capacity_returns.schemas import Free, ReturnTold
from api.http.errors import Problem
from api.http.strict import Query
from api.own import acts
from api.own.schemas import NewOwnAnswer, OwnOffersQuery
from api.security.keys import create_key
from api.security.roles import COUNCIL, PROVIDER
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.domain.records import Offer, Package, Round
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER, loaded, serving
from tests.api.databases import prepared
from tests.api.pages.reading import Browser
from tests.making import days, framework, legacy, noon, offer, package, principal, snapshot
from tests.making.weeks import visit

OF_CAPACITY = ("own.capacity", "own.tell_capacity")
PEOPLE = ("N1", "N2", "N3", "R1", "R2")
OTHERS = ("P-ALDER", "F-BRACKEN", "L-DOCK")
OWN = (
    offer("N1", "F-CLOVER", offered_at=noon(-1)),
    offer("N2", "F-CLOVER", "declined", reason="too_far", offered_at=noon(-2), responded_at=noon(-1)),
    offer("N3", "F-CLOVER", "withdrawn", offered_at=noon(-2), responded_at=noon(-1)),
)
ROUNDS = [Round("RD1", "CLOVER", "A1", 2, Fraction(46)), Round("RD2", "BRACKEN", "A1", 1, Fraction(20))]
CONTRACTS = [principal("ALDER"), framework("BRACKEN"), framework("CLOVER"), legacy("DOCK")]


def people() -> dict[str, Package]:
    usual = [
        package("N1", priority="planned", start_by=days(10)),
        package("N2", priority="planned"),
        package("N3", priority="planned"),
        package("R1", contract_id="F-CLOVER", round_id="RD1", care_started=days(-50)),
        package("R2", contract_id="F-BRACKEN", round_id="RD2", care_started=days(-50)),
    ]
    return {each.package_id: each for each in usual}


def county(who: dict[str, Package], offers: Sequence[Offer]) -> Snapshot:
    visits = [visit(f"V-{each}", each) for each in PEOPLE]
    return snapshot(who.values(), CONTRACTS, offers=[*OWN, *offers], visits=visits, rounds=ROUNDS)


@st.composite
def counties(draw: st.DrawFn) -> Snapshot:
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
    return county(who, said)


def everything_read(made: Snapshot, folder: Path) -> dict[str, bytes]:
    """Every act of a provider's own that reads, and what comes of two that answer."""
    asked = Settings(database_url=f"sqlite:///{folder / 'county.db'}", as_of=made.as_of)
    engine = prepared(asked.database_url)
    store = Store(engine, asked.clock)
    store.load(made, LOADER)
    service = Service.of(asked, store)
    try:
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
        found["own.capacity"] = capacity.read_own(by).body
        found["own.offers after"] = b"\n".join(acts.list_offers(by, OwnOffersQuery()).items)
    finally:
        service.close()
        engine.dispose()
    # The moments of its own answers are those of the test.
    return {name: re.sub(rb'"(said|recorded)_at":"[^"]*"', b"", told) for name, told in found.items()}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What is read where there is nothing that must not be known."""
    return everything_read(county(people(), ()), tmp_path_factory.mktemp("plain"))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=counties())
def test_a_provider_reads_the_same_bytes_whatever_it_may_not_know(plain: dict[str, bytes], made: Snapshot) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert everything_read(made, Path(folder)) == plain


def secretive() -> Snapshot:
    """The same county in which others have answered, somebody is protected and unwanted providers are named."""
    who = people()
    who["N1"] = replace(who["N1"], excluded_provider_ids=("BRACKEN",), protected="end_of_life")
    who["R1"] = replace(who["R1"], protected="autism", transfer_decision="not_suitable", preferred_provider_ids=("DOCK",))
    lost = {"offered_at": noon(-2), "responded_at": noon(-1)}
    said = [offer("N1", "L-DOCK", "declined", reason="no_capacity", **lost), offer("N3", "F-BRACKEN", "accepted", **lost)]
    return county(who, said)


def pages_read(made: Snapshot, folder: Path) -> dict[str, str]:
    """Every page of a provider's own, and what its form answers where an offer is closed."""
    with serving(loaded(folder, made, run_workers=0, tick_seconds=0)) as served:
        sam = Browser(served)
        with sam.client:
            now = served.settings.clock.instant()
            key = create_key(served.service.store.engine, LOADER, "Sam Marsh", [PROVIDER], now, provider_id="CLOVER")
            served.knows_new_keys()
            sam.signed_in(key)
            addresses = ["/own/offers", "/own/care", "/own/contracts", *(f"/own/offers/{each.offer_id}" for each in OWN)]
            addresses += ["/own/offers/Q-N1-L-DOCK", "/people/N1", "/waiting"]
            found = {each: sam.get(each).text for each in addresses}
            for name in ("Q-N3-F-CLOVER", "Q-N1-L-DOCK"):
                found[f"answer {name}"] = sam.post(f"/own/offers/{name}/answer", {"answer": "yes", "seen": "open"}).text
    return found


def test_its_pages_are_the_same_bytes_too(tmp_path: Path) -> None:
    for name in ("plain", "secret"):
        (tmp_path / name).mkdir()
    plain, secret = pages_read(county(people(), ()), tmp_path / "plain"), pages_read(secretive(), tmp_path / "secret")
    assert [each for each in plain if "No longer needed" in plain[each]] == [
        "/own/offers",
        "/own/offers/Q-N3-F-CLOVER",
        "answer Q-N3-F-CLOVER",
    ]
    assert plain == secret


def test_every_act_of_a_providers_own_is_compared() -> None:
    own = {each.name for each in every_act() if each.name.startswith("own.")}
    assert own == {"own.offers", "own.offer", "own.answer", "own.care", "own.contracts", "own.rounds", *OF_CAPACITY}


def test_a_provider_may_do_nothing_else() -> None:
    signing = {"me.read", "sessions.begin", "sessions.by_directory", "sessions.end"}
    mine: dict[str, Act[..., object]] = {each.name: each for each in every_act() if PROVIDER in each.roles}
    assert {name for name in mine if not name.startswith("own.")} == signing
    assert not any(role in each.roles for each in mine.values() if each.name.startswith("own.") for role in COUNCIL)
