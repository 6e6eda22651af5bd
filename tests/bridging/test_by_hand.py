"""Counties small enough to work out on paper: what each alternative covers, who may take what, and who is not in it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction

import pytest

from optimiser.bridging.bridge_case import case_of
from optimiser.bridging.by_group import by_group
from optimiser.bridging.report import bridge_files, notes
from optimiser.bridging.story import plan_bridge
from optimiser.county import County
from optimiser.domain.policy import MeanwhileSettings
from optimiser.domain.records import Round
from tests.bridging.waiting import BY_NEED, bridged, county, covered, someone, values, visits_of
from tests.making import at, cap, days, framework, offer, office, package, provider, restriction, specialist
from tests.making.weeks import visit


def test_one_large_package_or_four_small_ones() -> None:
    """14 hours are left. LARGE needs 14 (red); four others 3.5 each (amber). Each alternative is told, none is chosen."""
    people = [someone("LARGE", 4), *(someone(f"S{number}", if_missed="amber") for number in range(1, 5))]
    bridge = bridged(county(people, elm=14))
    assert visits_of(bridge, "harm_first") == visits_of(bridge, "whole_care") == ["LARGE1", "LARGE2", "LARGE3", "LARGE4"]
    first, *small = visits_of(bridge, "people_first")
    assert (first[:5], len(small), {name[0] for name in small}) == ("LARGE", 3, {"S"})
    assert values(bridge, "harm_first") == {
        "uncovered_red": 0, "uncovered_amber": 840, "uncovered_green": 0, "people_with_nothing": 4, "days_waited": 28,
        "legacy": 0,
    }  # fmt: skip
    told = values(bridge, "people_first")
    assert [told[f"nothing_{harm}"] for harm in ("red", "amber", "green")] == [0, 1, 0]
    assert (told["uncovered_red"], told["uncovered_amber"]) == (630, 210)
    files = bridge_files(bridge, {})
    assert b'"chosen": null' in files["bridge.json"]
    assert b"people_first,harm_first,3,10.50,1,10.50" in files["instead.csv"]


def test_a_bridge_is_told_by_hours_of_care_and_by_care_workers() -> None:
    """10.5 hours are left. Nobody sends the two workers of DOUBLE's visit, 7 hours; LARGE's four take 14, SMALL's one 3.5.

    LARGE has two of its visits, so that SMALL has its one too. LARGE alone has care above 15 hours; DOUBLE, which is up to 7
    hours as SMALL is, has nothing.
    """
    people = [
        someone("DOUBLE", each_workers=2),
        someone("LARGE", 4, hours=17.5),
        someone("SMALL", if_missed="amber"),
    ]
    bridge = bridged(county(people, elm=10.5))
    plan = next(plan for plan in bridge.plans if plan.name == "people_first")
    told = {str(row["group"]): [str(value) for value in list(row.values())[2:]] for row in by_group(bridge, plan)}
    assert told == {
        "up to 7 hours": ["2", "1", "0", "1", "3.50", "7.00"],
        "above 15 hours": ["1", "0", "1", "0", "7.00", "7.00"],
        "one care worker": ["2", "1", "1", "0", "10.50", "7.00"],
        "two care workers": ["1", "0", "0", "1", "0.00", "7.00"],
    }
    assert json.loads(bridge_files(bridge, {})["bridge.json"])["alternatives"][0]["by_group"][0]["by"] == "hours"


def test_whole_care_serves_those_for_whom_everything_can_be_done() -> None:
    """7 hours are left for A, who needs 7, and B, who needs 14: A has all, rather than B half. As many minutes either way."""
    people = [someone("A", 2), someone("B", 4)]
    bridge = bridged(county(people, elm=7))
    assert visits_of(bridge, "whole_care") == ["A1", "A2"]
    assert values(bridge, "whole_care")["not_whole_red"] == 1
    assert len(visits_of(bridge, "people_first")) == 2
    assert {name[0] for name in visits_of(bridge, "people_first")} == {"A", "B"}


def test_what_is_recorded_as_foremost_is_covered_first() -> None:
    person, own = someone("A", 3)
    needs = (("meals",), ("bed",), ("medication",))
    visits = [replace(each, needs=need) for each, need in zip(own, needs, strict=True)]
    assert visits_of(bridged(county([(person, visits)], elm=3.5)), "harm_first") == ["A3"]


def test_a_visit_that_can_wait_has_no_place_in_it() -> None:
    person, own = someone("A", 2)
    visits = [own[0], replace(own[1], needs=("company",))]
    assert visits_of(bridged(county([(person, visits)], elm=20)), "harm_first") == ["A1"]


def test_a_visit_that_does_not_say_what_it_is_for_counts_as_the_setting_says() -> None:
    made = county([someone("A", needs=())], elm=20)
    assert visits_of(bridged(made), "harm_first") == ["A1"]
    assert case_of(County.of(replace(made, meanwhile_settings=BY_NEED))).others == ((0, "can_wait"),)


def test_whoever_is_not_recorded_counts_as_the_setting_says() -> None:
    people = [someone("A", if_missed=""), someone("B", if_missed="amber")]
    assert visits_of(bridged(county(people, elm=3.5)), "harm_first") == ["A1"]
    green = MeanwhileSettings(bridge_not_recorded="green")
    bridge = bridged(county(people, elm=3.5, settings=green))
    assert visits_of(bridge, "harm_first") == ["B1"]
    assert any("they count as green" in note for note in notes(bridge))


def test_who_waits_and_is_not_in_it_is_told_with_the_reason() -> None:
    people = [
        someone("ACCEPTED"), someone("ASKED"), someone("LATER", start_by=days(2)), someone("TOMORROW", start_by=days(1)),
        someone("CANWAIT", needs=("company",)),
    ]  # fmt: skip
    offers = [offer("ACCEPTED", "F-ELM", "accepted"), offer("ASKED", "F-ELM")]
    made = county(people, elm=40, offers=offers, running=[package("UNKNOWN"), package("RUNS", contract_id="F-ELM")])
    bridge = bridged(made)
    county_of = bridge.case.county
    assert {county_of.packages[index].package_id: reason for index, reason in bridge.case.others} == {
        "ACCEPTED": "accepted", "ASKED": "asked", "LATER": "due_later", "CANWAIT": "can_wait", "UNKNOWN": "visits_not_known",
    }  # fmt: skip
    assert visits_of(bridge, "harm_first") == ["TOMORROW1"]
    rows = bridge_files(bridge, {})["bridge.csv"].decode().splitlines()
    assert rows[1].endswith(f",true,F-ELM,ELM,false,{days(1)},{days(15)}")


def test_hours_held_by_an_open_offer_are_not_used() -> None:
    made = county([someone("A"), someone("ASKED")], elm=3.5, offers=[offer("ASKED", "F-ELM")])
    assert visits_of(bridged(made), "harm_first") == []


def test_every_rule_holds_and_the_reason_tells_what_stands_in_the_way() -> None:
    people = [someone("A", excluded_provider_ids=("OAK",))]
    made = county(people, elm=20, oak=20, restrictions=[restriction("ELM")])
    bridge = bridged(made)
    assert visits_of(bridge, "harm_first") == []
    told = bridge_files(bridge, {})["explanations.jsonl"].decode()
    assert "No contract may take any of these visits." in told
    assert "OAK" in told
    assert "excluded" not in told and "A rule about the person does not allow it." in told


def test_a_cap_on_new_work_holds() -> None:
    made = county([someone("A", 4)], elm=40, restrictions=[cap("ELM", 28)])
    assert len(visits_of(bridged(made), "harm_first")) == 2


def test_two_care_workers_come_together_or_not_at_all() -> None:
    """ELM has no double-handed carers: it may take the visit for one of them. OAK may take both, and has hours for one person."""
    person, own = someone("A", 2)
    visits = [own[0], replace(own[1], workers=2)]
    person = replace(person, workers=2, minutes_per_week=630)
    only_one = county([(person, visits)], elm=20)
    assert covered(bridged(only_one))["harm_first"] == {"A1": "F-ELM"}
    able = county([(person, visits)], elm=20, oak=20, providers=[provider("OAK", skills=("double_handed",))])
    assert covered(bridged(able))["harm_first"] == {"A1": "L-OAK", "A2": "L-OAK"}


def test_nobody_has_two_bridges() -> None:
    """ELM and OAK have 3.5 hours each: one of A's two visits is covered, not each by another provider."""
    bridge = bridged(county([someone("A", 2)], elm=3.5, oak=3.5))
    assert {name: len(found) for name, found in covered(bridge).items()} == dict.fromkeys(covered(bridge), 1)


