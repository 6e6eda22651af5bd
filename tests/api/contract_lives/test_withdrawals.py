"""A principal that withdraws days before a wave, and an area that goes live later: nobody is moved, and everybody is told.

The county of ``tests/making/transfers.py`` with a second area, A2, whose principal is TWO: of A1 the rounds R1 (A1, A2) and R4
(D1), of A2 the round R9 (Z1) move on Monday 1 March 2027, as planned on 23 November 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from operator import attrgetter
from pathlib import Path

import httpx
import pytest

from api.forgetting.acts import forget
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.domain.records import Round
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.notes import CONTACT
from optimiser.transferring.letters import NO_NUMBER
from tests.api.contract_lives.test_lives_of_contracts import BOARD, WHY, done, entries, faults, lived
from tests.api.desk import Desk, desk
from tests.api.records.test_random_lives import who_cares
from tests.api.runs.working import calling, claimed, start, work_here
from tests.api.talking import all_pages, code
from tests.api.test_a_county_year import Calendar
from tests.making import area, legacy, offer, package, principal
from tests.making.transfers import small_county

NEW = "/v1/contracts/P-NEW"
SAID = {"told_on": "2026-11-23"}
MARCH = "2027-03-01"
BY = Actor("Tara Transition", "transition")


def county() -> Snapshot:
    base = small_county()
    z1 = package("Z1", hours=10, area_id="A2", contract_id="L-VAST", round_id="R9", transfer_decision="suitable")
    more = [
        z1,
        package("Z2", hours=90, area_id="A2", contract_id="L-VAST"),
        package("N1"),
        package("N2", start_by=base.as_of),
    ]
    everybody = small_county(
        contracts=[*base.contracts, legacy("VAST"), principal("TWO", area_id="A2")],
        areas=[area("A1"), area("A2")],
        rounds=[*base.rounds, Round("R9", "VAST", "A2", 1, Fraction(12))],
        offers=[offer("N1", "P-NEW"), offer("N2", "P-NEW", "accepted")],
    )
    return replace(everybody, packages=tuple(sorted((*everybody.packages, *more), key=attrgetter("package_id"))))


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    return Calendar(monkeypatch)


@pytest.fixture
def at(tmp_path: Path, calendar: Calendar) -> Iterator[Desk]:
    assert calendar
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county(), "contracts", run_workers=0) as found:
        yield found


@pytest.fixture
def transition(at: Desk) -> Iterator[httpx.Client]:
    with at.served.client("transition") as client:
        yield client


def planned(at: Desk, client: httpx.Client, **transfer: object) -> str:
    """A transfer's plan, made here: the id of its run."""
    run = start(client, kind="transfer", settings={"transfer": transfer})
    worked = ""
    while worked != run["run_id"]:  # others may wait before it
        claim = claimed(at.store)
        work_here(at.store, claim)
        worked = claim.run_id
    return worked


def days_of(client: httpx.Client, run_id: str) -> dict[str, str]:
    """Per round that moves its day."""
    result = client.get(f"/v1/runs/{run_id}/result").json()["result"]
    return {row["round_id"]: row["date"] for row in result["transfers"] if row["date"]}


def test_everybody_stays_and_is_written_to_and_new_plans_are_asked_for(at: Desk, transition: httpx.Client) -> None:
    plan = planned(at, transition)
    assert days_of(transition, plan) == dict.fromkeys(("R1", "R4", "R9"), MARCH)
    cares, version = who_cares(at.state()), at.state().version
    told = done(lived(at.client, NEW, "withdraw", dry_run=True, **SAID))["follows"]
    assert at.state().version == version
    assert transition.get(f"/v1/runs/{plan}").json()["out_of_date"] is None
    assert [each["run_id"] for each in told["new_plans"]] == [None, None, None]
    told = done(lived(at.client, NEW, "withdraw", **SAID))
    assert told["ends"] == "2026-11-23"
    follows = told["follows"]
    assert (follows["offers_stopped"], follows["acceptances_stopped"], follows["letters"]) == (1, 1, 3)
    assert follows["plans_out_of_date"] == [{"run_id": plan, "waves": [MARCH], "people": 3}]
    assert (follows["care"]["people"], follows["care"]["hours_per_week"]) == (1, 30.0)
    assert who_cares(at.state()) == cares, "nobody has moved, and nobody's care has ended"
    with at.served.client("planner") as planner:
        alerts = {(each["kind"], each["package_id"]) for each in all_pages(planner, "/v1/alerts")}
    assert {("offer_stopped", "N1"), ("acceptance_stopped", "N2")} <= alerts
    assert {name for kind, name in alerts if kind == "move_is_off"} == {"A1", "A2", "D1"}
    assert at.state().situation_of(at.state().county.package_index["N2"]) == "waiting", "nobody has it now: it is asked anew"
    marked = transition.get(f"/v1/runs/{plan}").json()["out_of_date"]
    assert marked["because"] == "the provider has withdrawn from P-NEW"
    kinds = [transition.get(f"/v1/runs/{each['run_id']}").json()["kind"] for each in follows["new_plans"]]
    assert kinds == ["transfer", "transfer", "allocate"]
    for _ in kinds:
        work_here(at.store, claimed(at.store))
    rest, back, new = (each["run_id"] for each in follows["new_plans"])
    assert days_of(transition, rest) == {"R9": MARCH}, "the other area as it was"
    lines = transition.get(f"/v1/runs/{back}/result").json()["result"]["hand_back"]
    assert [line["package_id"] for line in lines] == ["N0"]
    proposed = {each["package_id"]: each["provider_id"] for each in transition.get(f"/v1/runs/{new}/result").json()["proposals"]}
    assert proposed.keys() == {"N1", "N2"}
    assert "NEW" not in proposed.values()
    assert not [each for each in faults(lived(at.client, NEW, "withdraw", **SAID)) if "ended on 2026-11-23" not in each]
    assert '"letters":3' in entries(at, "contracts.withdraw")[0]


