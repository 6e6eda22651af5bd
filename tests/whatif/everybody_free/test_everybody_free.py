"""All care placed afresh: small counties worked out by hand, what is set aside and what holds, and that nobody is told of."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from optimiser.county import County
from optimiser.io.folders import OUR_FILES
from optimiser.judging.checking import DisagreementError
from optimiser.rules.book import standard_rules
from optimiser.whatif.everybody_free import report as module
from optimiser.whatif.everybody_free.check import faults, held_in_files
from optimiser.whatif.everybody_free.freed import freed
from optimiser.whatif.everybody_free.report import everybody_free_files, everybody_free_record, gap_in_words
from optimiser.whatif.everybody_free.small_counts import told_hours, told_people
from optimiser.whatif.everybody_free.story import EverybodyFree, everybody_free
from optimiser.whatif.everybody_free.totals import Gathered
from tests.making import cap, contract, county, days, framework, legacy, offer, package, principal, provider, restriction

RULES = standard_rules()


def afresh(of: County) -> EverybodyFree:
    return everybody_free(of, RULES)


def on(made: EverybodyFree, package_id: str) -> str:
    where = made.verified.plan.contracts[made.county.package_index[package_id]]
    return "" if where is None else made.county.contracts[where].contract_id


TEN_ON_LEGACY = county(
    [package(f"R{each}", contract_id="L-OAK", protected="autism") for each in range(10)] + [package("N1"), package("N2")],
    [framework("ASH", max_hours_4w=Fraction(160)), legacy("OAK")],
)
"""Ten people of 5 hours a week are on the legacy framework; the framework has room for 40 hours a week, two people wait."""


def test_legacy_care_goes_to_the_framework_as_far_as_it_has_room() -> None:
    made = afresh(TEN_ON_LEGACY)
    # 12 people of 5 hours: 8 fill the 40 hours of the framework, 4 stay with the legacy framework; nobody waits.
    assert made.afresh.by_tier["framework"].minutes_per_week == 40 * 60
    assert (made.afresh.by_tier["legacy"].people, made.afresh.by_tier["unmet"].people) == (4, 0)
    assert (made.today.by_tier["legacy"].people, made.today.by_tier["unmet"].people) == (10, 2)
    legacy_level = next(level for level in made.levels if level.name == "legacy")
    assert (legacy_level.value, legacy_level.bound, made.today_levels["legacy"]) == (4 * 300, 4 * 300, 10 * 300)
    assert made.all_proven


def test_the_size_that_stands_in_the_way_is_named_with_whom_it_holds_back() -> None:
    (full,) = afresh(TEN_ON_LEGACY).full
    assert (full.limit.subject, full.used, full.used_today) == ("F-ASH", Gathered(8, 2400), Gathered(0, 0))
    assert (full.unmet.people, full.by_exception.people, full.minutes) == (0, 4, 4 * 300)
    larger = county(TEN_ON_LEGACY.packages, [framework("ASH", max_hours_4w=Fraction(240)), legacy("OAK")])
    assert afresh(larger).full == ()


def test_how_much_of_a_limit_few_people_use_is_not_told() -> None:
    made = afresh(
        county(
            [package("R1", contract_id="F-ASH"), *(package(f"N{each}") for each in range(7))],
            [framework("ASH", max_hours_4w=Fraction(120)), legacy("OAK")],
        )
    )
    # 8 people of 5 hours a week and room for 30: six there, and today one alone, whose hours these would be.
    (row,) = everybody_free_record(made)["limits_in_the_way"]
    assert (row["used_per_4w_today"], row["used_per_4w_afresh"]) == (None, "120.00")
    files = everybody_free_files(made, everybody_free_record(made), {})
    assert b"F-ASH,,120.00,fewer than 5 people,120.00" in files["everybody-free-limits.csv"]
    assert ">fewer than 5 people</td>" in files["everybody-free.html"].decode()


def test_what_bars_new_work_bars_care_that_runs_there_and_is_told() -> None:
    barred = afresh(county([package("R1", contract_id="F-ASH")], [framework("ASH")], restrictions=[restriction("ASH")]))
    assert on(barred, "R1") == ""
    assert [(what, those.people) for what, those in barred.not_so_today] == [("a restriction bars it from new work", 1)]


def test_a_cap_on_new_work_counts_all_care() -> None:
    made = afresh(
        county(
            [package("R1", contract_id="F-ASH"), package("R2", contract_id="F-ASH", hours=6)],
            [framework("ASH"), legacy("OAK")],
            restrictions=[cap("ASH", 24)],
        )
    )
    assert (on(made, "R1"), on(made, "R2")) == ("L-OAK", "F-ASH")


def test_promises_are_set_aside_and_declines_hold() -> None:
    made = county(
        [
            package("N1", bundle_id="B"),
            package("N2", bundle_id="B"),
            package("N3"),
            package("R1", contract_id="L-OAK", bundle_id="B"),
        ],
        [framework("ASH"), legacy("OAK")],
        offers=[offer("N1", "L-OAK"), offer("N3", "L-OAK", "accepted"), offer("R1", "F-ASH", "declined")],
    )
    free = freed(made)
    assert (free.offers_in_force.pending, free.offers_in_force.accepted) == ({}, {})
    assert free.bundles == {}, "one of the two has been asked for alone, and running care is in no bundle"
    found = afresh(made)
    assert [on(found, each) for each in ("N1", "N2", "N3", "R1")] == ["F-ASH", "F-ASH", "F-ASH", "L-OAK"]
    assert found.today.by_tier["legacy"].people == 2, "care promised is there today; an offer that waits is not"


def test_running_care_is_not_overdue_and_whoever_waits_may_be() -> None:
    late = days(-40)
    free = freed(
        county(
            [package("R1", contract_id="F-ASH", start_by=late, care_started=late), package("N1", start_by=late)],
            [framework("ASH")],
        )
    )
    running, waiting = (free.packages[free.package_index[each]] for each in ("R1", "N1"))
    assert (running.start_by, running.care_started, running.status) == (None, None, "new")
    assert waiting.start_by == late


def test_care_under_a_contract_that_has_ended_is_placed_on_one_in_force() -> None:
    ended = framework("ASH", contract_id="F-OLD", ends=days(-1))
    made = afresh(county([package("R1", contract_id="F-OLD")], [ended, framework("BIRCH")]))
    assert on(made, "R1") == "F-BIRCH"
    assert made.with_another_provider.people == 1


def test_nobody_is_told_of_and_few_people_are_not_counted() -> None:
    made = afresh(TEN_ON_LEGACY)
    record = everybody_free_record(made)
    files = everybody_free_files(made, record, {"stopped": "no"})
    assert files.keys() <= OUR_FILES
    assert record["county"]["afresh"]["by_tier"]["legacy"] == {"people": None, "hours_per_week": None}
    assert record["county"]["today"]["by_tier"]["legacy"] == {"people": 10, "hours_per_week": 50}
    assert record["county"]["today"]["by_tier"]["unmet"]["people"] is None
    for content in files.values():
        assert {person.package_id for person in made.county.packages}.isdisjoint(re.split(r"\W+", content.decode()))
    page = files["everybody-free.html"].decode()
    assert "proposes to move nobody" in page
    assert "the maximum of contract F-ASH" in page
    assert json.loads(files["everybody-free.json"])["what_it_is_not"] == module.WHAT_IT_IS_NOT
    assert everybody_free_files(afresh(TEN_ON_LEGACY), record, {"stopped": "no"}) == files


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_people_are_told_to_the_nearest_five(count: int, told: int | None) -> None:
    assert told_people(count) == told


@pytest.mark.parametrize(("minutes", "people", "told"), [(0, 0, 0), (900, 4, None), (299, 5, 0), (300, 5, 10), (6_299, 9, 100)])
def test_hours_are_told_to_the_nearest_ten(minutes: int, people: int, told: int | None) -> None:
    assert told_hours(minutes, people) == told


def test_the_check_finds_what_is_not_so() -> None:
    records = county(
        [package("R1", hours=6), package("R2", hours=6)],
        [principal("ASH", max_hours_4w=Fraction(40)), contract("F-B", "BIRCH")],
        providers=[provider("BIRCH", max_hours_4w=Fraction(20))],
    ).snapshot
    right = {"A1": {"principal": 360, "unmet": 360}}
    assert list(faults(records, {"R1": "P-ASH"}, right)) == []
    assert list(faults(records, {"R1": "P-ASH", "R2": "P-ASH"}, {"A1": {"principal": 720}})) == [
        "contract P-ASH holds more than its maximum"
    ]
    assert list(faults(records, {"R1": "F-B"}, {"A1": {"framework": 360, "unmet": 360}})) == [
        "provider BIRCH holds more than its own limit"
    ]
    assert list(faults(records, {"R1": "P-ASH"}, {"A1": {"principal": 720}})) == [
        "the hours by area and tier are not those of the plan"
    ]
    assert list(held_in_files({"a.csv": b"x,R1,y", "b.csv": b"R10,A1"}, records)) == ["a.csv holds 1 id(s) of people or rounds"]


def test_totals_that_name_somebody_are_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    made = afresh(TEN_ON_LEGACY)
    monkeypatch.setattr(module, "SET_ASIDE", ("as R3 would say",))
    with pytest.raises(DisagreementError, match="totals name people: everybody-free"):
        everybody_free_files(made, everybody_free_record(made), {})


def test_a_gap_is_told_in_its_unit_where_the_bound_is_nil() -> None:
    level = afresh(TEN_ON_LEGACY).levels[0]
    assert gap_in_words(level) == "none"
    assert gap_in_words(replace(level, value=3, tolerance=3)) == "within tolerance", "some of it is given away to later levels"
    assert gap_in_words(replace(level, value=30, best=30, bound=0)) == "100.00% (30 weighted minutes a week)"
    assert gap_in_words(replace(level, value=2_000, best=2_000, bound=1_999)) == "0.05%"
