"""From a plan to offers, on both kinds of database: judged again one by one, all in one transaction, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest

from api.offers.eligibility import broken
from api.runs.applying import Applied, Applying, Refused, Wish, apply_inside
from api.runs.stored_runs import result_of
from api.state.store import Change, Store
from api.storage import audit
from api.storage.audit import Actor
from api.storage.database import reading
from optimiser.judging.checking import findings
from optimiser.judging.limit_use import entry_plan
from tests.api.runs.working import PLANNER, settings_of, worked_on

PLAN = {"N1": "P-ALDER", "N2": "F-BRACKEN", "N3": "L-ELDER", "N4": "F-CLOVER", "N5": "P-ALDER"}
"""Worked out on paper: see ``data/three_villages/WORKED.md``. N6 stays unmet, N7 has an offer waiting."""
RUN = "5f0c1d2e3b4a59687786a5b4c3d2e1f0"
TRANSITION = Actor("Tam Transition", "transition")
OFFERS = Applying(RUN, state_version=1)
"""Of a run that worked on the county as it was loaded."""
AGREED = replace(OFFERS, accepted=True, evidence="phoned Alder on 23 November, Bo Alder agreed")
WISHES = [Wish(each, contract, moved=False) for each, contract in PLAN.items()]


def applied(
    store: Store, wishes: list[Wish], run: Applying = OFFERS, actor: Actor = PLANNER
) -> tuple[list[Applied], dict[str, Refused]]:
    """What became of the wishes of a run."""
    with store.change(actor) as change:
        done, refused = apply_inside(change, settings_of(store), run, wishes)
    return done, {each.package_id: each for each in refused}


def changed(store: Store, kind: str, record_id: str, **cells: str) -> None:
    with store.change(PLANNER) as change:
        put(change, kind, record_id, **cells)


def put(change: Change, kind: str, record_id: str, **cells: str) -> None:
    stored = change.state.get(kind, record_id)
    change.put(kind, record_id, {**(stored.body if stored else {}), **cells})


def test_a_plan_becomes_offers_and_never_twice(store: Store) -> None:
    with reading(store.engine) as connection:
        result = result_of(connection, worked_on(store))
    assert result is not None
    proposals = orjson.loads(result)["proposals"]
    assert {each["package_id"]: each["contract_id"] for each in proposals} == PLAN | {"N6": None, "N7": None}
    done, refused = applied(store, WISHES)
    assert not refused
    assert {each.package_id: each.contract_id for each in done} == PLAN
    county = store.state().county
    assert {each: county.contracts[asked[0]].contract_id for each, asked in county.offers_in_force.pending.items()} == PLAN | {
        "N7": "P-ALDER"
    }
    again, refused = applied(store, WISHES)
    assert not refused
    assert again == [replace(each, before=True) for each in done]
    assert store.state().county.offers_in_force == county.offers_in_force
    with reading(store.engine) as connection:
        assert not list(audit.verify(connection))


def test_what_was_agreed_already_is_placed(store: Store) -> None:
    done, refused = applied(store, WISHES[:2], AGREED)
    assert not refused
    state = store.state()
    assert {each: state.county.contracts[on].contract_id for each, on in state.county.offers_in_force.accepted.items()} == {
        "N1": "P-ALDER",
        "N2": "F-BRACKEN",
    }
    assert {state.stock["offers"][each.offer_id].body["evidence"] for each in done} == {AGREED.evidence}


def more_hours(store: Store) -> None:
    changed(store, "packages", "N2", visits_per_week="10", hours_per_week="10")
    changed(store, "visits", "V11", package_id="N2")


def asked_meanwhile(store: Store) -> None:
    answer = {"offered_at": "2026-11-23T10:00:00", "responded_at": "", "response": "", "reason": ""}
    waits = {**answer, "expires_at": "2026-12-01T10:00:00+00:00"}  # whatever time of day the test is run at
    changed(store, "offers", "OF9", offer_id="OF9", package_id="N2", contract_id="F-BRACKEN", **waits)


def accepted_meanwhile(store: Store) -> None:
    asked_meanwhile(store)
    changed(store, "offers", "OF9", responded_at="2026-11-23T11:00:00", response="accepted")


def declined_meanwhile(store: Store) -> None:
    asked_meanwhile(store)
    declined = {"responded_at": "2026-11-23T11:00:00", "response": "declined", "reason": "no_capacity"}
    changed(store, "offers", "OF9", **declined)


def restricted_meanwhile(store: Store) -> None:
    changed(store, "restrictions", "X1", ends="")


def full_meanwhile(store: Store) -> None:
    changed(store, "contracts", "F-BRACKEN", max_hours_4w="39")


@pytest.mark.parametrize(
    ("what_happens", "code", "rules"),
    [
        (more_hours, "changed_since", []),
        (asked_meanwhile, "already_asked", []),
        (accepted_meanwhile, "already_placed", []),
        (declined_meanwhile, "rule_broken", ["no_standing_decline"]),
        (restricted_meanwhile, "rule_broken", ["not_restricted"]),
        (full_meanwhile, "rule_broken", ["contract_hours"]),
    ],
)
def test_what_changed_since_is_refused_with_its_reason_and_the_rest_is_done(
    store: Store, what_happens: Callable[[Store], None], code: str, rules: list[str]
) -> None:
    what_happens(store)
    done, refused = applied(store, WISHES)
    assert list(refused) == ["N2"]
    assert refused["N2"].code == code
    assert [finding.rule for finding in refused["N2"].findings] == rules
    assert {each.package_id for each in done} == {"N1", "N3", "N4", "N5"}


def test_what_one_proposal_takes_the_next_does_not_find(store: Store) -> None:
    # 40 hours a week run, 5 are held for N7, N1 takes 10: of 59 hours 4 are left, one too few for N5.
    changed(store, "contracts", "P-ALDER", max_hours_4w="236")
    done, refused = applied(store, WISHES)
    assert {each.package_id for each in done} == {"N1", "N2", "N3", "N4"}
    assert [finding.rule for finding in refused["N5"].findings] == ["contract_hours"]
    assert refused["N5"].findings[0].measured == 3_600


def test_nobody_is_offered_whom_the_run_did_not_propose(store: Store) -> None:
    done, refused = applied(store, [Wish("N6", None, moved=False), Wish("N9", "P-ALDER", moved=False)])
    assert not done
    assert {each: said.code for each, said in refused.items()} == {"N6": "not_proposed", "N9": "gone"}


def test_running_care_moves_by_a_recorded_decision_and_an_offer_alone(store: Store) -> None:
    move, stay = Wish("R3", "F-BRACKEN", moved=True), Wish("R3", "F-BRACKEN", moved=False)
    decided = {"R3": "decision SW-17 of 20 November", "R4": "decision SW-18 of 20 November"}
    assert applied(store, [stay])[1]["R3"].code == "already_running"
    assert applied(store, [move])[1]["R3"].code == "decision_needed"
    agreed = replace(AGREED, decisions=decided)
    assert applied(store, [move], agreed)[1]["R3"].code == "offer_first"
    protected = applied(store, [Wish("R4", "P-ALDER", moved=True)], replace(OFFERS, decisions=decided))[1]["R4"]
    assert [finding.rule for finding in protected.findings] == ["may_move"]  # its record says not suitable
    done, refused = applied(store, [move], replace(OFFERS, decisions=decided))
    assert not refused
    assert store.state().stock["offers"][done[0].offer_id].body["decision_reference"] == decided["R3"]
    assert store.state().stock["packages"]["R3"].body["contract_id"] == "F-CLOVER"


def test_a_decision_made_for_another_move_moves_nobody_in_a_plan(store: Store) -> None:
    move = Wish("R3", "F-BRACKEN", moved=True)
    decision = {
        "decision_id": "D1", "package_id": "R3", "move": "transfer", "to_provider_id": "", "decision": "suitable", "why": "",
        "decided_by": "", "decided_on": "2026-11-01", "valid_to": "2027-05-01",
    }  # fmt: skip
    changed(store, "decisions", "D1", **decision)
    for decisions in ({}, {"R3": "D1"}):
        assert applied(store, [move], replace(OFFERS, decisions=decisions))[1]["R3"].code == "decision_needed"
    (finding,) = applied(store, [move], replace(OFFERS, decisions={"R3": "SW-17"}))[1]["R3"].findings
    assert finding.rule == "may_move", "a reference alone is no decision for this move"
    changed(store, "decisions", "D2", **decision | {"decision_id": "D2", "move": "reoptimise", "to_provider_id": "BRACKEN"})
    done, refused = applied(store, [move], replace(OFFERS, state_version=store.state().version))
    assert not refused
    assert store.state().stock["offers"][done[0].offer_id].body["decision_reference"] == "D2"


@pytest.mark.parametrize("run", [OFFERS, AGREED])
def test_a_transition_team_places_no_new_care_by_applying_a_plan_either(store: Store, run: Applying) -> None:
    move = Wish("R3", "F-BRACKEN", moved=True)
    done, refused = applied(store, [*WISHES, move], replace(OFFERS, decisions={"R3": "decision SW-17"}), TRANSITION)
    assert [each.package_id for each in done] == ["R3"]
    assert {each: (said.code, said.reason) for each, said in refused.items()} == dict.fromkeys(
        PLAN, ("forbidden", "The transition team asks for moves of running care; new care is the planners'.")
    )
    planned, _ = applied(store, WISHES[:1], run)
    assert [each.package_id for each in planned] == ["N1"]
    assert applied(store, WISHES[:1], run, TRANSITION)[1]["N1"].code == "forbidden"  # nor is it told of what planners made of it


def test_the_judgement_before_an_offer_is_that_of_the_check(store: Store) -> None:
    state = store.state()
    county, plan = state.county, entry_plan(state.county)
    for package, person in enumerate(county.packages):
        if person.status != "new" or person.package_id in county.offers_in_force.pending:
            continue
        for contract in range(len(county.contracts)):
            found, _ = findings(county, state.rules, plan.with_package(package, contract))
            assert sorted(each.finding.rule for each in found) == sorted(f.rule for f in broken(state, package, contract))
