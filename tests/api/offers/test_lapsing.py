"""What time does to offers and holds: they lapse at the next change or tick, somebody is alerted, and nobody's care ends."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

import pytest

from api.acts.__main__ import every_act
from api.acts.act import ACTS, Caller
from api.clock import Clock
from api.offers.acts import let_lapse
from api.offers.lapsing import THE_CLOCK
from api.security.roles import SERVICE
from api.service import Service
from api.state.store import Store
from optimiser.domain.records import Offer
from tests.api.conftest import LOADER
from tests.api.desk import Desk, code_of, desk
from tests.making import days, framework, legacy, noon, offer, package, principal, restriction, snapshot


def late(package_id: str) -> Offer:
    """Asked on Friday at noon; today is Monday: past the window of an urgent request, within that of planned care."""
    return offer(package_id, "P-ALDER", offered_at=noon(-3))


@dataclass(frozen=True)
class Later(Clock):
    """So many hours later on a fixed day."""

    hours: int = 0

    def now(self) -> dt.datetime:
        return noon(0) + dt.timedelta(hours=self.hours)


def ticked(at: Desk) -> bool:
    return let_lapse(Caller(Service.of(at.served.settings, at.store), THE_CLOCK))


def test_an_unanswered_offer_expires_by_its_priority_and_the_cascade_goes_on(database_url: str) -> None:
    people = [package("N1", priority="urgent"), package("N2", priority="planned")]
    offers = [late("N1"), late("N2")]
    with desk(database_url, snapshot(people, [principal("ALDER"), legacy("DOCK")], offers=offers)) as at:
        shown = at.client.get("/v1/offers").json()["items"]
        assert [each["expires_at"] for each in shown] == ["2026-11-20T14:00:00", "2026-11-27T12:00:00"]
        assert ticked(at)
        assert not ticked(at)  # once
        assert (at.offers("N1"), at.offers("N2")) == ({"P-ALDER": "expired"}, {"P-ALDER": None})
        assert at.alerts() == [("offer_expired", "N1")]
        assert at.state().stock["offers"]["Q-N1-P-ALDER"].record.responded_at == dt.datetime(2026, 11, 20, 14)
        # The day after it ran out has passed: the principal may be asked again, and is the next step.
        assert list(at.ask("N1")) == ["P-ALDER"]
        told = [(each["action"], each["actor"]) for each in at.trail()]
        assert ("offer.expired", "the service's clock") in told


def test_an_offer_that_ran_out_cannot_be_answered(database_url: str) -> None:
    people, offers = [package("N1", priority="urgent")], [late("N1")]
    with desk(database_url, snapshot(people, [principal("ALDER")], offers=offers)) as at:
        assert code_of(at.try_answer("Q-N1-P-ALDER", "accepted")) == (409, "already_answered")


def test_the_next_step_is_asked_without_a_planner_where_the_settings_say_so(database_url: str) -> None:
    people = [package("N1", priority="planned"), package("R1", hours=40, contract_id="F-BRACKEN")]
    contracts = [principal("ALDER"), framework("BRACKEN"), framework("CLOVER")]
    with desk(database_url, snapshot(people, contracts), step_on_automatically=True) as at:
        at.decline(at.ask("N1")["P-ALDER"])
        assert at.offers("N1") == {"P-ALDER": "declined", "F-BRACKEN": None, "F-CLOVER": None}
        by = [each["actor"] for each in at.trail() if each["action"] == "offer.made"]
        assert by[1:] == ["the service's clock"] * 2


BY_ITSELF = {"offer.expired", "offer.withdrawn", "offer.made", "hold.ran_out", "capacity.asked", "offer.reminded"}
"""All that the service does without a person: it asks, stops asking, says that a date has come, and asks for free hours."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_service_by_itself_may_ask_and_never_places(database_url: str) -> None:
    """From the first silence to the last: whoever is asked by the service, only a person's answer would place somebody.

    All of it is counted from noon: a question of the evening would be asked anew after midnight.
    """
    contracts = [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")]
    people = [package("N1", priority="urgent"), package("R1", hours=40, contract_id="F-BRACKEN")]
    asked = offer("N1", "P-ALDER", offered_at=noon(0))
    with desk(database_url, snapshot(people, contracts, offers=[asked]), step_on_automatically=True) as at:
        for hours in (3, 6, 9):
            clock = Later(at.served.settings.as_of, hours)
            settings = at.served.settings.model_copy(update={"as_of": None})
            settings.__dict__["clock"] = clock
            let_lapse(Caller(Service.of(settings, Store(at.store.engine, clock)), THE_CLOCK))
            state = at.state()
            assert state.situation_of(state.county.package_index["N1"]) in ("waiting", "pending")
        assert set(at.offers("N1")) >= {"P-ALDER", "F-BRACKEN", "L-DOCK"}
        assert "accepted" not in at.offers("N1").values()
        assert at.state().stock["packages"]["R1"].record.contract_id == "F-BRACKEN"
        by_itself = [each["action"] for each in at.trail() if each["role"] == SERVICE]
        assert by_itself.count("offer.made") == 2
        assert set(by_itself) <= BY_ITSELF
    by_itself = ["offers.lapse", "statements.keep"]  # the second writes counts down, and touches nobody's care
    assert [each.name for each in every_act() if SERVICE in each.roles] == by_itself, "nothing else is the service's to do"
    assert set(ACTS["offers.lapse"].writes) - {"clock.doubt"} <= BY_ITSELF


def test_the_clock_ticks_by_itself(database_url: str) -> None:
    people, offers = [package("N1", priority="urgent")], [late("N1")]
    given = snapshot(people, [principal("ALDER"), legacy("DOCK")], offers=offers)
    with desk(database_url, given, tick_seconds=0.05) as at:
        until = time.monotonic() + 120
        while at.offers("N1") != {"P-ALDER": "expired"}:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_restriction_from_today_stops_pending_offers_and_leaves_running_care_alone(database_url: str) -> None:
    people = [package("N1", priority="planned"), package("R1", contract_id="P-ALDER")]
    contracts = [principal("ALDER"), legacy("DOCK")]
    with desk(database_url, snapshot(people, contracts)) as at:
        offer_id = at.ask("N1")["P-ALDER"]
        with at.store.change(LOADER) as change:
            empty = {"area_id": "", "ends": "", "new_hours_4w": "", "reason": ""}
            named = {"restriction_id": "R1", "provider_id": "ALDER", "kind": "no_new_work", "starts": str(days(0))}
            change.put("restrictions", "R1", named | empty)
        refused = at.try_answer(offer_id, "accepted")
        assert code_of(refused) == (409, "already_answered")
        assert ticked(at)
        assert at.offers("N1") == {"P-ALDER": "withdrawn"}
        assert at.alerts() == [("offer_stopped", "N1")]
        assert at.state().stock["packages"]["R1"].record.contract_id == "P-ALDER"
        assert at.order("N1") == ["L-DOCK"]


def test_a_restriction_known_at_the_start_stops_what_was_loaded(database_url: str) -> None:
    people, offers = [package("N1", priority="planned")], [late("N1")]
    given = snapshot(people, [principal("ALDER")], offers=offers, restrictions=[restriction("ALDER")])
    with desk(database_url, given) as at:
        assert ticked(at)
        assert sorted(at.alerts()) == [("cascade_exhausted", "N1"), ("offer_stopped", "N1")]


def test_a_hold_that_runs_out_alerts_once_and_ends_nothing(database_url: str) -> None:
    people = [package("R1", contract_id="P-ALDER", held_until=days(0)), package("R2", contract_id="P-ALDER", held_until=days(1))]
    with desk(database_url, snapshot(people, [principal("ALDER")])) as at:
        assert ticked(at)
        assert not ticked(at)
        assert at.alerts() == [("hold_ran_out", "R1")]
        assert {each.record.status for each in at.state().stock["packages"].values()} == {"active"}
        alert = at.client.get("/v1/alerts").json()["items"][0]
        first = at.client.post(f"/v1/alerts/{alert['alert_id']}/acknowledge").json()
        assert first["acknowledged_by"].startswith("a planner")
        with at.served.client("admin") as admin:
            again = admin.post(f"/v1/alerts/{alert['alert_id']}/acknowledge").json()
        assert again == first  # the first who looked
        assert at.alerts() == []
        assert len(at.client.get("/v1/alerts", params={"acknowledged": True}).json()["items"]) == 1
        assert not ticked(at)
        assert code_of(at.client.post("/v1/alerts/0/acknowledge")) == (404, "not_found")


def test_another_process_lets_nothing_lapse_twice(database_url: str) -> None:
    people, offers = [package("N1", priority="urgent")], [late("N1")]
    with desk(database_url, snapshot(people, [principal("ALDER"), legacy("DOCK")], offers=offers)) as at:
        other = Store(at.store.engine, at.store.clock)
        assert let_lapse(Caller(Service.of(at.served.settings, other), THE_CLOCK))
        assert not ticked(at)
        assert [each["action"] for each in at.trail()].count("offer.expired") == 1