def test_the_same_visits_are_made_from_the_nearest_office_with_room() -> None:
    """FAR and NEAR have room; SMALL has none for A's two visits. Prices do not matter."""
    offices = [office("FAR", at(8_000)), office("NEAR", at(1_000)), office("SMALL", at())]
    contracts = [
        framework("FAR", rates_pence=(1500, 1500, 1500)), framework("NEAR"), framework("SMALL", max_hours_4w=Fraction(14)),
    ]  # fmt: skip
    bridge = bridged(county([someone("A", 2)], elm=0, contracts=contracts, offices=offices))
    assert set(covered(bridge)["harm_first"].values()) == {"F-NEAR"}


def test_a_contract_that_ends_before_the_bridge_is_not_used_unless_another_takes_over() -> None:
    ending = framework("ELM", ends=days(5), starts=days(-50))
    assert visits_of(bridged(county([someone("A")], elm=0, contracts=[ending])), "harm_first") == []
    after = framework("ELM", contract_id="F-ELM2", starts=days(5), succeeds="F-ELM")
    assert visits_of(bridged(county([someone("A")], elm=0, contracts=[ending, after])), "harm_first") == ["A1"]
    assert bridge_files(bridged(county([someone("A")], elm=0, contracts=[ending, after])), {})


def test_a_service_is_asked_only_of_those_who_deliver_it() -> None:
    person, own = someone("A", service="night")
    assert visits_of(bridged(county([(person, own)], elm=20)), "harm_first") == []
    contracts = [framework("ELM"), specialist("OWL")]
    assert covered(bridged(county([(person, own)], elm=0, contracts=contracts)))["harm_first"] == {"A1": "S-OWL"}


