"""A yes that a planner types in is treated as a provider's own: gathered where care can wait, and taken in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import pytest

from tests.api.desk import Desk, code_of, desk
from tests.making import framework, package, principal, provider, snapshot
from tests.making.weeks import visit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WEEK = ("mon", "tue", "wed", "thu", "fri")


@contextmanager
def market(database_url: str, **settings: Any) -> Iterator[Desk]:
    """N1 and N2 (standard) and U1 (urgent) wait, five hours a week each; the principal has no room, nor has ELDER."""
    people = [package(name, hours=5, visits_per_week=5) for name in ("N1", "N2")]
    people.append(package("U1", hours=5, visits_per_week=5, priority="urgent"))
    visits = [visit(f"{name}-AM", name, days=WEEK, duration_minutes=60) for name in ("N1", "N2", "U1")]
    contracts = [framework(name) for name in ("BRACKEN", "CLOVER", "DOCK")] + [principal("ALDER", max_hours_4w=Fraction(1))]
    limits = [provider("ELDER", max_hours_4w=Fraction(4))]
    with desk(
        database_url, snapshot(people, [*contracts, framework("ELDER")], visits=visits, providers=limits), **settings
    ) as at:
        yield at


def forward(at: Desk, package_id: str) -> list[str]:
    found = at.client.get(f"/v1/packages/{package_id}/offers").json()["items"]
    return [each["contract_id"] for each in found if each["put_forward"]]


def test_typed_yeses_are_gathered_and_taken_in_the_published_order(database_url: str) -> None:
    """The last in order says yes first, by telephone: it holds its hours, and once all have answered the first is placed."""
    with market(database_url) as at:
        made = at.ask("N1")
        first, second, third = (each for each in at.order("N1") if each in made)
        heard = at.answer(made[third], "accepted", answered_by="S. Marsh", how="telephone")
        said = heard["said"]
        assert (heard["response"], said["typed"], said["said_by"], said["how"]) == (None, True, "S. Marsh", "telephone")
        entries = len(at.trail())
        again = at.answer(made[third], "accepted", answered_by="S. Marsh", how="telephone")
        assert (again["said"], len(at.trail())) == (said, entries), "the same again is nothing"
        assert at.answer(made[third], "accepted")["said"] == said, "who said so is not lost by a yes that does not say"
        with at.served.client_of(third.removeprefix("F-"), "Sam") as sam:
            told = sam.get(f"/v1/own/offers/{made[third]}").json()
            assert (told["standing"], told["own_answer"]["said_by"]) == ("said_yes", "S. Marsh"), "it reads what was typed"
        with at.served.client_of(first.removeprefix("F-"), "Pat") as pat:
            assert pat.post(f"/v1/own/offers/{made[first]}/answer", json={"answer": "yes"}).is_success
        assert forward(at, "N1") == [] and ("yes_put_forward", "N1") not in at.alerts()
        at.decline(made[second])
        assert forward(at, "N1") == [first] and ("yes_put_forward", "N1") in at.alerts()
        assert at.answer(made[third], "accepted", answered_by="S. Marsh", how="telephone")["response"] is None
        assert at.answer(made[first], "accepted")["response"] == "accepted"
        assert at.offers("N1") == {first: "accepted", second: "declined", third: "withdrawn"}
        actors = {each["action"]: each["actor"].partition(" (")[0] for each in at.trail() if third in each["details"]}
        assert actors["offer.said_yes"] == "a planner"


def test_the_last_yes_to_come_is_placed_where_it_is_first_and_kept_where_it_is_not(database_url: str) -> None:
    with market(database_url) as at:
        for package_id, place in (("N1", 0), ("N2", -1)):
            made = at.ask(package_id)
            order = [each for each in at.order(package_id) if each in made]
            last = order[place]
            for each in order:
                if each != last:
                    assert at.answer(made[each], "accepted")["response"] is None
            found = at.answer(made[last], "accepted", answered_by="S. Marsh")
            assert found["response"] == ("accepted" if place == 0 else None)
            assert forward(at, package_id) == ([] if place == 0 else [order[0]])
        placed = at.answer(made[order[0]], "accepted")
        assert (placed["response"], at.offers("N2")[last]) == ("accepted", "withdrawn")


def test_of_what_cannot_wait_and_of_one_who_is_asked_alone_the_yes_counts_at_once(database_url: str) -> None:
    with market(database_url) as at:
        made = at.ask("U1")
        assert at.answer(list(made.values())[-1], "accepted")["response"] == "accepted"
        (alone,) = at.ask("N1", contract_ids=["F-DOCK"], reason="The family asks").values()
        assert at.answer(alone, "accepted")["response"] == "accepted"


def test_the_person_may_prefer_one_and_a_council_may_keep_the_first_yes(database_url: str) -> None:
    with market(database_url) as at:
        made = at.ask("N1")
        last = [each for each in at.order("N1") if each in made][-1]
        at.answer(made[last], "accepted")
        assert at.answer(made[last], "accepted", person_prefers="Knows its care workers")["response"] == "accepted"
    with market(f"{database_url}.first", typed_yes="first_wins") as at:
        made = at.ask("N1")
        last = [each for each in at.order("N1") if each in made][-1]
        assert at.answer(made[last], "accepted")["response"] == "accepted"


def test_a_typed_yes_is_judged_when_it_is_told_and_a_part_waits_as_well(database_url: str) -> None:
    """The planner hears so while it is on the telephone, and nothing is kept."""
    with market(database_url) as at:
        made = at.ask("N1")
        (beyond,) = at.ask("N1", contract_ids=["F-ELDER"], reason="It may take more").values()
        refused = at.try_answer(beyond, "accepted")
        assert code_of(refused) == (409, "beyond_provider_limit") and at.client.get(f"/v1/offers/{beyond}").json()["said"] is None
        rise = {"max_hours_4w": 40, "evidence": "S. Marsh by telephone"}
        assert at.answer(beyond, "accepted", raise_provider_limit=rise)["said"]["typed"]
        monday = {"visits": [{"visit_id": "N1-AM", "days": ["mon"]}], "reason": "no_capacity", "answered_by": "D. Dock"}
        part = f"/v1/offers/{made['F-DOCK']}/part"
        assert code_of(at.client.post(part, json=monday | {"visits": [{"visit_id": "N1-PM"}]})) == (422, "not_divisible")
        heard = at.client.post(part, json=monday)
        assert (heard.status_code, heard.json()["response"]) == (200, None), "a yes to some of it waits as one to all of it does"
        said = heard.json()["said"]
        assert (said["answer"], said["visits"], said["days"], said["typed"]) == ("part", ["N1-AM"], {"N1-AM": ["mon"]}, True)
        entries = len(at.trail())
        assert at.client.post(part, json=monday).json()["said"] == said
        assert len(at.trail()) == entries, "the same again is nothing"
        with at.served.client_of("DOCK", "Dan") as dan:
            own = dan.get(f"/v1/own/offers/{made['F-DOCK']}").json()["own_answer"]
            assert (own["visits"], own["days"], own["said_by"]) == ([1], {"1": ["mon"]}, "D. Dock"), "it reads what was typed"
        for each in ("F-BRACKEN", "F-CLOVER"):
            at.decline(made[each])
        assert forward(at, "N1") == ["F-ELDER"], "a yes to all of it comes first"
        at.answer(beyond, "declined", reason="no_capacity")
        assert forward(at, "N1") == ["F-DOCK"] and at.alerts().count(("yes_put_forward", "N1")) == 2
        placed = at.client.post(part, json=monday)
        assert (placed.status_code, placed.json()["package_id"], placed.json()["answered_by"]) == (201, "N1-P1", "D. Dock")


def test_of_two_parts_the_first_in_order_is_divided_off_whichever_was_typed_first(database_url: str) -> None:
    with market(database_url) as at:
        made = at.ask("N2")
        first, second, third = (each for each in at.order("N2") if each in made)
        parts = {each: f"/v1/offers/{made[each]}/part" for each in (first, third)}
        at.decline(made[second])
        days = {first: ["fri"], third: ["mon", "tue"]}
        for each in (third, first):
            taken = {"visits": [{"visit_id": "N2-AM", "days": days[each]}], "reason": "no_capacity"}
            assert at.client.post(parts[each], json=taken).status_code == (200 if each == third else 201)
        assert at.offers("N2") == {first: "declined", second: "declined", third: "withdrawn"}, "the rest is asked for anew"
    with market(f"{database_url}.preferred") as at:
        made = at.ask("N2")
        last = [each for each in at.order("N2") if each in made][-1]
        taken = {"visits": [{"visit_id": "N2-AM", "days": ["mon"]}], "reason": "no_capacity", "person_prefers": "Knows them"}
        assert at.client.post(f"/v1/offers/{made[last]}/part", json=taken).status_code == 201