def test_the_letters_say_what_was_written_and_that_care_stays(
    at: Desk, transition: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was to stay had a letter that is still true, and whoever has moved already has none that says otherwise."""
    plan = planned(at, transition)
    moved(at.store, "D1", "P-NEW")
    done(lived(at.client, NEW, "withdraw", **SAID))
    letters = all_pages(transition, "/v1/letters", run_id=plan)
    assert [(each["package_id"], each["kind"]) for each in letters] == [("A1", "correction"), ("A2", "correction")]
    assert "Newholme Care would care for you from 1 March 2027. This will not happen on that day." in letters[0]["paragraphs"][0]
    assert "Oldfield Care will go on giving you your care." in letters[0]["paragraphs"][1]
    assert letters[0]["plain"].startswith("Your reference: A1\n")
    assert "please contact the Care Line on 01603 496 0123. You can call by day or by night." in letters[0]["paragraphs"][3]
    with monkeypatch.context() as without:
        without.delenv(CONTACT)
        nobody = all_pages(transition, "/v1/letters", run_id=plan)[0]
    assert (nobody["package_id"], nobody["paragraphs"], nobody["plain"], nobody["not_printed"]) == ("A1", None, None, NO_NUMBER)
    assert all_pages(transition, "/v1/letters", run_id="another") == []
    assert code(at.client.get("/v1/letters")) == (403, "forbidden"), "contract officers read nobody's letters"
    assert entries(at, "letters.list")


def moved(store: Store, package_id: str, contract_id: str) -> None:
    """Somebody's care has gone over to a contract."""
    with store.change(BY) as change:
        body = change.state.stock["packages"][package_id].body
        change.put("packages", package_id, body | {"contract_id": contract_id, "round_id": ""})


def test_three_days_before_the_wave_what_others_know_of_stands(at: Desk, transition: httpx.Client, calendar: Calendar) -> None:
    """26 February 2027: a new plan could move nobody before 26 May, but Z1's move on Monday is known to everybody."""
    planned(at, transition)
    calendar.turn("2027-02-26")
    follows = done(lived(at.client, NEW, "withdraw", told_on="2027-02-26"))["follows"]
    rest = follows["new_plans"][0]["run_id"]
    settings = transition.get(f"/v1/runs/{rest}").json()["settings"]["transfer"]
    assert (settings["area_ids"], settings["agreed"], settings["history"]) == (["A2"], {"R9": MARCH}, [])
    work_here(at.store, claimed(at.store))
    assert days_of(transition, rest) == {"R9": MARCH}


def test_moves_that_have_been_made_are_history(at: Desk, transition: httpx.Client, calendar: Calendar) -> None:
    """2 March 2027: Z1 moved yesterday, ten hours of Vast's; the wave of A1 was put off, and then New withdraws."""
    planned(at, transition)
    moved(at.store, "Z1", "P-TWO")
    calendar.turn("2027-03-02")
    follows = done(lived(at.client, NEW, "withdraw", told_on="2027-03-02"))["follows"]
    assert follows["letters"] == 3, "they were told of 1 March, and are still where they were"
    settings = transition.get(f"/v1/runs/{follows['new_plans'][0]['run_id']}").json()["settings"]["transfer"]
    made = {"date": MARCH, "package_id": "Z1", "from_provider_id": "VAST", "hours_per_week": 10.0}
    assert (settings["history"], settings["agreed"], settings["earlier"]) == ([made], {}, {})


def test_a_principal_withdraws_before_its_contract_begins(at: Desk, transition: httpx.Client) -> None:
    """From A3's first day on nobody is its principal; it never was in force, and nothing else of the area changes."""
    third = {"area_id": "A3", "name": "Fens", "region": "West", "go_live": "2027-03-01"}
    assert at.client.post("/v1/areas", json=third | WHY).status_code == 201
    new = {"contract_id": "P-3", "provider_id": "SMALL", "tier": "principal", "area_id": "A3", "starts": "2027-03-01"}
    rates = {"max_hours_4w": 80, "rate_band_1": 23}
    assert at.client.post("/v1/contracts", json=new | rates | WHY).status_code == 201
    assert planned(at, transition)
    told = done(lived(at.client, "/v1/contracts/P-3", "withdraw", **SAID))
    assert (told["starts"], told["ends"], told["follows"]["care"]["people"]) == ("2027-03-01", "2027-03-01", 0)
    assert "award another" in faults(lived(at.client, "/v1/contracts/P-3", "extend", ends="2030-01-01", authority=BOARD))[0]
    again = planned(at, transition)
    assert days_of(transition, again) == dict.fromkeys(("R1", "R4", "R9"), MARCH), "the others are planned without it"
    wrong = lived(at.client, "/v1/contracts/L-OLD", "withdraw", told_on="2026-12-01")
    assert faults(wrong) == [
        "told_on: a day up to today, 2026-11-23; it is 2026-12-01.",
        "Only a principal withdraws: a legacy contract ends early, with notice.",
    ]


def test_a_go_live_slips_and_what_lies_before_it_is_told(at: Desk, transition: httpx.Client) -> None:
    """A2 was to go live on 1 February 2027: on 5 April now. Two's contract, 16 guaranteed hours at 24.00, began long ago."""
    with at.store.change(BY) as change:
        change.put("areas", "A2", change.state.stock["areas"]["A2"].body | {"go_live": "2027-02-01"})
        change.put(
            "contracts", "P-TWO", change.state.stock["contracts"]["P-TWO"].body | {"max_hours_4w": "80", "guarantee": "0.8"}
        )
        soon = change.state.stock["packages"]["N1"].body | {"area_id": "A2", "start_by": "2027-03-08", "package_id": "N7"}
        change.put("packages", "N7", soon)
    plan = planned(at, transition)
    assert days_of(transition, plan)["R9"] == MARCH
    with at.served.client("planner") as planner:
        asked = planner.post("/v1/packages/N7/offers", json={"contract_ids": ["P-TWO"], "reason": "the principal of its area"})
        assert asked.status_code == 201, asked.text
    slip = {"go_live": "2027-04-05", "authority": BOARD}
    for dry_run in (True, False):
        told = done(lived(at.client, "/v1/areas/A2", "go-live", dry_run=dry_run, **slip))
        assert (told["go_live"], told["go_live_planned"], told["dry_run"]) == ("2027-04-05", "2027-02-01", dry_run)
        follows = told["follows"]
        early = {"contract_id": "P-TWO", "tier": "principal", "begins": None, "paid_for_nothing_gbp": 384.0}
        assert follows["before_go_live"] == {"contracts": [early], "people_waiting": 1, "people_accepted": 0}
        assert follows["plans_out_of_date"] == [{"run_id": plan, "waves": [MARCH], "people": 1}]
        assert (follows["letters"], follows["offers_stopped"]) == (1, 1)
        marked = transition.get(f"/v1/runs/{plan}").json()["out_of_date"]
        assert (marked is None) == dry_run
    (letter,) = all_pages(transition, "/v1/letters")
    assert (letter["package_id"], letter["run_id"]) == ("Z1", plan)
    (call,) = follows["next"]
    asked = transition.post(call["address"], json=call["body"], headers={"Idempotency-Key": "anew"})
    assert asked.status_code == 202, asked.text
    work_here(at.store, claimed(at.store))
    anew = days_of(transition, asked.json()["run_id"])
    assert (anew["R1"], anew["R4"]) == (MARCH, MARCH), "those of the other area stay where they were"
    assert anew["R9"] >= "2027-04-05"
    assert "on that day already" in faults(lived(at.client, "/v1/areas/A2", "go-live", **slip))[0]
    live = faults(lived(at.client, "/v1/areas/A1", "go-live", go_live="2026-11-01", authority=BOARD))
    assert live == [
        "A1 has been live since 2026-04-01: people have been placed with its principal since then.",
        "go_live: a day from today, 2026-11-23, on; it is 2026-11-01.",
    ]
    assert '"reference":"minute 14"' in entries(at, "areas.move_go_live")[0]
    never = done(lived(at.client, "/v1/areas/A2", "go-live", go_live=None, authority=BOARD))
    assert (never["go_live"], never["go_live_planned"]) == (None, "2027-02-01"), "first planned is first planned"
    assert never["follows"]["letters"] == 1, "the new plan's letter is put right in its turn"


def test_who_is_forgotten_leaves_no_letter(at: Desk, transition: httpx.Client) -> None:
    planned(at, transition)
    done(lived(at.client, NEW, "withdraw", **SAID))
    with at.served.client("planner") as planner:
        assert planner.post("/v1/packages/A1/end", json={"reason": "moved to a care home"}).status_code == 200
    assert forget(calling(at.store, Actor("Ada Admin", "admin")), ["A1"]).packages == 1
    assert [each["package_id"] for each in all_pages(transition, "/v1/letters")] == ["A2", "D1"]
