"""Decisions worked by hand: one person between two nights, what kind that is, and by exactly how much; and whom one could ask.

ALDER is the principal of A1, BIRCH is on its framework (and CEDAR, where it is named), DOCK is legacy. Everybody lives in
Dereham; five hours a week are 300 minutes in five visits.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from optimiser.domain.hiding import Hiding
from optimiser.domain.records import Contract, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.rules.base import A_PRIVATE_RULE
from optimiser.rules.eligibility.not_excluded import NotExcluded
from optimiser.rules.levels.legacy import Legacy
from optimiser.rules.levels.volume_share import VolumeShare
from optimiser.rules.limits.contract_hours import ContractHours
from optimiser.rules.together.bundle import BundleTogether
from optimiser.shadowing.check import faults_of_shadow
from optimiser.shadowing.report import DECISIONS_FILE, WAITS_FILE, shadow_files, shadow_record
from optimiser.shadowing.story import shadow
from tests.making import SCARNING, days, framework, legacy, noon, offer, office, package, principal, restriction, snapshot

Row = dict[str, str]
ALDER, BIRCH, CEDAR = principal("ALDER"), framework("BIRCH"), framework("CEDAR")
DOCK = legacy("DOCK", rates_pence=(2700, 2700, 2700))
EVERYONE = (ALDER, BIRCH, DOCK)
N1 = package("N1")
R0 = package("R0", hours=20, contract_id="F-BIRCH")
"""Somebody else's care: beside it N1's five hours lift no principal beyond its share."""


def night(number: int, people: Iterable[Package], contracts: Iterable[Contract] = EVERYONE, **given: Any) -> Snapshot:
    contracts = tuple(contracts)
    far = [office("DOCK", SCARNING)] if DOCK in contracts else []
    return snapshot(people, contracts, as_of=days(number), offices=far, **given)


def placed(person: Package, contract_id: str) -> Package:
    return replace(person, status="active", contract_id=contract_id, care_started=days(0))


def laid(*nights: Snapshot, smallest: int = 1) -> tuple[dict[str, Row], dict[str, Row], dict[str, Any]]:
    """Decisions and waits by package, and what members read; confirmed by the check."""
    made = shadow(nights)
    files = shadow_files(made, shadow_record(made, Hiding(smallest), named=False))
    assert faults_of_shadow(nights, made.rules, files) == []
    tables = (csv.DictReader(io.StringIO(files[name].decode())) for name in (DECISIONS_FILE, WAITS_FILE))
    decisions, waits = ({row["package_id"]: row for row in rows} for rows in tables)
    return decisions, waits, json.loads(files["shadow.json"])


def of_n1(before: Snapshot, after: Snapshot) -> Row:
    return laid(before, after)[0]["N1"]


def kind(row: Row) -> tuple[str, str]:
    return row["class"], row["why"]


def test_whoever_the_cascade_asks_first_is_the_same() -> None:
    row = of_n1(night(0, [R0, N1]), night(1, [R0, placed(N1, "P-ALDER")]))
    assert kind(row) == ("same", "asked_first")
    assert (row["place"], row["first_contract_id"], row["compared_with"]) == ("1", "P-ALDER", "")


def test_another_that_is_equal_on_every_level_is_the_same() -> None:
    two = (BIRCH, CEDAR)
    chosen = [of_n1(night(0, [N1], two), night(1, [placed(N1, each.contract_id)], two)) for each in two]
    assert sorted(kind(row) for row in chosen) == [("same", "asked_first"), ("same", "equal_on_every_level")]


def test_legacy_in_place_of_the_principal_is_worse_by_exactly_so_much() -> None:
    row = of_n1(night(0, [R0, N1]), night(1, [R0, placed(N1, "L-DOCK")]))
    assert kind(row) == ("worse", "passed_over_nothing_recorded")
    assert (row["compared_with"], row["decided_by"], row["by_how_much"]) == ("P-ALDER", Legacy.name, "300")
    # 5 h at £27 in place of £24; five visits of 3,000 m more
    assert (row["legacy_minutes_more"], row["cost_pence_more"], row["travel_metres_more"]) == ("300", "1500", "15000")


def test_a_principal_above_its_share_is_asked_after_the_framework() -> None:
    # 15 of 20 hours are with the principal: 75%, the upper edge. Five more are 300 minutes beyond it; elsewhere none are.
    held = package("R1", hours=15, contract_id="P-ALDER")
    two = (ALDER, BIRCH)
    row = of_n1(night(0, [held, N1], two), night(1, [held, placed(N1, "F-BIRCH")], two))
    assert (*kind(row), row["place"]) == ("same", "asked_first", "1")
    row = of_n1(night(0, [held, N1], two), night(1, [held, placed(N1, "P-ALDER")], two))
    assert kind(row) == ("worse", "passed_over_nothing_recorded")
    assert (row["place"], row["compared_with"]) == ("2", "F-BIRCH")
    assert (row["decided_by"], row["by_how_much"]) == (VolumeShare.name, "300")


def test_a_rule_that_the_choice_breaks_is_named_and_one_about_the_person_to_members_is_not() -> None:
    person = replace(N1, excluded_provider_ids=("BIRCH",))
    decisions, _, record = laid(night(0, [person]), night(1, [placed(person, "F-BIRCH")]))
    assert kind(decisions["N1"]) == ("rule", "breaks_a_rule")
    assert decisions["N1"]["rules"] == NotExcluded.name
    assert NotExcluded.source in decisions["N1"]["said"]
    assert [(each["rule"], each["decisions"]) for each in record["rules"]] == [(A_PRIVATE_RULE, 1)]


def test_a_limit_is_broken_where_it_is_passed_the_night_after_too() -> None:
    full = (replace(ALDER, max_hours_4w=Fraction(20)), BIRCH, DOCK)  # five hours a week
    held = package("R1", contract_id="P-ALDER")
    row = of_n1(night(0, [held, N1], full), night(1, [held, placed(N1, "P-ALDER")], full))
    assert (row["class"], row["rules"], row["place"]) == ("rule", ContractHours.name, "")
    ended = of_n1(night(0, [held, N1], full), night(1, [placed(N1, "P-ALDER")], full))
    assert kind(ended) == ("fact_not_recorded", "facts_changed_since"), "the care before it has ended meanwhile"
    more = (replace(ALDER, max_hours_4w=Fraction(40)), BIRCH, DOCK)
    raised = of_n1(night(0, [held, N1], full), night(1, [held, placed(N1, "P-ALDER")], more))
    assert kind(raised) == ("fact_not_recorded", "facts_changed_since")


def test_each_takes_its_room_before_the_next() -> None:
    full, n2 = (replace(ALDER, max_hours_4w=Fraction(20)), BIRCH, DOCK), replace(N1, package_id="N2")
    yes = [offer("N1", "P-ALDER", "accepted", responded_at=noon(0)), offer("N2", "F-BIRCH", "accepted", responded_at=noon(0))]
    after = night(1, [placed(N1, "P-ALDER"), placed(n2, "F-BIRCH")], full, offers=yes)
    decisions, _, _ = laid(night(0, [N1, n2], full), after)
    assert [kind(decisions[name]) for name in ("N1", "N2")] == [("same", "asked_first")] * 2


def test_a_no_since_an_unanswered_offer_and_a_new_restriction_are_facts_that_the_night_did_not_have() -> None:
    before, after = night(0, [R0, N1]), [R0, placed(N1, "F-BIRCH")]
    no = night(1, after, offers=[offer("N1", "P-ALDER", "declined", reason="no_capacity")])
    assert kind(of_n1(before, no)) == ("fact_not_recorded", "said_no_since")
    assert of_n1(before, no)["said_no"] == "P-ALDER"
    waits, taken_back = (offer("N1", "P-ALDER", response, offered_at=noon(-1)) for response in ("", "withdrawn"))
    unanswered = of_n1(night(0, [R0, N1], offers=[waits]), night(1, after, offers=[taken_back]))
    assert kind(unanswered) == ("fact_not_recorded", "asked_no_answer_recorded")
    restricted = of_n1(before, night(1, after, restrictions=[restriction("ALDER")]))
    assert kind(restricted) == ("fact_not_recorded", "facts_changed_since")
    assert restricted["changed_since"] == "P-ALDER"
    new = replace(BIRCH, contract_id="F-NEW")
    assert kind(of_n1(before, night(1, [placed(N1, "F-NEW")], (*EVERYONE, new)))) == ("fact_not_recorded", "facts_changed_since")


def test_a_bundle_that_was_parted_breaks_its_rule() -> None:
    first, second = (replace(N1, package_id=name, bundle_id="B1") for name in ("N1", "N2"))
    before = night(0, [first, second])
    parted, _, _ = laid(before, night(1, [placed(first, "P-ALDER"), placed(second, "F-BIRCH")]))
    assert {row["rules"] for row in parted.values()} == {BundleTogether.name}
    together, _, _ = laid(before, night(1, [placed(first, "P-ALDER"), placed(second, "P-ALDER")]))
    assert {kind(row) for row in together.values()} == {("same", "asked_first")}


def test_what_is_a_decision_and_what_is_none() -> None:
    moved, came = package("R1", contract_id="F-BIRCH"), package("R2", contract_id="F-BIRCH", care_started=days(-40))
    since = placed(replace(N1, package_id="N2"), "P-ALDER")
    waits = replace(N1, package_id="N3")
    yes = offer("N3", "P-ALDER", "accepted")
    again = replace(N1, package_id="N4")  # had care, waits again, and is placed: all between two nights
    before = night(0, [N1, moved, waits, placed(again, "F-BIRCH")])
    after = night(
        1,
        [N1, replace(moved, contract_id="L-DOCK"), came, since, waits, again],
        offers=[yes, offer("N4", "P-ALDER", "accepted")],
    )
    third = night(2, [N1, came, since, placed(waits, "P-ALDER"), placed(again, "P-ALDER")])
    decisions, waiting, record = laid(before, after, third)
    assert decisions.keys() == {"N2", "N3", "N4"}, "an accepted offer is a decision, and the start of its care no other"
    assert (decisions["N2"]["asked_for_since"], decisions["N3"]["asked_for_since"]) == ("true", "false")
    assert (record["people"]["moved"], record["people"]["came_with_care"]) == (1, 1)
    assert {name: row["ended"] for name, row in waiting.items()} == {"N1": "", "N3": "placed"}


def test_room_that_could_have_been_asked_for_is_counted_once_and_never_where_a_no_is_on_record() -> None:
    one = (replace(ALDER, max_hours_4w=Fraction(20)),)  # room for one of them
    urgent, other = replace(N1, priority="urgent"), replace(N1, package_id="N2")
    three = [night(number, [urgent, other], one) for number in range(3)]
    _, waits, record = laid(*three)
    assert (waits["N1"]["could_have_been_asked_on"], waits["N1"]["days_earlier"]) == (str(days(0)), "2")
    assert waits["N2"]["could_have_been_asked_on"] == ""
    assert record["could_have_been_asked_earlier"]["people"] == 1
    no = offer("N1", "P-ALDER", "declined", offered_at=noon(1), responded_at=noon(1))
    _, waits, _ = laid(*three[:2], night(2, [urgent, other], one, offers=[no]))
    assert [waits[name]["could_have_been_asked_on"] for name in ("N1", "N2")] == ["", str(days(0))]
    asked = [night(number, [urgent, other], one, offers=[offer("N1", "P-ALDER", offered_at=noon(-1))]) for number in range(2)]
    _, waits, _ = laid(*asked)
    assert not any(row["could_have_been_asked_on"] for row in waits.values()), "the room is held for whom ALDER is asked"


def test_small_groups_are_not_told_and_counts_go_to_the_nearest() -> None:
    people = [replace(N1, package_id=f"N{number}", source="" if number < 3 else "community") for number in range(10)]
    _, _, record = laid(night(0, people), night(1, people), smallest=5)
    assert record["people"]["people_who_waited"] == 10
    assert [(each["group"], each["people"]) for each in record["who_waited"]["source"]] == [("community", 5)]
