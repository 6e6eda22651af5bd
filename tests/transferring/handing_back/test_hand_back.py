"""A contract that is handed back: everybody on it gets another place where there is one, urgent people first."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from optimiser.domain.policy import Policy, TransferPolicy
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.check.hand_back import hand_back_faults
from optimiser.transferring.handing_back.report import hand_back_files, notes
from optimiser.transferring.handing_back.story import HandBack, plan_hand_back
from optimiser.transferring.story import CannotPlanError, Search
from tests.making import AS_OF, following, framework, legacy, package, principal, snapshot

POLICY = TransferPolicy()


def county(room: int = 15, **changed: Any) -> Snapshot:
    """NEW hands back P-NEW: R1 with two people of five hours, and U, urgent, alone. ELM has room for so many hours a week."""
    people = [
        package("A1", contract_id="P-NEW", round_id="R1", **changed),
        package("A2", contract_id="P-NEW", round_id="R1"),
        package("U", contract_id="P-NEW", priority="urgent"),
    ]
    contracts = [principal("NEW"), framework("ELM", max_hours_4w=Fraction(4 * room)), legacy("OAK", max_hours_4w=Fraction(4 * 5))]
    return snapshot(people, contracts)


def placed(plan: HandBack) -> dict[str, str]:
    where = {plan.county.packages[m].package_id: plan.placed.get(m) for m in plan.members}
    return {name: "" if option is None else plan.county.contracts[option.contract].contract_id for name, option in where.items()}


def test_everybody_goes_to_the_framework_where_it_has_room() -> None:
    plan = plan_hand_back(county(), "P-NEW", POLICY)
    assert placed(plan) == {"A1": "F-ELM", "A2": "F-ELM", "U": "F-ELM"}
    assert plan.all_proven
    assert {str(day) for day in plan.day.values()} == {"2026-11-24"}
    assert hand_back_files(plan, {})


def test_a_search_that_is_stopped_at_once_has_placed_people_within_every_limit() -> None:
    stopped = Search(should_stop=lambda: True)
    plan = plan_hand_back(county(), "P-NEW", POLICY, stopped)
    assert sorted(placed(plan).values()) == ["F-ELM", "F-ELM", "F-ELM"]
    assert not plan.all_proven
    assert hand_back_files(plan, {})
    tight = plan_hand_back(county(room=10), "P-NEW", POLICY, stopped)
    assert placed(tight) == {"A1": "F-ELM", "A2": "F-ELM", "U": "L-OAK"}, "the round first, and U where room is left"


def test_a_round_stays_together_before_legacy_is_spared() -> None:
    assert placed(plan_hand_back(county(room=10), "P-NEW", POLICY)) == {"A1": "F-ELM", "A2": "F-ELM", "U": "L-OAK"}


def test_staff_who_come_with_a_whole_round_leave_the_providers_own_limit_alone() -> None:
    small = replace(county(), providers=tuple(replace(p, max_hours_4w=Fraction(4 * 5)) for p in county().providers))
    assert sorted(placed(plan_hand_back(small, "P-NEW", POLICY)).values()) == ["", "F-ELM", "L-OAK"]
    policy = replace(POLICY, handback_staff_come=True)
    plan = plan_hand_back(small, "P-NEW", policy)
    assert placed(plan) == {"A1": "F-ELM", "A2": "F-ELM", "U": "F-ELM"}
    assert "assumes that 0 staff come with them (and those of 1 round whose staff are not known)" in notes(plan)[1]
    files = hand_back_files(plan, {})
    assert "provider_hours of ELM is passed" in hand_back_faults(plan.county, POLICY, ["P-NEW"], files["hand-back.csv"])


def test_urgent_people_come_first_when_room_is_short() -> None:
    plan = plan_hand_back(county(room=0), "P-NEW", POLICY)
    assert placed(plan) == {"A1": "", "A2": "", "U": "L-OAK"}
    assert plan.levels[0].value == 0
    assert plan.levels[1].value == 2 * (300 + 420)


def test_urgent_people_move_first_when_reviews_are_short() -> None:
    plan = plan_hand_back(county(), "P-NEW", TransferPolicy(reviews_per_wave=2))
    days = {plan.county.packages[m].package_id: day for m, day in plan.day.items()}
    assert days == {"U": dt.date(2026, 11, 24), "A1": dt.date(2026, 12, 1), "A2": dt.date(2026, 12, 1)}


def test_a_protected_person_is_marked_and_still_gets_a_place() -> None:
    plan = plan_hand_back(county(protected="autism"), "P-NEW", POLICY)
    rows = rows_of(hand_back_files(plan, {}))
    assert (rows["A1"]["own_plan_first"], rows["A2"]["own_plan_first"]) == ("true", "false")
    assert rows["A1"]["to_contract_id"] == "F-ELM"
    assert "autism" not in str(rows)


def rows_of(files: dict[str, bytes]) -> dict[str, dict[str, str]]:
    return {row["package_id"]: row for row in csv.DictReader(io.StringIO(files["hand-back.csv"].decode()))}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"F-ELM,ELM,true,2026-11-24,2026-11-24", b"F-ELM,ELM,true,2026-11-24,2026-11-25", "gap in care"),
        (b"A2,R1", b"A3,R1", "A2 has no row"),
        (b"F-ELM,ELM", b"L-OAK,OAK", "contract_hours of L-OAK is passed"),
        (b"F-ELM,ELM", b"P-NEW,NEW", "fails other_provider"),
        (b"24,2026-11-24,false", b"24,2026-11-24,true", "own plan marked wrongly"),
        (b"A1,R1,standard,5.00,moves,F-ELM,ELM,true", b"A1,R1,standard,5.00,moves,L-OAK,OAK,true", "round R1 does not go whole"),
        (b"new_provider", b"looking", "the letter is 'looking'"),
    ],
)
def test_the_check_finds_planted_faults(old: bytes, new: bytes, said: str) -> None:
    plan = plan_hand_back(county(), "P-NEW", POLICY)
    content = hand_back_files(plan, {})["hand-back.csv"]
    assert old in content
    assert said in "\n".join(hand_back_faults(plan.county, POLICY, ["P-NEW"], content.replace(old, new)))


def test_the_check_finds_somebody_urgent_who_waits() -> None:
    plan = plan_hand_back(county(), "P-NEW", POLICY)
    content = hand_back_files(plan, {})["hand-back.csv"]
    late = b"\n".join(
        line.replace(b"2026-11-24", b"2026-12-01") if line.startswith(b"U,") else line for line in content.split(b"\n")
    )
    assert hand_back_faults(plan.county, POLICY, ["P-NEW"], late) == ["somebody urgent moves after somebody who is not"]


def test_what_cannot_be_handed_back() -> None:
    with pytest.raises(CannotPlanError, match="no contract X"):
        plan_hand_back(county(), "X", POLICY)
    with pytest.raises(CannotPlanError, match="nobody's care"):
        plan_hand_back(county(), "F-ELM", POLICY)


def test_a_level_tells_what_a_person_counts_by_the_setting() -> None:
    asked = replace(county(), policy=Policy(person_minutes=300))
    units = {level.name: level.unit for level in plan_hand_back(asked, "P-NEW", POLICY).levels}
    assert units["unplaced_urgent"] == units["unplaced"] == "minutes a week and 300 a person"


def test_a_contract_that_another_has_taken_over_from_is_refused_with_its_name() -> None:
    ended = principal("NEW", ends=AS_OF)
    here = snapshot([package("U", contract_id="P-NEW")], [ended, following(ended, "P-2", AS_OF), framework("ELM")])
    with pytest.raises(CannotPlanError) as refused:
        plan_hand_back(here, "P-NEW", POLICY)
    assert refused.value.problems == ("contract P-NEW has ended, and P-2 has taken over from it: name that one",)
    assert placed(plan_hand_back(here, "P-2", POLICY)) == {"U": "F-ELM"}


def test_everybody_moves_to_the_contract_in_force_on_their_day_at_its_price() -> None:
    # ELM's contract ends on 1 December, a week after the first change; its successor begins then, at £25. U moves on 24 November,
    # the others in the next wave, on 1 December.
    here = county()
    elm = replace(framework("ELM", max_hours_4w=Fraction(60)), ends=dt.date(2026, 12, 1))
    after = following(elm, "F-ELM-2", dt.date(2026, 12, 1), rates_pence=(2500, 2500, 2500))
    rest = [each for each in here.contracts if each.contract_id != "F-ELM"]
    here = replace(here, contracts=tuple(sorted([*rest, elm, after], key=lambda c: c.contract_id)))
    plan = plan_hand_back(here, "P-NEW", TransferPolicy(reviews_per_wave=2))
    rows = rows_of(hand_back_files(plan, {}))
    assert {name: (row["to_contract_id"], row["then_from"]) for name, row in rows.items()} == {
        "U": ("F-ELM", "2026-11-24"), "A1": ("F-ELM-2", "2026-12-01"), "A2": ("F-ELM-2", "2026-12-01"),
    }  # fmt: skip
    assert "For 2 people the price on their day is another than tomorrow's, by which costs were compared." in notes(plan)


def test_care_that_began_lately_moves_all_the_same_and_that_is_said_of_whom_it_holds() -> None:
    # A1's care began 78 days before the first change: it has not rested; in the wave a week later, 85 days on, it would have.
    lately: dict[str, Any] = {"care_started": dt.date(2026, 9, 7)}
    plan = plan_hand_back(county(**lately), "P-NEW", POLICY)
    files = hand_back_files(plan, {})
    said = "Their care began only lately; they move all the same"
    assert {name: said in row["reason"] for name, row in rows_of(files).items()} == {"A1": True, "A2": False, "U": False}
    assert any(note.startswith("1 person: their care began only lately") for note in notes(plan))
    hidden = files["hand-back.csv"].replace(said.encode(), b"They move")
    assert hand_back_faults(plan.county, POLICY, ["P-NEW"], hidden) == ["A1: it is not told that a rule is waived"]
    later = plan_hand_back(county(**lately), "P-NEW", TransferPolicy(reviews_per_wave=2))
    assert not any(said in row["reason"] for row in rows_of(hand_back_files(later, {})).values())


def test_whose_care_is_divided_is_one_person_with_one_letter() -> None:
    here = county()
    parts = [replace(p, part_of="A1") if p.package_id == "A2" else p for p in here.packages]
    plan = plan_hand_back(replace(here, packages=tuple(parts)), "P-NEW", POLICY)
    files = hand_back_files(plan, {})
    record = json.loads(files["result.json"])
    assert (record["people"], record["placed"], record["without_a_place"]) == (2, 2, 0)
    assert files["letters.txt"].count(b"Your reference:") == 2
    assert set(rows_of(files)) == {"A1", "A2", "U"}, "parts are packages of their own to every rule"


def test_several_contracts_are_handed_back_at_once() -> None:
    """NEW and OLD both hand back: ELM has room for two of their three people, and nobody goes from one of them to the other."""
    people = [package("A", contract_id="P-NEW"), package("B", contract_id="P-NEW"), package("C", contract_id="L-OLD")]
    here = snapshot(people, [principal("NEW"), legacy("OLD"), framework("ELM", max_hours_4w=Fraction(40))])
    plan = plan_hand_back(here, ["P-NEW", "L-OLD"], POLICY)
    assert sorted(placed(plan).values()) == ["", "F-ELM", "F-ELM"]
    files = hand_back_files(plan, {})
    assert json.loads(files["result.json"])["contract_id"] == "L-OLD + P-NEW"
    letters = {
        letter["package_id"]: " ".join(letter["paragraphs"]) for letter in map(json.loads, files["letters.jsonl"].splitlines())
    }
    assert ["New gives you" in letters["A"], "Old gives you" in letters["C"]] == [True, True]
    with pytest.raises(CannotPlanError, match=r"there is no contract X; nobody's care runs on contract F-ELM|F-ELM.*X"):
        plan_hand_back(here, ["X", "F-ELM"], POLICY)
