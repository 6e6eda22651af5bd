"""A package's record: the order asked, each rule with its figures, the verdicts, and what another choice would have changed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optimiser.allocating.story import allocate
from optimiser.county import County
from optimiser.rules.book import standard_rules
from tests.explaining.changing import Record, explained
from tests.making import (
    FAKENHAM,
    SWANTON,
    area,
    at,
    days,
    framework,
    legacy,
    offer,
    office,
    package,
    principal,
    snapshot,
    specialist,
)

RULES = standard_rules()


def order(record: Record) -> list[str]:
    return [step["contract_id"] for step in record["contracts"]]


def verdicts(record: Record) -> dict[str, str]:
    return {step["contract_id"]: step["verdict"] for step in record["contracts"]}


def test_principal_then_framework_then_legacy_are_asked() -> None:
    contracts = [legacy("DOCK"), framework("BRACKEN"), principal("ALDER"), framework("ELDER", area_id="A2")]
    record = explained(allocate(snapshot([package("N1"), package("R1", hours=90, contract_id="L-DOCK")], contracts)), "N1")
    assert order(record) == ["P-ALDER", "F-BRACKEN", "L-DOCK"]
    assert record["contracts_of_other_areas"] == 1
    assert verdicts(record) == {"P-ALDER": "chosen", "F-BRACKEN": "has room", "L-DOCK": "has room"}
    assert record["reason"] == "The area's principal provider is asked first and has room."


def test_a_principal_above_the_upper_edge_is_asked_first_all_the_same_and_it_is_said() -> None:
    # D = 1,500: the edge is 1,125; with N1 Alder would have 1,200 + 300.
    people = [package("R1", hours=20, contract_id="P-ALDER"), package("N1")]
    record = explained(allocate(snapshot(people, [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")])), "N1")
    assert order(record) == ["P-ALDER", "F-BRACKEN", "L-DOCK"]
    assert [step["over_upper_edge"] for step in record["contracts"]] == [True, False, False]
    assert verdicts(record) == {"P-ALDER": "has room", "F-BRACKEN": "chosen", "L-DOCK": "has room"}
    assert record["reason"] == (
        "Placed with a framework provider of the area; 1 asked before it would have room, but would be worse on even shares."
    )


def test_within_a_tier_the_furthest_below_its_part_is_asked_first_then_the_cheapest_then_the_nearest() -> None:
    # Of 600 minutes 150 each would be fair: Clover, Dahlia and Elder have none (150 below), Bracken has all.
    people = [package("R1", hours=10, contract_id="F-BRACKEN"), package("N1", SWANTON, workers=2)]
    contracts = [
        framework("BRACKEN", rates_pence=(1000, 1000, 1000)),
        framework("CLOVER", rates_pence=(2500, 2500, 2500)),
        framework("DAHLIA"),
        framework("ELDER"),
    ]
    given = snapshot(people, contracts, offices=[office("ELDER", at(3_000, 3_000)), office("DAHLIA", at(3_000, 2_000))])
    record = explained(allocate(given), "N1")
    # Unmet (nobody sends two care workers): 150 below and £120.00, 1,000 m; the same, 2,000 m; £125.00; 450 above.
    assert order(record) == ["F-ELDER", "F-DAHLIA", "F-CLOVER", "F-BRACKEN"]
    assert [(step["below_part_minutes"], step["weekly_cost_gbp"], step["metres"]) for step in record["contracts"]] == [
        (150.0, "120.00", 1_000),
        (150.0, "120.00", 2_000),
        (150.0, "125.00", 5_000),
        (-450.0, "50.00", 5_000),
    ]


def test_each_contract_has_every_rule_for_new_care_and_every_limit_that_counts() -> None:
    given = snapshot([package("N1")], [framework("BRACKEN", max_hours_4w=Fraction(20)), framework("CLOVER")])
    for step in explained(allocate(given), "N1")["contracts"]:
        named = [finding[0] for finding in step["findings"]]
        expected = [rule.name for rule in RULES.eligibility if not rule.running_only and rule.in_use(County.of(given))]
        assert "service" not in expected, "nothing in this county could make it fail"
        assert named == expected + (["contract_hours"] if step["contract_id"] == "F-BRACKEN" else [])
        assert all(len(finding) == 6 and finding[5].endswith(".") for finding in step["findings"])


def test_a_full_contract_and_one_that_may_not_be_asked_are_told_apart() -> None:
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(19)), framework("CLOVER", bands=(2,)), framework("DAHLIA")]
    record = explained(allocate(snapshot([package("N1")], contracts)), "N1")
    assert verdicts(record) == {"F-BRACKEN": "is full", "F-CLOVER": "may not be asked", "F-DAHLIA": "chosen"}
    full = next(step for step in record["contracts"] if step["contract_id"] == "F-BRACKEN")
    assert full["findings"][-1][:5] == ["contract_hours", False, 300, 285, "minutes a week"]


def test_who_is_passed_over_is_told_what_choosing_it_would_have_changed() -> None:
    # Parts 1/5 and 4/5. Clover has 60 minutes, Bracken none: of the 60 Bracken is 12 below its part and is asked first.
    # N1 (60 minutes) with Bracken: |60 - 24| + |60 - 96| = 72; with Clover: |0 - 24| + |120 - 96| = 48, and £1.00 cheaper.
    contracts = [
        framework("BRACKEN", max_hours_4w=Fraction(10), rates_pence=(2500, 2500, 2500)),
        framework("CLOVER", max_hours_4w=Fraction(40)),
    ]
    people = [package("R1", hours=1, contract_id="F-CLOVER"), package("N1", hours=1)]
    record = explained(allocate(snapshot(people, contracts)), "N1")
    assert order(record) == ["F-BRACKEN", "F-CLOVER"]
    assert verdicts(record) == {"F-BRACKEN": "has room", "F-CLOVER": "chosen"}
    assert record["contracts"][0]["instead"] == {"volume_share": 24, "cost": 100}
    assert record["provider_id"] == "CLOVER"
    assert "instead" not in record["contracts"][1]
    assert record["reason"] == (
        "Placed with a framework provider of the area; 1 asked before it would have room, but would be worse on even shares."
    )


def test_who_is_asked_after_the_one_chosen_is_not_passed_over() -> None:
    people = [package("N1"), package("R1", hours=90, contract_id="L-DOCK")]
    record = explained(allocate(snapshot(people, [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")])), "N1")
    assert verdicts(record) == {"P-ALDER": "chosen", "F-BRACKEN": "has room", "L-DOCK": "has room"}
    assert all("instead" not in step for step in record["contracts"])


def test_a_package_does_not_put_its_own_principal_over_the_edge_twice() -> None:
    # D = 6,000: the edge is 4,500. Alder has 3,600 and with N1 4,200: below the edge, so it is asked first.
    people = [package("R1", hours=60, contract_id="P-ALDER"), package("R2", hours=30, contract_id="F-BRACKEN")]
    given = snapshot([*people, package("N1", hours=10)], [principal("ALDER"), framework("BRACKEN")])
    record = explained(allocate(given), "N1")
    assert record["contract_id"] == "P-ALDER"
    assert order(record) == ["P-ALDER", "F-BRACKEN"]
    assert [step["over_upper_edge"] for step in record["contracts"]] == [False, False]
    assert record["reason"] == "The area's principal provider is asked first and has room."


def test_a_package_does_not_count_against_the_provider_chosen_for_it() -> None:
    # Of Bracken's 300 minutes half should be Clover's: Clover is 150 below its part and is asked first, and takes N1.
    people = [package("R1", contract_id="F-BRACKEN"), package("N1")]
    contracts = [framework("BRACKEN"), framework("CLOVER", rates_pence=(2600, 2600, 2600))]
    record = explained(allocate(snapshot(people, contracts)), "N1")
    assert record["contract_id"] == "F-CLOVER"
    assert order(record) == ["F-CLOVER", "F-BRACKEN"]
    assert [step["below_part_minutes"] for step in record["contracts"]] == [150.0, -150.0]


def test_running_pending_and_accepted_packages_have_their_own_reasons() -> None:
    people = [package("R1", contract_id="F-BRACKEN"), package("N1"), package("N2")]
    offers = [offer("N1", "F-BRACKEN"), offer("N2", "F-BRACKEN", "accepted")]
    allocation = allocate(snapshot(people, [framework("BRACKEN")], offers=offers))
    running, pending, accepted = (explained(allocation, name) for name in ("R1", "N1", "N2"))
    assert (running["outcome"], running["reason"]) == ("placed", "Running care stays where it is.")
    assert running["contracts"] == []
    assert (pending["outcome"], pending["asked"], pending["contract_id"]) == ("pending", ["F-BRACKEN"], "")
    assert (
        pending["reason"] == "An offer is waiting for an answer, so the package is left out of this run and its hours stay held."
    )
    assert (accepted["outcome"], accepted["contract_id"]) == ("placed", "F-BRACKEN")
    assert accepted["reason"] == "The provider has accepted an offer of this package, so it is placed there."


def test_who_has_the_room_is_counted_by_the_rule_that_they_came_first_by() -> None:
    # BRACKEN has 20 hours a week, all full: U is urgent, D from hospital, S standard and overdue, each of 5 hours; X runs there.
    # P (planned, 5 hours) waits: S counts (300 + 420) x 2 x 2, P (300 + 420). Q (standard, 40 hours) counts more than S, but
    # would need all of the room and more.
    people = [
        package("U", priority="urgent"),
        package("D", priority="discharge"),
        package("S", start_by=days(-1)),
        package("X", contract_id="F-BRACKEN"),
        package("P", priority="planned"),
        package("Q", hours=40),
    ]
    made = allocate(snapshot(people, [framework("BRACKEN", max_hours_4w=Fraction(80))]))
    full = (
        "Nobody has room: 1 contract(s) keep every other rule, and all are full with everybody where they are. Their room went to"
    )
    first = "1 package that is urgent (unmet_urgent); 1 package that is from hospital (unmet_discharge);"
    rest = "Running care, accepted offers and offers without an answer have the rest."
    assert explained(made, "P")["reason"] == (
        f"{full} {first} 1 package that counts more: longer past its date, more hours, or a higher priority (unmet). {rest}"
    )
    assert explained(made, "Q")["reason"] == (
        f"{full} {first} 1 package that counts no more, but with it less need is unmet in all (unmet). {rest}"
    )


def test_nobody_is_passed_over_by_an_offer_that_was_accepted() -> None:
    # Alder, asked first, has room: but nothing was decided in this run, so there is no other choice to compare with.
    given = snapshot([package("N1")], [principal("ALDER"), legacy("DOCK")], offers=[offer("N1", "L-DOCK", "accepted")])
    record = explained(allocate(given), "N1")
    assert verdicts(record) == {"P-ALDER": "has room", "L-DOCK": "accepted"}
    assert all("instead" not in step for step in record["contracts"])


@pytest.mark.parametrize(
    ("contracts", "reason"),
    [
        ([framework("BRACKEN", bands=(3,))], "Nobody may be asked: no contract keeps every rule for this package."),
        (
            [framework("BRACKEN", max_hours_4w=Fraction(19)), framework("CLOVER", bands=(3,))],
            "Nobody has room: 1 contract(s) keep every other rule, and all are full with everybody where they are. Their room is"
            " taken by running care, accepted offers and offers without an answer.",
        ),
        ([], "Nobody may be asked: no contract keeps every rule for this package."),
    ],
)
def test_why_somebody_waits_is_told_in_a_sentence(contracts: list[object], reason: str) -> None:
    assert explained(allocate(snapshot([package("N1")], contracts)), "N1")["reason"] == reason  # type: ignore[arg-type]


def test_before_the_go_live_the_legacy_framework_is_the_usual_place() -> None:
    record = explained(allocate(snapshot([package("N1")], [legacy("DOCK")], areas=[area(go_live=days(9))])), "N1")
    assert record["reason"] == "Placed on the legacy framework, as the area has not gone live."


def test_before_the_go_live_too_it_is_told_who_was_passed_over() -> None:
    # Dock is 30 pence cheaper, Elder 16 km nearer: 300 waiting minutes allow 30 pence for it.
    contracts = [legacy("DOCK"), legacy("ELDER", rates_pence=(2406, 2406, 2406))]
    offices = [office("DOCK", FAKENHAM), office("ELDER", SWANTON)]
    given = snapshot([package("N1", SWANTON)], contracts, offices=offices, areas=[area(go_live=days(9))])
    record = explained(allocate(given), "N1")
    assert order(record) == ["L-DOCK", "L-ELDER"]
    assert record["contract_id"] == "L-ELDER"
    assert record["reason"] == (
        "Placed on the legacy framework, as the area has not gone live; 1 asked before it would have room,"
        " but would be worse on travel, with a gain that lies within the tolerance of cost."
    )


def test_a_pending_package_shows_whom_it_waits_for() -> None:
    contracts = [principal("ALDER"), framework("BRACKEN", bands=(3,)), framework("CLOVER", area_id="A2")]
    offers = [offer("N1", "F-BRACKEN"), offer("N1", "F-CLOVER")]
    record = explained(allocate(snapshot([package("N1")], contracts, offers=offers)), "N1")
    waiting = "asked, waiting for an answer"
    assert verdicts(record) == {"P-ALDER": "has room", "F-BRACKEN": waiting, "F-CLOVER": waiting}
    assert (record["provider_id"], record["contract_id"]) == ("", "")


def test_an_accepted_contract_is_shown_as_accepted_whatever_fails_today() -> None:
    contracts = [framework("BRACKEN", bands=(3,)), framework("CLOVER")]
    given = snapshot([package("N1")], contracts, offers=[offer("N1", "F-BRACKEN", "accepted")])
    record = explained(allocate(given), "N1")
    assert verdicts(record) == {"F-BRACKEN": "accepted", "F-CLOVER": "has room"}
    assert (record["provider_id"], record["contract_id"]) == ("BRACKEN", "F-BRACKEN")
    (step,) = (step for step in record["contracts"] if step["contract_id"] == "F-BRACKEN")
    assert [finding[0] for finding in step["findings"] if not finding[1]] == ["band"]


def test_a_limit_that_was_over_on_entry_says_so_where_it_is_passed_for_that_alone() -> None:
    full = framework("BRACKEN", max_hours_4w=Fraction(12))
    given = snapshot([package("N1"), package("N2")], [full], offers=[offer("N1", "F-BRACKEN", "accepted")])
    allocation = allocate(given)
    said = {name: explained(allocation, name)["contracts"][0]["findings"][-1] for name in ("N1", "N2")}
    assert (said["N1"][0], said["N1"][1]) == ("contract_hours", True)
    assert said["N1"][5].endswith("; it was over on entry and may stay so.")
    assert (said["N2"][0], said["N2"][1]) == ("contract_hours", False)
    assert "on entry" not in said["N2"][5]


def test_the_record_of_a_placed_package_has_its_size() -> None:
    record = explained(allocate(snapshot([package("N1", hours=5.25, visits_per_week=7)], [framework("BRACKEN")])), "N1")
    assert (record["hours_per_week"], record["visits_per_week"], record["area_id"]) == (5.25, 7, "A1")


def test_enhanced_home_support_is_explained_with_its_clock_and_nothing_else_is() -> None:
    people = [
        package("E1", contract_id="S-DOCK", service="enhanced_home_support", care_started=days(-1)),
        package("R1", contract_id="S-DOCK", service="enhanced_home_support", care_started=days(-9)),
        package("N1"),
    ]
    county = snapshot(people, [principal("ALDER"), specialist("DOCK", service="enhanced_home_support")])
    made = allocate(county)
    told = {each: explained(made, each) for each in ("E1", "R1", "N1")}
    assert told["E1"]["support"].endswith("0:00 on 22 November 2026: for up to 0:00 on 25 November 2026.")
    assert told["R1"]["support"].endswith("it was for up to 0:00 on 17 November 2026, and what runs on is not decided.")
    assert "support" not in told["N1"]
