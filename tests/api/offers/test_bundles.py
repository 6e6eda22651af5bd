"""A bundle is one question: its packages are asked for as one, answered as one, and all of them or none. Over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import orjson
import pytest

from api.runs.applying import Applying, Wish, apply_inside
from api.settings import Settings
from tests.api.conftest import LOADER
from tests.api.desk import Desk, code_of, desk
from tests.making import AS_OF, following, framework, legacy, package, principal, provider, snapshot
from tests.making import days as day


@pytest.fixture
def area(database_url: str) -> Iterator[Desk]:
    """B1 (5 hours) and B2 (10 hours, needs dementia care) go together. ALDER has room for 14 hours, BRACKEN for 15."""
    people = [
        package("B1", hours=5, bundle_id="RUN", priority="planned"),
        package("B2", hours=10, bundle_id="RUN", skills=("dementia",)),
        package("N1", hours=5),
    ]
    contracts = [
        principal("ALDER", max_hours_4w=Fraction(4 * 14)),
        framework("BRACKEN", max_hours_4w=Fraction(4 * 15)),
        framework("CLOVER"),
        legacy("DOCK"),
    ]
    skilled = [provider(name, skills=("dementia",)) for name in ("ALDER", "BRACKEN", "DOCK")]
    with desk(database_url, snapshot(people, contracts, providers=skilled)) as at:
        yield at


def test_what_bars_one_bars_all_and_there_is_room_for_all(area: Desk) -> None:
    told = area.cascade("B1")
    assert told["asked_with"] == ["B2"]
    assert area.order("B1") == ["F-BRACKEN", "L-DOCK"]
    assert area.why_not("B1") == {"P-ALDER": ["contract_hours"], "F-CLOVER": ["bundle_together"]}
    assert area.cascade("N1")["asked_with"] == []


def test_one_is_asked_for_and_all_are_and_one_yes_places_all(area: Desk) -> None:
    made = area.client.post("/v1/packages/B1/offers").json()["items"]
    assert sorted((each["package_id"], each["contract_id"]) for each in made) == [("B1", "F-BRACKEN"), ("B2", "F-BRACKEN")]
    first, second = (each["offer_id"] for each in made)
    assert [each["asked_with"] for each in made] == [[second], [first]]
    # One time to answer by: the sooner of a planned and a standard package's.
    assert len({each["expires_at"] for each in made}) == 1
    area.answer(second, "accepted", answered_by="S. Marsh", how="telephone")
    assert (area.offers("B1"), area.offers("B2")) == ({"F-BRACKEN": "accepted"}, {"F-BRACKEN": "accepted"})
    told = area.client.get(f"/v1/offers/{first}").json()
    assert (told["answered_by"], told["how"]) == ("S. Marsh", "telephone")
    entries = [orjson.loads(each["details"]) for each in area.trail() if each["action"] == "offer.accepted"]
    assert [(each["answered_by"], each["how"]) for each in entries] == [("S. Marsh", "telephone")] * 2


def test_one_no_is_for_all_and_the_bundle_stands_again(area: Desk) -> None:
    made = area.ask("B2")
    area.decline(made["F-BRACKEN"])
    assert (area.offers("B1"), area.offers("B2")) == ({"F-BRACKEN": "declined"}, {"F-BRACKEN": "declined"})
    assert list(area.ask("B1")) == ["L-DOCK"]
    assert area.offers("B2") == {"F-BRACKEN": "declined", "L-DOCK": None}


def test_all_or_none_where_the_room_has_gone_meanwhile(area: Desk) -> None:
    offer_id = area.ask("B1")["F-BRACKEN"]
    with area.store.change(LOADER) as change:  # room for B1 alone from now on
        body = change.state.stock["contracts"]["F-BRACKEN"].body
        change.put("contracts", "F-BRACKEN", body | {"max_hours_4w": "24"})
        change.remember("contracts.limit_raised", "contracts", "F-BRACKEN", {})
    assert code_of(area.try_answer(offer_id, "accepted")) == (409, "no_room")
    assert (area.offers("B1"), area.offers("B2")) == ({"F-BRACKEN": None}, {"F-BRACKEN": None})


def test_whoever_names_an_ended_contract_is_told_its_successor(database_url: str) -> None:
    ended = framework("ALDER", ends=day(-5))
    with desk(database_url, snapshot([package("N1")], [ended, following(ended, "F-2", day(-5))])) as at:
        refused = at.client.post("/v1/packages/N1/offers", json={"contract_ids": ["F-ALDER"], "reason": "Please"})
        assert code_of(refused) == (409, "contract_taken_over")
        assert refused.json()["named_instead"] == "F-2"
        assert list(at.ask("N1", contract_ids=["F-2"])) == ["F-2"]


def test_what_a_run_proposes_for_a_bundle_is_one_question_as_well(area: Desk) -> None:
    settings = Settings(database_url="sqlite://", as_of=AS_OF)
    wishes = [Wish("B1", "F-BRACKEN", moved=False), Wish("B2", "F-BRACKEN", moved=False), Wish("N1", "P-ALDER", moved=False)]
    with area.store.change(LOADER) as change:
        applied, refused = apply_inside(change, settings, Applying("RUN", area.state().version), wishes)
    assert not refused
    assert [(each.package_id, each.contract_id, each.before) for each in applied] == [
        ("B1", "F-BRACKEN", False), ("B2", "F-BRACKEN", False), ("N1", "P-ALDER", False),
    ]  # fmt: skip
    first, second, alone = (area.client.get(f"/v1/offers/{each.offer_id}").json() for each in applied)
    assert (first["asked_with"], second["asked_with"]) == ([second["offer_id"]], [first["offer_id"]])
    assert alone["asked_with"] == []
    area.answer(first["offer_id"], "accepted")
    assert (area.offers("B2"), area.offers("N1")) == ({"F-BRACKEN": "accepted"}, {"P-ALDER": None})


def test_what_stops_the_offer_of_one_stops_those_of_all(area: Desk) -> None:
    area.ask("B1")
    etag = area.client.get("/v1/packages/B2").headers["etag"]
    changed = area.client.patch("/v1/packages/B2", json={"excluded_provider_ids": ["BRACKEN"]}, headers={"If-Match": etag})
    assert changed.is_success, changed.text
    assert list(area.ask("N1")) == ["P-ALDER"]  # any change lets lapse what has lapsed
    assert (area.offers("B1"), area.offers("B2")) == ({"F-BRACKEN": "withdrawn"}, {"F-BRACKEN": "withdrawn"})
    assert area.order("B2") == ["L-DOCK"]
