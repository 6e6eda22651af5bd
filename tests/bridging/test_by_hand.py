"""Counties small enough to work out on paper: what each alternative covers, who may take what, and who is not in it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction

import pytest

from optimiser.bridging.bridge_case import case_of
from optimiser.bridging.by_group import by_group
from optimiser.bridging.explain import Explainer
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


def test_one_large_package_or_four_small_ones_that_tie() -> None:
    """As above, all red, and of everybody another part runs: by harm first 14 hours are covered and 14 not, whoever has them."""
    people = [someone("LARGE", 4), *(someone(f"S{number}") for number in range(1, 5))]
    rest = [(replace(person, part_of=f"{person.package_id}-0"), own) for person, own in people]
    runs = [package(f"{person.package_id}-0", contract_id="F-OAK", hours=1) for person, _ in people]
    contracts = [framework("ELM", max_hours_4w=Fraction(56)), framework("OAK", max_hours_4w=Fraction(20))]
    made = county(rest, elm=14, running=runs, contracts=contracts)
    bridge = bridged(made)
    assert {name: "".join(sorted(visit[0] for visit in own)) for name, own in covered(bridge).items()} == {
        "harm_first": "SSSS", "people_first": "LSSS", "whole_care": "SSSS",
    }  # fmt: skip
    assert [plan.alike_plans for plan in bridge.plans] == [("people_first",), ("harm_first", "whole_care"), ()]
    assert bridge.plans[0].alike == {"LARGE-0": ("S1-0", "S2-0", "S3-0", "S4-0")}, "one of her visits, in place of anybody's"
    told = notes(bridge)
    assert "By harm_first what people_first covers is as good: it is alike on every preference of that order." in told
    assert (
        "By people_first what harm_first and whole_care cover is as good: it is alike on every preference of that order." in told
    )
    assert "harm_first and whole_care cover the same visits." in told
    other = bridged(replace(made, packages=tuple(reversed(made.packages)), visits=tuple(reversed(made.visits))))
    assert covered(other) == covered(bridge), "which of them is told is the same whatever the order of rows"


def test_people_who_tie_are_told_on_the_page_and_in_the_reason() -> None:
    """A, B and C are alike in all that counts, D has waited less; ELM has hours for two of the four."""
    bridge = bridged(county([*map(someone, "ABC"), someone("D", start_by=days(-6))], elm=7))
    plan = bridge.plans[0]
    [left] = {"A", "B", "C"} - plan.taken.keys()
    assert plan.alike == {left: tuple(sorted(plan.taken))}, "not for D"
    files = bridge_files(bridge, {})
    page = " ".join(files["bridge.html"].decode().split())
    assert f"{left} in place of {' or '.join(sorted(plan.taken))}" in page
    lines = {line.split('"')[3]: line for line in files["explanations.jsonl"].decode().splitlines()}
    assert sorted(lines) == ["A", "B", "C", "D"]
    said = "On every preference of this order it would be alike if they had these hours in place of one of 2 others who have them"
    assert [name for name, line in lines.items() if said in line] == [left]
    assert not any(f'"{name}' in lines[left] for name in plan.taken), "nobody else is named there"
    assert any("1 person who is left with less" in note for note in notes(bridge))


def test_people_tie_who_would_share_their_visits_the_other_way_round() -> None:
    """Two visits each, three fit: whoever has one could have two, and the other one. With one hour less of room nothing ties."""
    bridge = bridged(county([someone("A", 2), someone("B", 2)], elm=10.5))
    for plan in bridge.plans:
        [whole] = [name for name, option in plan.taken.items() if option.is_whole]
        [half] = plan.taken.keys() - {whole}
        assert plan.alike == {half: (whole,)}
    assert not bridged(county([someone("A", 2), someone("B", if_missed="amber")], elm=7)).plans[0].alike


def test_alternatives_that_cover_the_same_visits_are_told() -> None:
    bridge = bridged(county([someone("A")], elm=7))
    assert "harm_first, people_first and whole_care cover the same visits." in notes(bridge)
    two = bridged(county([someone("LARGE", 2), *(someone(f"S{n}", if_missed="amber") for n in (1, 2))], elm=7))
    assert "harm_first and whole_care cover the same visits." in notes(two)


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


def test_what_was_not_proven_is_not_told_as_if_there_were_no_room() -> None:
    """3.5 hours for one of two. Where the search was ended before the plan was proven, the reason says so."""
    bridge = bridged(county([someone("A"), someone("B")], elm=3.5))
    [left] = [person for person in bridge.case.people if person.person_id not in bridge.plans[0].taken]
    assert "The room there is goes to others in this order." in Explainer(bridge).reason(bridge.plans[0], left)
    levels = bridge.plans[0].levels
    cut_short = replace(bridge.plans[0], levels=(replace(levels[0], bound=0, proven=False), *levels[1:]))
    assert "The search ended before it was shown that there is no room for them." in Explainer(bridge).reason(cut_short, left)


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
    late = [ending, replace(after, starts=days(8))]
    assert visits_of(bridged(county([someone("A")], elm=0, contracts=late)), "harm_first") == [], "three days under none"


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


def test_of_a_person_whose_care_is_divided_each_part_is_told_with_its_own_days() -> None:
    """B's care is due since a week, its part P1 (urgent, the foremost visit) tomorrow: a fortnight each, a day apart."""
    rest, own = someone("B", needs=("bed",))
    part, more = someone("B-P1", part_of="B", start_by=days(1), priority="urgent", needs=("medication",))
    files = bridge_files(bridged(county([(rest, own), (part, more)], elm=14)), {})
    assert (
        "F-ELM can take B-P11 (medication) (3.5 hours a week) from 24 November 2026 up to and including 7 December 2026, and"
        " B1 (bed) (3.5 hours a week) from 23 November 2026 up to and including 6 December 2026, within the hours left"
    ) in files["explanations.jsonl"].decode()
    assert files["people.csv"].decode().splitlines()[1].startswith(f"B,B;B-P1,urgent,{days(-7)},7,")
    turned = [replace(rest, start_by=days(1)), replace(part, start_by=days(-7))]
    other = bridge_files(bridged(county(list(zip(turned, (own, more), strict=True)), elm=14)), {})
    assert other["people.csv"].decode().splitlines()[1].startswith(f"B,B;B-P1,urgent,{days(-7)},7,"), (
        "what is overdue is due first"
    )


@pytest.mark.parametrize(("elm", "visits", "minutes"), [(2.5, ["A1"], 140), (5, ["A1", "A2"], 280), (7, ["A1", "A2", "A3"], 0)])
def test_visits_that_cannot_be_divided_off_are_told(elm: float, visits: list[str], minutes: int) -> None:
    """Three visits of 20 minutes a day are 7 hours a week. One, or two, come to no whole quarter hours; all three are no part."""
    person, own = someone("A", 3, hours=7)
    bridge = bridged(county([(person, [replace(each, duration_minutes=20) for each in own])], elm=elm))
    assert visits_of(bridge, "harm_first") == visits
    files = bridge_files(bridge, {})
    for told in (files["explanations.jsonl"].decode(), files["bridge.html"].decode()):
        assert (f"{minutes} minutes a week, and the hours of a part are whole quarter hours" in told) == bool(minutes)
    [*said] = [note for note in notes(bridge) if "cannot be divided off as they are" in note]
    assert len(said) == bool(minutes)
    assert all("of 1 person" in note for note in said)


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
