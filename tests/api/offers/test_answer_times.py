"""The time to answer, moved by a named person; answers that come after it; and hours in which a provider is on call."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.api.conftest import LOADER
from tests.api.desk import code_of, desk
from tests.api.offers.test_lapsing import late, ticked
from tests.making import framework, noon, offer, package, principal, snapshot
from tests.making.weeks import visit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
YES: dict[str, Any] = {"late": True, "answered_by": "S. Marsh", "how": "telephone"}


def moved(at: Any, offer_id: str, answer_by: str, **headers: str) -> Any:
    given = {"answer_by": answer_by, "reason": "Their office is flooded"}
    return at.client.post(f"/v1/offers/{offer_id}/answer-by", json=given, headers=headers)


def test_a_named_person_moves_the_time_and_nothing_expires_before_it(database_url: str) -> None:
    """Asked on Friday at noon, planned: due a week later. Shortened to Tuesday noon; today is Monday."""
    people = [package("N1", priority="planned"), package("N2", priority="planned")]
    offers = [late("N1"), late("N2")]
    with desk(database_url, snapshot(people, [principal("ALDER")], offers=offers)) as at:
        found = moved(at, "Q-N1-P-ALDER", "2026-11-24T12:00").json()
        assert (found["expires_at"], found["answer_by_reason"]) == ("2026-11-24T12:00:00", "Their office is flooded")
        (entry,) = [each for each in at.trail() if each["action"] == "offer.answer_by_moved"]
        assert '"after":"2026-11-24T12:00:00+00:00"' in entry["details"] and entry["actor"].startswith("a planner")
        assert code_of(moved(at, "Q-N1-P-ALDER", "2026-11-22T12:00")) == (422, "time_is_past")
        assert code_of(moved(at, "Q-N1-P-ALDER", "2026-11-24T12:00+01:00")) == (422, "invalid_request")
        assert moved(at, "Q-N1-P-ALDER", "2026-11-25T12:00", **{"If-Match": '"1"'}).status_code == 412
        at.decline("Q-N1-P-ALDER")
        assert code_of(moved(at, "Q-N1-P-ALDER", "2026-11-25T12:00")) == (409, "already_answered")
        with at.served.client("transition") as other:
            at.client = other
            assert code_of(moved(at, "Q-N2-P-ALDER", "2026-11-24T12:00")) == (403, "forbidden")


def test_a_late_yes_is_taken_while_the_place_is_free_and_says_so(database_url: str) -> None:
    people = [package("N1", priority="urgent")]
    with desk(database_url, snapshot(people, [principal("ALDER")], offers=[late("N1")])) as at:
        assert ticked(at)
        refused = at.try_answer("Q-N1-P-ALDER", "accepted")
        assert code_of(refused) == (409, "already_answered") and "send the answer with late" in refused.json()["detail"]
        found = at.answer("Q-N1-P-ALDER", "accepted", **YES)
        assert (found["response"], found["late_after"], found["answered_by"]) == ("accepted", "2026-11-20T14:00:00", "S. Marsh")
        assert [each["action"] for each in at.trail()][-2:] == ["offer.answered_late", "offer.accepted"]
        assert "offer.expired" in [each["action"] for each in at.trail()], "that it had expired stays written"
        assert at.answer("Q-N1-P-ALDER", "accepted", **YES)["response"] == "accepted", "said again: nothing"


def test_a_late_no_is_a_no_of_its_own(database_url: str) -> None:
    people = [package("N1", priority="urgent")]
    with desk(database_url, snapshot(people, [principal("ALDER")], offers=[late("N1")])) as at:
        found = at.answer("Q-N1-P-ALDER", "declined", reason="no_capacity", late=True)
        assert (found["response"], found["reason"]) == ("declined", "no_capacity")


def test_nobody_who_was_asked_since_is_cut_short(database_url: str) -> None:
    """Standard care: Alder's time was over, Bracken is asked and may still answer. What the person prefers goes before."""
    people = [package("N1")]
    offers = [offer("N1", "P-ALDER", "expired", offered_at=noon(-7), responded_at=noon(-4)), offer("N1", "F-BRACKEN")]
    with desk(database_url, snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=offers)) as at:
        assert code_of(at.try_answer("Q-N1-P-ALDER", "accepted", late=True)) == (409, "others_wait")
        assert at.offers("N1") == {"P-ALDER": "expired", "F-BRACKEN": None}, "nothing is half written"
        at.answer("Q-N1-P-ALDER", "accepted", late=True, person_prefers="Her sister is with them")
        assert at.offers("N1") == {"P-ALDER": "accepted", "F-BRACKEN": "withdrawn"}


def test_of_what_cannot_wait_a_late_yes_is_taken_before_those_who_may_still_answer(database_url: str) -> None:
    """Urgent care, and Bracken has not said yes itself: the first yes counts, though it is late."""
    people = [package("N1", priority="urgent")]
    offers = [offer("N1", "P-ALDER", "expired", offered_at=noon(-7), responded_at=noon(-4)), offer("N1", "F-BRACKEN")]
    with desk(
        database_url, snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=offers), window_urgent_hours=48
    ) as at:
        at.answer("Q-N1-P-ALDER", "accepted", late=True)
        assert at.offers("N1") == {"P-ALDER": "accepted", "F-BRACKEN": "withdrawn"}


