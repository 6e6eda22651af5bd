"""The cascade: the same contracts pass and the same rules fail as in ``allocate`` on a snapshot exported at that moment."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hypothesis import assume, given, settings

from api.cascade.answers import COSTS_LESS, COSTS_NOTHING
from api.offers.eligibility import candidates
from api.state.incremental_state import first_state, with_bodies
from api.state.state import State
from api.state.stored_records import EMPTY, KeptSettings, stock_of, with_written
from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.packages import Explainer
from optimiser.io.exporting import write_snapshot
from optimiser.io.reading import read_snapshot
from optimiser.judging.candidates import judge
from optimiser.judging.checking import verify
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.book import standard_rules
from tests.api.databases import ON_SQLITE
from tests.api.desk import Desk, desk
from tests.making import contract, framework, legacy, package, principal, provider, snapshot
from tests.making import days as in_days
from tests.making.drawn import snapshots

RULES = standard_rules()


def state_of(given: Snapshot) -> State:
    """A state without a database."""
    written = ((kind, each, 1, body) for kind, bodies in stock_of(given).items() for each, body in bodies.items())
    return first_state(1, with_written(EMPTY, written), given.as_of, given.title, KeptSettings.of(given))


def failing(record: dict[str, list[dict[str, list[list[object]]]]]) -> dict[str, set[str]]:
    """Per contract the rules that fail, of an explanation as ``allocate`` writes it."""
    return {str(each["contract_id"]): {str(f[0]) for f in each["findings"] if not f[1]} for each in record["contracts"]}


def test_the_same_as_allocate_on_an_export(served_villages: Desk, tmp_path: Path) -> None:
    """After a morning's offers and answers, every package waiting is judged as the command line judges it."""
    made = served_villages.ask("N4")
    served_villages.decline(made["F-BRACKEN"], "too_far")
    served_villages.ask("N1")
    made = served_villages.ask("N3", contract_ids=["L-ELDER"], reason="nearer")
    served_villages.answer(made["L-ELDER"], "accepted")
    write_snapshot(served_villages.state().snapshot, tmp_path / "export")
    exported = read_snapshot(tmp_path / "export").snapshot
    county = County.of(exported)
    explainer = Explainer(county, RULES, verify(county, RULES, entry_plan(county)), lambda *_: None)
    allowed = judge(county, RULES)
    for index, person in enumerate(county.packages):
        if person.status == "active":
            continue
        cascade = served_villages.cascade(person.package_id)
        expected = failing(explainer.explain(index))
        told = {each["contract_id"]: {f["rule"] for f in each["failed"]} for each in cascade["others"]}
        told |= {each["contract_id"]: set() for each in cascade["places"] if not each["asked"]}
        told |= {each["contract_id"]: expected[each["contract_id"]] for each in cascade["places"] if each["asked"]}
        assert told == expected
        by_rules = {county.contracts[k].contract_id for k in allowed.of(index)}
        limits = {rule.name for rule in RULES.limits}
        assert by_rules == {name for name, rules in told.items() if rules <= limits}


@settings(max_examples=60, deadline=None)
@given(snapshots())
def test_the_same_on_random_counties(county_snapshot: Snapshot) -> None:
    state = state_of(county_snapshot)
    assume(all(hold.in_format for hold in state.holds))  # an offer of a move holds hours in the service, and in no snapshot
    county = state.county
    verified = verify(county, RULES, entry_plan(county))
    explainer = Explainer(county, RULES, verified, lambda *_: None)
    for index, person in enumerate(county.packages):
        if person.status == "active":
            continue
        expected = failing(explainer.explain(index))
        found = {county.contracts[c.place.contract].contract_id: {f.rule for f in c.failed} for c in candidates(state, index)}
        assert found == {name: rules for name, rules in expected.items() if name in found}
        assert set(expected) - set(found) <= {county.contracts[k].contract_id for k in county.offers_in_force.accepted.values()}


