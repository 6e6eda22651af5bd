"""By when what follows a contract must have got somewhere: worked by hand with England's bank holidays."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimiser.domain.dates import is_working_day
from optimiser.domain.policy import ProcurementSettings
from optimiser.domain.records import REGIMES
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from optimiser.nightly.buying_anew import dates_to_keep, steps_before
from tests.making import days, following, framework, legacy, package, principal, snapshot

VILLAGES = Path(__file__).parents[2] / "data" / "three_villages"
APRIL = dt.date(2028, 4, 1)


@pytest.mark.parametrize(
    ("ends", "regime", "expected"),
    [
        # 91 days before Saturday 1 April 2028 is New Year's Day, a Saturday: Friday 31 December. Eight working days before it:
        # 30, 29, 24, 23, 22, 21, 20 and 17 December (27 and 28 stand in for Christmas). Five whole ones between: 16, 15, 14, 13,
        # 10. 28 clear days: 11 November to 8 December. 270 days before 9 December is Sunday 14 March: Friday the 12th.
        (APRIL, "procurement_act_2023", ("2027-03-12", "2027-11-10", "2027-12-09", "2027-12-17", "2027-12-31")),
        # Ten days after 20 December are the 21st to the 30th, the last day before notice. 17, 16, 15, 14, 13: the 10th.
        (APRIL, "pcr_2015", ("2027-03-15", "2027-11-11", "2027-12-10", "2027-12-20", "2027-12-31")),
        # 91 days before is May Day 2028: Friday 28 April. 27, 26, 25, 24, 21, 20, 19, 18: Easter is the 14th to the 17th.
        (dt.date(2028, 7, 31), "procurement_act_2023", ("2027-07-09", "2028-03-08", "2028-04-06", "2028-04-18", "2028-04-28")),
        # Ten days before Thursday 27 April is Easter Monday: Thursday 13 April. Its ten days end on a Sunday, so on the 24th.
        (dt.date(2028, 7, 31), "pcr_2015", ("2027-07-09", "2028-03-07", "2028-04-05", "2028-04-13", "2028-04-28")),
    ],
)  # fmt: skip
def test_the_dates_before_an_end(ends: dt.date, regime: str, expected: tuple[str, ...]) -> None:
    assert tuple(map(str, steps_before(ends, regime, ProcurementSettings()).values())) == expected


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2080, 1, 1)),
    st.sampled_from(REGIMES),
    st.builds(ProcurementSettings, tender_days=st.integers(60, 400), call_in_working_days=st.integers(0, 10)),
)
def test_every_date_is_one_of_work_and_leaves_time_to_the_next(ends: dt.date, regime: str, settings: ProcurementSettings) -> None:
    """Counted forwards, day by day, which is not how they were found."""
    tender, notice, decision, award, staff = steps_before(ends, regime, settings).values()
    assert all(map(is_working_day, (tender, notice, decision, award, staff)))
    assert (ends - staff).days >= settings.tupe_days
    assert (decision - tender).days >= settings.tender_days
    assert (decision - notice).days - 1 >= settings.key_decision_clear_days

    def between(first: dt.date, last: dt.date) -> list[dt.date]:
        return [day for count in range((last - first).days) if is_working_day(day := first + dt.timedelta(days=count))]

    assert len(between(decision + dt.timedelta(days=1), award)) == settings.call_in_working_days
    if regime == "procurement_act_2023":
        assert len(between(award, staff)) == settings.standstill_working_days
    else:
        last = award + dt.timedelta(days=settings.standstill_days)
        while not is_working_day(last):
            last += dt.timedelta(days=1)
        assert last < staff


def test_what_is_told_of_each_contract_and_in_which_order() -> None:
    """ALDER ends on 1 April 2028, as above; CLOVER and ELDER together on 1 March 2027, too soon for all of their dates but one.

    91 days before it is 30 November 2026; then 18 November (8 days), 10 November (5), 12 October and (270) 13 February.
    """
    march = dt.date(2027, 3, 1)
    ending = principal("BRACKEN", area_id="A2", ends=days(30))
    county = snapshot(
        [package("R1", contract_id="F-CLOVER", hours=6), package("R2", contract_id="F-ELDER", hours=1.5)],
        [
            principal("ALDER", ends=APRIL, regime="pcr_2015"),
            framework("CLOVER", ends=march),
            framework("ELDER", ends=march),
            ending,
            following(ending, "P-NEXT", days(30)),
            legacy("DOCK", ends=days(0)),
            legacy("GORSE"),
        ],
    )
    found = dates_to_keep(county)
    assert [(each["date"], each["late"], each["step"], each["contract_ids"]) for each in found] == [
        ("2026-02-13", True, "tender", ["F-CLOVER", "F-ELDER"]),
        ("2026-10-12", True, "key_decision_notice", ["F-CLOVER", "F-ELDER"]),
        ("2026-11-10", True, "decision", ["F-CLOVER", "F-ELDER"]),
        ("2026-11-18", True, "award_notice", ["F-CLOVER", "F-ELDER"]),
        ("2026-11-30", False, "staff_notice", ["F-CLOVER", "F-ELDER"]),
        ("2027-03-15", False, "tender", ["P-ALDER"]),
        ("2027-11-11", False, "key_decision_notice", ["P-ALDER"]),
        ("2027-12-10", False, "decision", ["P-ALDER"]),
        ("2027-12-20", False, "award_notice", ["P-ALDER"]),
        ("2027-12-31", False, "staff_notice", ["P-ALDER"]),
    ], "a successor ends the matter, and so does an end that has passed"
    assert (found[0]["providers"], found[0]["people"], found[0]["hours_per_week"]) == (["Clover", "Elder"], 2, "7.50")
    assert (found[0]["in_days"], found[0]["regime"], found[-1]["regime"]) == (-283, "procurement_act_2023", "pcr_2015")
    sooner = replace(county, procurement=ProcurementSettings(gap_months=12, regime="pcr_2015"))
    assert {each["regime"] for each in dates_to_keep(sooner)} == {"pcr_2015"}, "whoever names none is under that of the setting"
    assert [each["date"] for each in dates_to_keep(sooner)][-1] == "2027-11-11", "not by 23 November 2027"


def test_where_another_principal_is_awarded_only_the_staff_are_left_to_tell() -> None:
    county = snapshot([], [principal("ALDER", ends=APRIL), principal("BRACKEN", starts=APRIL)])
    assert [(each["date"], each["step"], each["awarded_to"]) for each in dates_to_keep(county)] == [
        ("2027-12-31", "staff_notice", ["Bracken"])
    ]
    late = snapshot([], [principal("ALDER", ends=APRIL), principal("BRACKEN", starts=APRIL + dt.timedelta(days=1))])
    assert len(dates_to_keep(late)) == 5, "between the two there is nobody"


def test_the_three_villages() -> None:
    (only,) = dates_to_keep(read_snapshot(VILLAGES).snapshot)
    assert only == {
        "date": "2028-03-10",
        "in_days": 473,
        "late": False,
        "step": "tender",
        "what": "the tender begins",
        "ends": "2029-04-01",
        "tier": "legacy",
        "area_id": "",
        "service": "",
        "regime": "procurement_act_2023",
        "contract_ids": ["L-DOCK", "L-ELDER"],
        "providers": ["Dock Home Care", "Elder Home Care"],
        "awarded_to": [],
        "people": 1,
        "hours_per_week": "5.00",
    }


def test_any_end_that_a_calendar_holds() -> None:
    county: Snapshot = snapshot([], [legacy("DOCK", ends=dt.date.max)], as_of=dt.date.min)
    assert dates_to_keep(county) == []
    near = snapshot([], [legacy("DOCK", ends=dt.date(1, 1, 2))], as_of=dt.date.min)
    assert [each["date"] for each in dates_to_keep(near)] == ["0001-01-01"] * 5
