"""Days without a principal, a framework or any cover, worked by hand; today is 23 November 2026."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings

from optimiser.domain.policy import ProcurementSettings
from optimiser.domain.records import OF_ONE_AREA
from optimiser.domain.snapshot import Snapshot
from optimiser.nightly.gaps import areas_not_live, gap_rows, gaps
from tests.making import (
    FAKENHAM,
    area,
    days,
    following,
    framework,
    legacy,
    office,
    package,
    principal,
    provider,
    reserve,
    restriction,
    snapshot,
    specialist,
)
from tests.making.living import living_snapshots

Told = tuple[str, str, int, int | None, tuple[str, ...]]


def told(county: Snapshot) -> list[Told]:
    """Area, service, from and until in days after today, and what is missing."""
    return [
        (
            gap.area.area_id,
            gap.service,
            (gap.starts - county.as_of).days,
            None if gap.until is None else (gap.until - county.as_of).days,
            gap.missing,
        )
        for gap in gaps(county)
    ]


def test_a_county_by_hand() -> None:
    """A1 loses its principal on day 100 and has another's from day 130 on. A2 goes live on day 50 with a framework alone, which
    ends on day 200; legacy care covers it until day 800. A3 has no date for going live: legacy alone covers it, to day 800 too.
    """
    county = snapshot(
        [package("N1"), package("N2", area_id="A2"), package("N3", area_id="A3")],
        [
            principal("ALDER", ends=days(100)),
            principal("BRACKEN", starts=days(130)),
            framework("CLOVER"),
            framework("ELDER", area_id="A2", ends=days(200)),
            legacy("DOCK", ends=days(800)),
        ],
        areas=[area("A2", go_live=days(50), go_live_planned=days(20)), area("A3", go_live=None)],
    )
    assert told(county) == [
        ("A2", "", 50, 200, ("principal",)),
        ("A1", "", 100, 130, ("principal",)),
        ("A2", "", 200, 800, ("principal", "framework")),
        ("A2", "", 800, None, ("principal", "framework", "cover")),
        ("A3", "", 800, None, ("cover",)),
    ], "day 800 is beyond the 18 months, and told as legacy ends; before its go-live A3 lacks nothing"
    assert areas_not_live(county) == [
        {"area_id": "A2", "name": "Area A2", "go_live": str(days(50)), "go_live_planned": str(days(20))},
        {"area_id": "A3", "name": "Area A3", "go_live": None, "go_live_planned": None},
    ]


def test_the_first_day_that_is_no_longer_covered_is_the_first_of_the_gap() -> None:
    before = principal("ALDER", ends=days(10))
    others = [framework("CLOVER"), legacy("DOCK")]
    assert told(snapshot([], [before, following(before, "P-NEXT", days(10)), *others])) == [], "a successor leaves no gap"
    assert told(snapshot([], [before, following(before, "P-NEXT", days(11)), *others])) == [("A1", "", 10, 11, ("principal",))]
    assert told(snapshot([], [replace(before, ends=days(0)), *others])) == [("A1", "", 0, None, ("principal",))], "already so"


def test_eighteen_months_or_as_the_setting_says() -> None:
    """18 months after 23 November 2026 is 23 May 2028: 547 days."""
    for ends, found in ((546, 1), (547, 0)):
        county = snapshot([], [principal("ALDER", ends=days(ends)), framework("CLOVER"), legacy("DOCK")])
        assert len(told(county)) == found
        assert len(told(replace(county, procurement=ProcurementSettings(gap_months=19)))) == 1
    far = [principal("ALDER", ends=days(900)), framework("CLOVER", ends=days(900))]
    assert told(snapshot([], [*far, legacy("DOCK", ends=days(700))])) == [], "nothing begins then because legacy has ended"


def test_neither_a_closed_contract_nor_the_reserve_is_cover() -> None:
    contracts = [principal("ALDER", max_hours_4w=0), framework("CLOVER"), reserve("WREN")]
    assert told(snapshot([], contracts)) == [("A1", "", 0, None, ("principal",))]
    assert told(snapshot([], [reserve("WREN")], areas=[area(go_live=None)])) == [("A1", "", 0, None, ("cover",))]


def test_a_service_is_covered_by_those_with_the_same_word_alone() -> None:
    usual = [principal("ALDER"), framework("CLOVER"), legacy("DOCK"), specialist("OWL", ends=days(30))]
    asked = package("N1", service="night")
    assert told(snapshot([asked], usual)) == [("A1", "night", 30, None, ("cover",))]
    later = specialist("LARK", starts=days(40), area_id="A1")
    assert told(snapshot([asked], [*usual, later])) == [("A1", "night", 30, 40, ("cover",))]
    assert told(snapshot([package("N1")], usual)) == [], "nobody here needs it, and no contract is for here alone"


def rows_by_hand() -> list[dict[str, Any]]:
    """On day 100, when ALDER's contract ends, CLOVER is in Dereham without limits; DOCK goes 5 miles from there, and R1 lives
    9.94 miles away; ELDER is restricted by then, GORSE rated too low by then; BRACKEN has no contract yet, ALDER none any more;
    WREN is in reserve.
    """
    return gap_rows(
        snapshot(
            [
                package("R1", FAKENHAM, hours=6, contract_id="P-ALDER", care_started=days(-1)),
                package("R2", hours=7.5, contract_id="P-ALDER"),
                package("N1", excluded_provider_ids=("CLOVER", "DOCK")),
            ],
            [
                principal("ALDER", ends=days(100)),
                principal("BRACKEN", starts=days(130)),
                framework("CLOVER"),
                framework("ELDER"),
                legacy("DOCK"),
                legacy("GORSE"),
                reserve("WREN"),
            ],
            providers=[
                provider("DOCK", max_distance_miles=5),
                provider("GORSE", pamms_rating="poor", pamms_published=days(90)),
            ],
            offices=[office("DOCK")],
            restrictions=[restriction("ELDER", starts=days(60))],
        )
    )


def test_whom_it_concerns_and_who_could_take_them() -> None:
    assert rows_by_hand() == [
        {
            "area_id": "A1",
            "name": "Area A1",
            "service": "",
            "from": str(days(100)),
            "in_days": 100,
            "until": str(days(130)),
            "missing": ["principal"],
            "contracts_ended": ["P-ALDER"],
            "people_running": 2,
            "people_waiting": 1,
            "hours_per_week": "18.50",
            "could_take": [
                {"provider_id": "CLOVER", "name": "Clover", "people": 2, "hours_per_week": "13.50"},
                {"provider_id": "DOCK", "name": "Dock", "people": 1, "hours_per_week": "7.50"},
            ],
            "people_nobody_could_take": 1,
        }
    ]


def test_whose_care_is_divided_is_one_person() -> None:
    """N1 is divided: one part runs, and one waits, which neither CLOVER nor DOCK may be asked for."""
    parts = [
        package("N1-A", part_of="N1", contract_id="P-ALDER", hours=2),
        package("N1-B", part_of="N1", hours=1, excluded_provider_ids=("CLOVER", "DOCK")),
        package("N2", hours=4),
    ]
    (row,) = gap_rows(snapshot(parts, [principal("ALDER", ends=days(9)), framework("CLOVER"), legacy("DOCK")]))
    assert (row["people_running"], row["people_waiting"], row["hours_per_week"]) == (1, 1, "7.00")
    assert [(each["name"], each["people"], each["hours_per_week"]) for each in row["could_take"]] == [
        ("Clover", 2, "6.00"),
        ("Dock", 2, "6.00"),
    ]
    assert row["people_nobody_could_take"] == 1, "N1, for one of the parts"


def test_where_nobody_has_a_contract_then_nobody_could_take_them() -> None:
    (row,) = gap_rows(snapshot([package("N1")], [legacy("DOCK", ends=days(9))], areas=[area(go_live=None)]))
    assert (row["missing"], row["could_take"], row["people_nobody_could_take"]) == (["cover"], [], 1)


@settings(max_examples=25)
@given(living_snapshots())
def test_day_by_day_the_records_say_the_same(county: Snapshot) -> None:
    """Each of 60 days judged by itself, from the words of the records alone, is as the gaps have it."""
    found = gaps(county)
    for one in county.areas:
        for count in range(60):
            day = days(count)
            open_then = [
                each for each in county.contracts
                if (each.starts is None or each.starts <= day) and (each.ends is None or each.ends > day)
                and each.max_hours_4w != 0 and each.area_id in ("", one.area_id) and not each.service
            ]  # fmt: skip
            live = one.go_live is not None and one.go_live <= day
            tiers = {each.tier for each in open_then} - {"reserve"}
            expected: list[str] = [tier for tier in OF_ONE_AREA if live and tier not in tiers]
            if not (tiers if live else tiers & {"legacy"}):
                expected.append("cover")
            said = [
                gap.missing for gap in found
                if (gap.area, gap.service) == (one, "") and gap.starts <= day and (gap.until is None or day < gap.until)
            ]  # fmt: skip
            assert said == ([tuple(expected)] if expected else []), (one.area_id, day)