def test_a_person_whose_care_is_divided_is_one_person() -> None:
    """A and its part wait: one person with one bridge. Of B's care a part runs: A, who has nothing, comes first."""
    first, own = someone("A")
    part, more = someone("A-P1", part_of="A")
    rest, left = someone("B")
    runs = package("B-P1", part_of="B", contract_id="F-ELM", hours=3.5)
    people = [(first, own), (part, more), (rest, left)]
    bridge = bridged(county(people, elm=14, running=[runs]))
    assert [(person.person_id, len(person.visits)) for person in bridge.case.people] == [("A", 2), ("B", 1)]
    assert visits_of(bridge, "harm_first") == ["A-P11", "A1", "B1"]
    assert bridge_files(bridge, {})
    [visit_of_a] = visits_of(bridged(county(people, elm=7, running=[runs])), "harm_first")
    assert visit_of_a.startswith("A")


def test_whoever_has_waited_longest_comes_first_among_equals() -> None:
    people = [someone("A"), someone("B", start_by=days(-8)), someone("C")]
    bridge = bridged(county(people, elm=3.5))
    assert visits_of(bridge, "harm_first") == visits_of(bridge, "people_first") == ["B1"]


@pytest.mark.parametrize(("hours", "told"), [(9.0, "false"), (10.0, "true")])
def test_whether_running_rounds_have_the_minutes_is_told(hours: float, told: str) -> None:
    """The round's staff are paid 9 or 10 hours, of which its care takes 6; A needs 3.5."""
    runs = package("R", contract_id="F-ELM", round_id="RD1", hours=6)
    rounds = [Round("RD1", "ELM", "A1", 1, Fraction(str(hours)))]
    bridge = bridged(county([someone("A")], elm=20, running=[runs], rounds=rounds))
    row = bridge_files(bridge, {})["bridge.csv"].decode().splitlines()[1]
    assert row.split(",")[-3] == told


def test_many_visits_of_one_person_are_chosen_in_groups() -> None:
    """Nine visits on a Monday, half an hour each: in groups of two, which go together; 2 hours hold two groups."""
    person, _ = someone("A", hours=4.5, visits_per_week=9)
    own = [visit(f"A{n}", "A", f"{7 + n:02}:00", f"{7 + n:02}:00", days=("mon",), needs=("meals",)) for n in range(9)]
    bridge = bridged(county([(replace(person, minutes_per_week=270), own)], elm=2))
    assert visits_of(bridge, "harm_first") == ["A0", "A1", "A2", "A3"]
    assert any("More than 6 visits that cannot wait are those of 1 person" in note for note in notes(bridge))


def test_a_county_in_which_nobody_waits() -> None:
    bridge = plan_bridge(county([], elm=5, running=[package("R", contract_id="F-ELM")]))
    assert bridge.all_proven
    assert b"Nobody who may have a bridge" in bridge_files(bridge, {})["bridge.html"]


def test_the_bridge_lasts_as_long_as_the_setting_says() -> None:
    bridge = bridged(county([someone("A")], elm=20, settings=MeanwhileSettings(bridge_days=3)))
    [member] = bridge.case.members.tolist()
    assert (bridge.case.begins(member), bridge.case.ends(member)) == (days(0), days(0) + dt.timedelta(3))