@ON_SQLITE
def test_a_principal_above_its_upper_edge_comes_after_the_framework(database_url: str) -> None:
    """Of 40 hours the principal may hold 30 (75%) and has 26: five more are above the edge, four are not."""
    people = [
        package("R1", hours=26, contract_id="P-ALDER"),
        package("R2", hours=5, contract_id="F-BRACKEN"),
        package("N1", hours=5),
        package("N2", hours=4),
    ]
    contracts = [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")]
    with desk(database_url, snapshot(people, contracts)) as at:
        told = at.cascade("N1")
        assert [place["contract_id"] for place in told["places"]] == ["F-BRACKEN", "P-ALDER", "L-DOCK"]
        assert told["places"][1]["over_upper_edge"]
        assert told["places"][1]["reason"] == (
            "The principal would hold 124 hours per four weeks, above the upper edge of its share, 120 hours per four weeks:"
            " it is asked after the framework."
        )
        assert told["next_step"] == {"name": "framework", "contract_ids": ["F-BRACKEN"]}
        assert at.order("N2") == ["P-ALDER", "F-BRACKEN", "L-DOCK"]


@ON_SQLITE
def test_within_a_tier_furthest_below_its_part_then_cost(database_url: str) -> None:
    """Ten framework hours in equal parts: BRACKEN is above, CLOVER and DOCK below, DOCK cheaper."""
    people = [package("R1", hours=10, contract_id="F-BRACKEN"), package("N1", hours=5)]
    contracts = [framework("BRACKEN"), framework("CLOVER"), framework("DOCK", rates_pence=(2300, 2300, 2300))]
    with desk(database_url, snapshot(people, contracts)) as at:
        told = at.cascade("N1")["places"]
    assert [place["contract_id"] for place in told] == ["F-DOCK", "F-CLOVER", "F-BRACKEN"]
    assert [place["below_part_minutes"] for place in told] == [200, 200, -400]
    assert [place["weekly_cost_gbp"] for place in told] == ["115.00", "120.00", "120.00"]


@ON_SQLITE
def test_the_estimate_behind_a_place(database_url: str) -> None:
    """A contract of 40 hours per four weeks has 20 free beside five hours a week; its provider's own limit leaves 10."""
    people = [package("R1", hours=5, contract_id="F-BRACKEN"), package("N1", hours=2)]
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(40)), contract("F-OTHER", "CLOVER")]
    providers = [provider("BRACKEN", max_hours_4w=Fraction(30))]
    with desk(database_url, snapshot(people, contracts, providers=providers)) as at:
        told = {place["contract_id"]: place for place in at.cascade("N1")["places"]}
    bracken = told["F-BRACKEN"]
    assert (bracken["headroom_hours_4w"], bracken["headroom_under"]) == (10, "provider_hours")
    assert (bracken["tier"], bracken["band"], bracken["rate_gbp"], bracken["metres"]) == ("framework", 1, "24.00", 0)
    assert told["F-OTHER"]["headroom_hours_4w"] is None


@ON_SQLITE
def test_a_restart_goes_first_to_its_previous_provider_while_its_hours_are_held(database_url: str) -> None:
    """DOCK keeps five hours of its ten; N2 cannot have them meanwhile. Once the date is past nobody is preferred."""
    held = package("N1", hours=5, previous_contract_id="L-DOCK", held_until=in_days(1))
    people = [held, package("N2", hours=6), package("N3", previous_contract_id="L-DOCK", held_until=in_days(0))]
    contracts = [principal("ALDER"), legacy("DOCK", max_hours_4w=Fraction(40))]
    with desk(database_url, snapshot(people, contracts)) as at:
        told = at.cascade("N1")
        assert told["next_step"] == {"name": "previous provider", "contract_ids": ["L-DOCK"]}
        assert told["places"][0]["reason"].startswith("It gave this care before and keeps the hours until 2026-11-24")
        assert at.why_not("N2") == {"L-DOCK": ["contract_hours"]}
        assert at.order("N3") == ["P-ALDER", "L-DOCK"]
        at.decline(at.ask("N1")["L-DOCK"])
        assert at.order("N2") == ["P-ALDER", "L-DOCK"]  # a no sets the hours free
        assert at.order("N1") == ["P-ALDER"]


def test_nobody_reads_a_cascade_unseen(served_villages: Desk) -> None:
    served_villages.cascade("N1")
    last = served_villages.trail()[-1]
    assert (last["action"], last["subject"], last["role"]) == ("cascade.read", "N1", "planner")
    assert '"county_version":1' in last["details"]
    assert served_villages.client.get("/v1/packages/NOBODY/cascade").json()["code"] == "not_found"


@ON_SQLITE
def test_running_care_is_judged_by_the_rules_for_moves(served_villages: Desk) -> None:
    """R3 may move, but not to its own provider; R4's decision says that it stays."""
    told = served_villages.cascade("R3")
    assert (told["situation"], told["contract_id"]) == ("running", "F-CLOVER")
    assert "F-CLOVER" not in served_villages.why_not("R3")
    assert {"may_move"} <= set(served_villages.why_not("R4")["P-ALDER"])
    assert served_villages.order("R4") == []


def test_a_state_made_of_another_has_the_same_cascade(small: Snapshot) -> None:
    """What is kept from one version to the next does not change an answer."""
    state = state_of(small)
    changed = with_bodies(state, {("packages", "N4"): state.stock["packages"]["N4"].body | {"priority": "urgent"}})
    fresh = state_of(replace(changed.snapshot))
    for index in range(len(small.packages)):
        assert candidates(changed, index) == candidates(fresh, index)


@ON_SQLITE
def test_care_below_a_guarantee_costs_nothing_more(database_url: str) -> None:
    # P-ALDER is paid for 8 hours a week at £24 whatever it delivers, and delivers 5: N1's two hours are paid for already, and
    # three of N2's five. Nothing is guaranteed to BRACKEN.
    people = [package("R1", contract_id="P-ALDER"), package("N1", hours=2), package("N2", hours=5)]
    contracts = [principal("ALDER", max_hours_4w=Fraction(80), guarantee=Fraction(2, 5)), framework("BRACKEN")]
    with desk(database_url, snapshot(people, contracts)) as at:
        told = {
            (name, place["contract_id"]): (place["weekly_cost_gbp"], place["more_weekly_cost_gbp"], place["guarantee"])
            for name in ("N1", "N2")
            for place in at.cascade(name)["places"]
        }
    assert told == {
        ("N1", "P-ALDER"): ("48.00", "0.00", COSTS_NOTHING),
        ("N1", "F-BRACKEN"): ("48.00", "48.00", None),
        ("N2", "P-ALDER"): ("120.00", "48.00", COSTS_LESS),
        ("N2", "F-BRACKEN"): ("120.00", "120.00", None),
    }
