"""Nights rehearsed: worked by hand on one contract, the same for the same seed, and nobody passed over without a decision."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from optimiser.domain.policy import Policy
from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError
from optimiser.solving.outcome import Effort
from optimiser.whatif.rehearse.proposed import read_proposed
from optimiser.whatif.rehearse.story import Nights, rehearsed
from optimiser.whatif.rehearse.to_come import CannotRehearseError, ToCome, drawn, requests_a_night
from optimiser.whatif.rehearse.who_waited import Rehearsal, group_rows, rehearsal_record
from tests.making import days, framework, legacy, noon, offer, package, principal, provider, snapshot

EFFORT = Effort()
LARGE = package("LARGE", hours=20, requested_at=noon(-20), start_by=days(60))


def small(name: str, night: int) -> Package:
    return package(name, hours=5, requested_at=noon(night), start_by=days(60))


def twenty_hours() -> tuple[Snapshot, ToCome]:
    """Twenty hours on one contract. Each night four people with five hours each are asked for; the night after, their care ends.

    LARGE needs all twenty hours. Small ones always fit and count for more: four times (300 + 420) against 1,200 + 420, doubled.
    """
    asked = [[small(f"N{night}{number}", night) for number in range(4)] for night in range(5)]
    ends = [frozenset[str](), *(frozenset(each.package_id for each in tonight) for tonight in asked[:-1])]
    county = snapshot([LARGE], [framework("BRACKEN", max_hours_4w=Fraction(80))], passed_over_limit=3)
    return county, ToCome(tuple(map(tuple, asked)), tuple(ends))


def test_the_large_package_is_passed_over_night_after_night() -> None:
    county, to_come = twenty_hours()
    found = rehearsed(county, to_come, county.policy, EFFORT)
    assert found.people["LARGE"].nights == {"LARGE": 5}
    assert found.passed_over == {"LARGE": 5}
    assert found.people["LARGE"].waits == {"LARGE"}
    assert {each.longest for name, each in found.people.items() if name != "LARGE"} == {0}
    assert found.all_proven


def test_a_decision_places_it_once_the_limit_is_reached() -> None:
    county, to_come = twenty_hours()
    found = rehearsed(county, to_come, county.policy, EFFORT, decide=True)
    assert found.decided == ["LARGE"]
    assert found.passed_over["LARGE"] == 3 == county.policy.passed_over_limit
    # On the fourth and fifth night its twenty hours are taken, and the eight small ones wait instead.
    assert {name: each.longest for name, each in found.people.items() if each.longest} == {
        "LARGE": 3, **{f"N3{number}": 2 for number in range(4)}, **{f"N4{number}": 1 for number in range(4)},
    }  # fmt: skip


def test_who_would_wait_longer_by_group() -> None:
    county, to_come = twenty_hours()
    proposed = replace(county.policy, largest_first_after_days=21)
    today, after = (rehearsed(county, to_come, policy, EFFORT) for policy in (county.policy, proposed))
    # Asked for 20 days before the first night, LARGE comes first on the second one.
    assert after.people["LARGE"].nights == {"LARGE": 1}
    rows = {(row["by"], row["group"]): row for row in group_rows(today, after)}
    large, others = rows["hours", "above 15 hours"], rows["hours", "up to 7 hours"]
    assert (large["nights_waited_today"], large["nights_waited_proposed"], large["wait_shorter"]) == (5, 1, 1)
    # The four of the second night wait four nights, those of the third three, and so on.
    assert (others["nights_waited_today"], others["nights_waited_proposed"]) == (0, 4 * (4 + 3 + 2 + 1))
    assert (others["people"], others["wait_longer"], others["wait_as_long"]) == (20, 16, 4)
    assert (others["longest_proposed"], others["still_waiting_proposed"]) == (4, 16)


def test_parts_of_one_persons_care_are_one_person() -> None:
    parts = [package("A", hours=5), package("B", hours=20, part_of="A")]
    county = snapshot(parts, [framework("BRACKEN", max_hours_4w=Fraction(40))])
    found = rehearsed(county, ToCome(((), ()), (frozenset(), frozenset())), county.policy, EFFORT)
    assert list(found.people) == ["A"]
    assert (found.people["A"].nights, found.people["A"].longest) == ({"A": 0, "B": 2}, 2)


def test_accepted_offers_begin_and_those_that_wait_are_let_go() -> None:
    people = [package("N1"), package("N2")]
    offers = [offer("N1", "F-BRACKEN", "accepted"), offer("N2", "F-CLOVER")]
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(20)), framework("CLOVER", max_hours_4w=Fraction(0))]
    found = rehearsed(snapshot(people, contracts, offers=offers), ToCome(((),), (frozenset(),)), Policy(), EFFORT)
    assert {name: each.longest for name, each in found.people.items()} == {"N2": 1}


# ---- what is drawn ------------------------------------------------------------------------------------------------------


def a_county() -> Snapshot:
    """Four providers with little room, forty people with care and ten who wait: some need two care workers or a skill."""
    held = [
        principal("ALDER", max_hours_4w=Fraction(460)),
        framework("BRACKEN", max_hours_4w=Fraction(250)),
        legacy("DOCK", max_hours_4w=Fraction(230)),
    ]
    people = []
    for number in range(50):
        begun: dict[str, Any] = {"contract_id": held[number % 3].contract_id, "care_started": days(-9 * number)}
        people.append(
            package(
                f"P{number:02}",
                hours=(3, 5, 8, 4, 20)[number % 5],
                workers=1 + (number % 7 == 0),
                skills=("dementia",) if number % 6 == 0 else (),
                priority=("standard", "planned", "discharge", "standard", "urgent")[number % 5 - (number % 3)],
                requested_at=noon(-number % 9),
                start_by=days(number % 5 - 3),
                **(begun if number < 40 else {}),
            )
        )
    able = [provider(name, skills=("dementia", "double_handed")) for name in ("ALDER", "BRACKEN")]
    return snapshot(people, held, providers=[*able, provider("DOCK")], passed_over_limit=2)


def test_what_is_drawn_is_the_same_for_the_same_seed_and_gives_away_nobody() -> None:
    county = a_county()
    once, again, other = (drawn(county, 20, Fraction(3, 2), seed) for seed in (1, 1, 2))
    assert once == again != other
    asked = [each for tonight in once.requests for each in tonight]
    assert [len(tonight) for tonight in once.requests[:5]] == [0, 1, 2, 1, 2]
    assert len({each.package_id for each in asked}) == len(asked) == 28
    assert {(each.status, each.contract_id, each.protected, each.excluded_provider_ids) for each in asked} == {
        ("new", "", "", ())
    }
    assert all(
        each.requested_at is not None and each.requested_at.date() == days(night)
        for night, tonight in enumerate(once.requests)
        for each in tonight
    )
    ended = [name for tonight in once.ends for name in tonight]
    assert len(set(ended)) == len(ended) == 28


def test_how_many_are_asked_for_in_a_night() -> None:
    begun = [package(f"R{number}", contract_id="F-BRACKEN", care_started=days(-number * 100)) for number in range(6)]
    assert requests_a_night(snapshot(begun, [framework("BRACKEN")])) == Fraction(4, 365)  # 0, 100, 200 and 300 days ago
    with pytest.raises(CannotRehearseError, match="give --requests"):
        requests_a_night(snapshot([package("N1")]))
    with pytest.raises(CannotRehearseError, match="nobody to invent"):
        drawn(snapshot(), 3, Fraction(1), 1)


def ninety(county: Snapshot, **given: Any) -> Nights:
    return rehearsed(county, drawn(county, 90, Fraction(1, 2), 1), county.policy, EFFORT, **given)


def test_in_ninety_nights_nobody_is_passed_over_more_often_than_the_limit_without_a_decision() -> None:
    county = a_county()
    free, decided = ninety(county), ninety(county, decide=True)
    limit = county.policy.passed_over_limit
    assert free.most_passed_over > limit, "without decisions somebody is"
    assert decided.most_passed_over <= limit
    assert set(decided.decided) == {name for name, nights in decided.passed_over.items() if nights == limit} & set(
        decided.decided
    )
    assert decided.decided


def test_the_record_says_what_is_changed_and_names_nobody() -> None:
    county = a_county()
    to_come = drawn(county, 5, Fraction(1), 1)
    proposed = replace(county.policy, largest_first_after_days=3)
    today, after = (rehearsed(county, to_come, policy, EFFORT) for policy in (county.policy, proposed))
    record = rehearsal_record(Rehearsal(county, proposed, 5, Fraction(1), 1, False, today, after))
    assert record["changed"] == {"largest_first_after_days": {"today": "0", "proposed": "3"}}
    assert not {"P40", "NIGHT001-0000"} & set(str(record).replace("'", " ").split())
    by = [row["by"] for row in record["groups"]]
    assert list(dict.fromkeys(by)) == ["hours", "workers", "need", "rurality", "priority", "source"]


# ---- what is proposed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[policy]\noverdue_week = 3\n", "a setting: "),
        ("[policy]\noverdue_weeks = -3\n", "a whole number"),
        ("[policies]\noverdue_weeks = 3\n", "the table [policy] alone"),
        ("[policy]\noverdue_weeks = 4\n", "a setting that differs"),
        ("policy = 3\n", "a table of settings"),
        ("overdue_weeks = \n", "well-formed TOML"),
    ],
)
def test_a_wrong_proposal_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "proposed.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefusedError) as refused:
        read_proposed(path, Policy())
    assert expected in "; ".join(fault.message() for fault in refused.value.faults)


def test_what_is_not_named_stays_as_the_county_has_it(tmp_path: Path) -> None:
    path = tmp_path / "proposed.toml"
    path.write_text("[policy]\nlargest_first_after_days = 28\noverdue_factor = 2.5\n", encoding="utf-8")
    here = Policy(overdue_weeks=8)
    assert read_proposed(path, here) == replace(here, largest_first_after_days=28, overdue_factor=Fraction(5, 2))
