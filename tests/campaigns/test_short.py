"""The short versions of the campaigns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from api.clock import Clock
from api.state.store import Store
from api.storage.database import open_database
from api.storage.migrating import upgrade
from optimiser.io.record_cells import EXTRA, cells_of
from tests.api.conftest import LOADER
from tests.campaigns import differences, race, race_pages
from tests.campaigns.officers import LINE, Officer, Told, faults_of
from tests.making import AS_OF, offer, package


@contextmanager
def a_county() -> Iterator[tuple[str, Store]]:
    """A database with the county of a race, for a judge to look at."""
    with race.databases("sqlite", "/tmp") as new_database:
        url = new_database()
        engine = open_database(url)
        upgrade(engine)
        store = Store(engine, Clock(AS_OF))
        store.load(race.beginning(), LOADER)
        yield url, store
        engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_planners_race_for_the_last_free_hours(kind: str) -> None:
    answers, wrong = race.run(kind, rounds=2, planners=30, officers=2)
    assert not wrong
    assert answers["accept 200"] >= 10
    lives = [f"contracts.{deed}" for deed in ("extend", "end_early", "award_anew", "withdraw")]
    quality = ("locations.add", "assessments.open")
    for deed in ("county.sync", "rates.add", "providers.end", "call_off.add", "areas.move_go_live", *lives, *quality):
        assert answers[f"officers' {deed}"] >= 2, deed
    assert answers["call off 201"] >= 6
    assert (answers["take some 201"], answers["take some 409 already_answered"]) == (2, 2), "one of two holds in each round"
    refused = sum(count for what, count in answers.items() if " 409 " in what)
    assert refused >= 10  # they did race


def test_two_planners_race_at_the_page_of_one_person() -> None:
    answers, wrong = race_pages.run("sqlite", rounds=2)
    assert not wrong
    for other in ("no_capacity", "withdrawn"):
        assert answers[f"accepted and {other}: 303 and 409"] == 2, "the second is told"
    assert answers["ask: 303 and 409"] >= 2
    assert answers["accepted and accepted: 303 and 303"] == 2, "the same yes, once in the trail"


def test_the_judge_finds_what_is_wrong() -> None:
    """A judge that finds nothing proves nothing: it is given a round in which too much was placed."""
    with a_county() as (url, store):
        made = [offer(name, "F-CLOVER", "accepted") for name in race.PACKAGES[:4]]
        made.append(offer(race.PACKAGES[0], "P-ALDER", "accepted"))
        with store.change(LOADER) as change:
            for each in made:
                change.put("offers", each.offer_id, dict(cells_of("offers", each)))
        told = race.Told(accepted=["lost", *(each.offer_id for each in made[1:])])
        wrong = race.judge(url, told, before=0)
    assert wrong == [
        "F-CLOVER holds 4 of 3",
        "CLOVER has 4 of 2",
        "N00 placed 2 times",
        "lost acknowledged and lost",
        "Q-N00-F-CLOVER there, nobody told",
        "the trail tells of other acceptances",
    ]


def test_the_judge_finds_divided_care_that_does_not_come_to_its_hours() -> None:
    """Of Q1's five hours one is lost on the way to its part; Q2's call-off was withdrawn and stands."""
    with a_county() as (url, store):
        q1 = [package("Q1", hours=3, service=race.NIGHT), package("Q1-P1", hours=1, service=race.NIGHT, part_of="Q1")]
        with store.change(LOADER) as change:
            for each in [*q1, package("Q2", service=race.NIGHT)]:
                named = {"call_off_id": "C2"} if each.package_id == "Q2" else {}
                change.put("packages", each.package_id, {**cells_of("packages", each), **named})
            change.put("call_offs", "C2", {"kind": "specialist", "withdrawn_at": ""})
        told = race.Told(called_off=["C1", "C2"], withdrawn=["C2", "C2"])
        assert [each for each in race.judge(url, told, before=0) if "Q" in each or "call-off" in each] == [
            "call-off C1 acknowledged and lost",
            "call-off C2 was withdrawn and stands",
            "call-off C2 was withdrawn twice",
            "Q1 has 240 minutes",
        ]


def test_what_officers_did_is_held_against_the_county() -> None:
    """An import that stops half way, a deed that was lost, one that nobody was told of, a record that nobody set."""
    with a_county() as (url, store):
        officer = Officer(["http://127.0.0.1:1"], "", store, name="1")
        assert list(faults_of(store, store, [officer])) == []
        officer.told = {"minute 1-1": Told("county.sync", 5), "minute 1-2": Told("reserve.open")}
        with store.change(LOADER) as change:
            contract = change.state.stock["contracts"]["P-ALDER"].body
            change.put("contracts", "P-ALDER", contract | {EXTRA: {LINE: "1-1"}})
            larger = {"before": {"max_hours_4w": "80"}, "after": {"max_hours_4w": "100"}, "reason": "minute 1-3"}
            change.remember("contracts.change", "contracts", "P-ALDER", larger)
            change.remember("reserve.open", "reserve_areas", "A1", {"area_id": "A1", "reason": "minute 1-2"})
        found = "\n".join(faults_of(store, Store(open_database(url), Clock(AS_OF)), [officer]))
        officer.leave()
    assert found.splitlines() == [
        "1 entries of the trail tell contracts.change for minute 1-3, 0 were acknowledged",
        "0 entries of the trail tell county.sync for minute 1-1, 5 were acknowledged",
        "contracts P-ALDER: max_hours_4w is not what the trail tells",
        "reserve_areas A1 is lost, the trail tells otherwise",
        "an import is there in part: {'': 7, '1-1': 1}",
    ]


def test_a_viewer_sees_no_change_before_the_next_day() -> None:
    found = differences.run("sqlite", days=1, changes=2)
    assert not found.wrong
    assert found.changes["done"] >= 1
    assert found.moved_unseen >= 1, "figures that a viewer may read did change"


def test_whatever_differs_is_found() -> None:
    one: differences.Answer = (200, (("etag", '"1"'),), b"{}")
    other: differences.Answer = (200, (("etag", '"2"'),), b"{}")
    before = {("viewer", "/v1/areas"): one, ("viewer", "/v1/me"): one}
    assert differences.differences(before, before) == []
    found = differences.differences(before, {("viewer", "/v1/areas"): other, ("auditor", "/v1/me"): one})
    assert found == ["auditor /v1/me", "viewer /v1/areas", "viewer /v1/me"]