def test_a_bundle_has_one_time_to_answer_and_one_late_answer(database_url: str) -> None:
    people = [package(name, bundle_id="RUN", priority="planned") for name in ("B1", "B2")]
    with desk(database_url, snapshot(people, [principal("ALDER")])) as at:
        one, two = (each["offer_id"] for each in at.client.post("/v1/packages/B1/offers").json()["items"])
        due = (at.served.settings.clock.now() + dt.timedelta(hours=9)).replace(second=0, microsecond=0).isoformat()
        assert moved(at, one, due).is_success
        assert [at.client.get(f"/v1/offers/{each}").json()["expires_at"] for each in (one, two)] == [due, due]
        with at.store.change(LOADER) as change:
            for each in (one, two):
                body = change.state.stock["offers"][each].body
                change.put("offers", each, body | {"response": "expired", "responded_at": body["offered_at"]})
        at.answer(two, "accepted", late=True)
        assert [at.offers(each) for each in ("B1", "B2")] == [{"P-ALDER": "accepted"}] * 2


def test_a_late_yes_is_no_more_where_somebody_has_accepted_or_the_hours_are_gone(database_url: str) -> None:
    """Alder has ten hours a week, forty in four weeks. N1's offer was over; since then N2 and N3 hold five hours each."""
    people = [package("N1"), package("N2"), package("N3"), package("N4")]
    over: dict[str, Any] = {"offered_at": noon(-7), "responded_at": noon(-4)}
    offers = [
        offer("N1", "P-ALDER", "expired", **over),
        offer("N2", "P-ALDER"),
        offer("N3", "P-ALDER"),
        offer("N4", "P-ALDER", "expired", **over),
        offer("N4", "F-BRACKEN", "accepted"),
    ]
    contracts = [principal("ALDER", max_hours_4w=40), framework("BRACKEN")]
    with desk(database_url, snapshot(people, contracts, offers=offers)) as at:
        assert code_of(at.try_answer("Q-N1-P-ALDER", "accepted", late=True)) == (409, "no_room")
        assert code_of(at.try_answer("Q-N4-P-ALDER", "accepted", late=True, person_prefers="x" * 9)) == (409, "already_placed")
        at.decline("Q-N2-P-ALDER")
        assert at.answer("Q-N1-P-ALDER", "accepted", late=True)["response"] == "accepted"


def test_a_late_yes_to_some_visits_is_taken_as_a_late_yes_to_all_is(database_url: str) -> None:
    """It says that it was late; and where others have been asked since they are waited for."""
    people = [package(name, hours=5, visits_per_week=5) for name in ("N1", "N2")]
    visits = [visit(f"{each}-AM", each, days=("mon", "tue", "wed", "thu", "fri"), duration_minutes=60) for each in ("N1", "N2")]
    over = [offer(each, "P-ALDER", "expired", offered_at=noon(-7), responded_at=noon(-4)) for each in ("N1", "N2")]
    given = snapshot(people, [principal("ALDER"), framework("BRACKEN")], visits=visits, offers=[*over, offer("N2", "F-BRACKEN")])
    with desk(database_url, given) as at:
        taken: dict[str, Any] = {"visits": [{"visit_id": "N1-AM", "days": ["mon"]}], "reason": "no_capacity"}
        first, second = (f"/v1/offers/Q-{each}-P-ALDER/part" for each in ("N1", "N2"))
        in_time = at.client.post(first, json=taken)
        assert code_of(in_time) == (409, "already_answered") and "send the answer with late" in in_time.json()["detail"]
        late_yes = at.client.post(first, json=taken | {"late": True})
        assert (late_yes.status_code, late_yes.json()["late_after"]) == (201, noon(-4).isoformat())
        other = {"visits": [{"visit_id": "N2-AM", "days": ["mon"]}], "late": True}
        assert code_of(at.client.post(second, json=taken | other)) == (409, "others_wait")


def test_care_that_runs_is_not_moved_by_a_late_answer(database_url: str) -> None:
    people = [package("R1", contract_id="F-BRACKEN")]
    offers = [offer("R1", "P-ALDER", "expired", offered_at=noon(-7), responded_at=noon(-4))]
    with desk(database_url, snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=offers)) as at:
        assert code_of(at.try_answer("Q-R1-P-ALDER", "accepted", late=True)) == (409, "not_for_moves")


def test_a_provider_is_to_be_rung_once_most_of_its_time_is_gone(database_url: str) -> None:
    """A week of real hours from Friday noon; at Monday noon or later 72 of 168 hours are gone: past 40 in a hundred, not 90."""
    for percent, told in ((40, True), (90, False)):
        given = snapshot([package("N1", priority="planned")], [principal("ALDER")], offers=[late("N1")])
        with desk(f"{database_url}.{percent}", given, remind_at_percent=percent) as at:
            (found,) = at.client.get("/v1/offers").json()["items"]
            gone = at.served.settings.clock.now() - noon(-3)
            assert found["remind"] is (gone.total_seconds() >= 168 * 3600 * percent / 100)
            assert found["remind"] is told or gone.total_seconds() < 68 * 3600, "before eight in the morning less is gone"
