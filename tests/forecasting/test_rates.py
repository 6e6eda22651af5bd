"""Rates: a file with every fault told at once, the record of answers, counts of days, and questions asked often."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from optimiser.commands.forecast import PRESET_NAMES
from optimiser.forecasting.answers_record import CannotForecastError, answers_of
from optimiser.forecasting.daily_counts import rates_of_counts
from optimiser.forecasting.presets import PRESETS
from optimiser.forecasting.rates_file import read_given
from optimiser.forecasting.rates_given import Arrivals, Given, OfProvider, Season
from optimiser.forecasting.story import course_of
from optimiser.io.faults import InputRefusedError
from tests.making import AS_OF, area, days, framework, legacy, offer, package, snapshot

COUNTY = snapshot(
    [package("N1", skills=("dementia",), source="acute_hospital"), package("R1", contract_id="L-DOCK", care_started=days(-5))],
    [framework("BRACKEN", max_hours_4w=Fraction(20)), legacy("DOCK")],
)
RATES = Given((Arrivals(2.0),), ends_per_week=0.1)


def read(place: Path, text: str, derived: Given | None = None) -> Given:
    file = place / "forecast.toml"
    file.write_text(text, encoding="utf-8")
    return read_given(file, COUNTY, derived)


def test_a_file_of_rates(tmp_path: Path) -> None:
    text = (
        '[[arrivals]]\nper_week = 1.5\n[[arrivals]]\nper_week = 1\narea_id = "A1"\nsource = "acute_hospital"\nneed = "dementia"\n'
        '[rates]\nends_per_week = 0.02\nhold_weeks = 3\n[[seasons]]\nsince = "12-01"\nuntil = "03-01"\narrivals = 1.2\n'
        '[[providers]]\nprovider_id = "DOCK"\nfails_on = 2027-01-04\ndecline = 0.5\n'
    )
    assert read(tmp_path, text) == Given(
        (Arrivals(1.5), Arrivals(1.0, "A1", "acute_hospital", "dementia")),
        ends_per_week=0.02,
        hold_weeks=3,
        seasons=(Season((12, 1), (3, 1), arrivals=1.2),),
        providers={"DOCK": OfProvider(fails_on=dt.date(2027, 1, 4), decline=0.5)},
    )


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = (
        '[[arrivals]]\nper_week = 1\narea_id = "A9"\n[[arrivals]]\nper_week = 1\nneed = "stairs"\n[[arrivals]]\nsource = "x"\n'
        '[rates]\nfails_per_year = 2\nrate = 1\n[[seasons]]\nsince = "13-01"\nuntil = "03-01"\n'
        '[[providers]]\nprovider_id = "OAK"\n[other]\n'
    )
    with pytest.raises(InputRefusedError) as refused:
        read(tmp_path, text)
    assert {fault.column for fault in refused.value.faults} == {
        "other", "arrivals", "arrivals.area_id", "arrivals.per_week", "rates.fails_per_year", "rates.rate", "rates.ends_per_week",
        "seasons.since", "providers.provider_id",
    }  # fmt: skip


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read(tmp_path, "")
    told = " ".join(fault.message() for fault in refused.value.faults)
    assert "how many people are asked for in a week" in told and "the part of people whose need of care ends" in told


def test_the_record_of_a_provider_is_weighed_with_the_countys() -> None:
    people = [
        *(package(f"R{number}", contract_id="L-DOCK", care_started=days(-number)) for number in range(1, 17)),
        package("OLD", contract_id="L-DOCK", care_started=days(-400)),
        *(package(f"N{number}") for number in range(3)),
    ]
    offers = [
        *(offer(f"N{number}", "L-DOCK", "declined", reason="cannot_meet_need", offer_id=f"Q{number}") for number in range(3)),
        offer("N1", "L-DOCK", "declined", offer_id="Q4"),
        offer("N1", "F-BRACKEN", "expired", offer_id="Q5"),
        offer("OLD", "L-DOCK", "accepted", offer_id="Q6", offered_at=dt.datetime(2026, 11, 1, 9)),
    ]
    county = snapshot(people, [framework("BRACKEN"), legacy("DOCK")], offers=offers)
    # Since 1 November Dock began with 16 and declined three, one of them twice; Bracken let one run out: 4 of 20 answers were no.
    found = answers_of(county, replace(RATES, record_weight=5.0))
    assert (found.yes, found.no, found.since) == ({"DOCK": 16}, {"DOCK": 3, "BRACKEN": 1}, dt.date(2026, 11, 1))
    assert found.decline == pytest.approx({"DOCK": (3 + 5 * 0.2) / 24, "BRACKEN": (1 + 5 * 0.2) / 6})
    assert (found.lasting, found.lapsed) == (0.6, 0.2)
    own = {"DOCK": OfProvider(decline=0.9)}
    assert answers_of(county, replace(RATES, decline=0.1, providers=own)).decline == {"DOCK": 0.9, "BRACKEN": 0.1}


def test_with_few_answers_nothing_is_made_up() -> None:
    with pytest.raises(CannotForecastError, match="0 answers, of 20 that are needed"):
        answers_of(COUNTY, RATES)


def counts(place: Path, days_told: list[tuple[dt.date, list[dict[str, Any]]]]) -> Path:
    file = place / "trends.json"
    file.write_text(json.dumps({"items": [{"day": str(day), "groups": groups} for day, groups in days_told]}), encoding="utf-8")
    return file


def test_rates_from_counts_of_days(tmp_path: Path) -> None:
    def told(requests: int, ends: int, people: int) -> list[dict[str, Any]]:
        return [{"group": "A1", "requests": requests, "ends": ends, "people_in_all": people}]

    file = counts(tmp_path, [(days(-56), told(8, 4, 90)), (days(-20), told(99, 99, 99)), (days(-28), told(4, 2, 100)),
                             (days(0), told(12, 6, 110)), (days(9), told(99, 99, 99))])  # fmt: skip
    found = rates_of_counts(file, COUNTY)
    # Three times 28 days: 24 requests in 12 weeks, and 12 ends of 300 people in 4 weeks each.
    assert found.arrivals == (Arrivals(2.0, "A1"),)
    assert found.ends_per_week == pytest.approx(12 / (4 * 300))
    assert "3 times 28 days" in found.from_counts
    # Of those ends the fifth of 2% who go to hospital in a week and do not come back are not counted twice.
    text = "[rates]\nhospital_per_week = 0.02\nhospital_returns = 0.8\n"
    assert read(tmp_path, text, found).ends_per_week == pytest.approx(12 / (4 * 300) - 0.004)
    assert read(tmp_path, text.replace("0.02", "0.2"), found).ends_per_week == 0, "more than all who end"
    assert read(tmp_path, "", found).ends_per_week == found.ends_per_week
    assert read(tmp_path, f"{text}ends_per_week = 0.01\n", found).ends_per_week == 0.01, "given, so as it is"


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([{"group": "A1", "unmet": 3}], "does not tell requests"),
        ([{"group": "A1", "requests": None, "ends": 1, "people_in_all": 4}], "does not tell requests"),
        ([{"group": "ELSEWHERE", "requests": 1, "ends": 1, "people_in_all": 4}], "nobody with care in any area"),
    ],
)  # fmt: skip
def test_counts_that_do_not_tell_it(tmp_path: Path, groups: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(CannotForecastError, match=words):
        rates_of_counts(counts(tmp_path, [(days(0), groups)]), COUNTY)


def test_a_file_that_holds_no_counts(tmp_path: Path) -> None:
    (tmp_path / "trends.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CannotForecastError, match="holds no day"):
        rates_of_counts(tmp_path / "trends.json", COUNTY)
    (tmp_path / "trends.json").write_text('{"days": 1}', encoding="utf-8")
    with pytest.raises(CannotForecastError, match="is not what the service answers"):
        rates_of_counts(tmp_path / "trends.json", COUNTY)


def test_legacy_ends_by_its_day_and_no_other_contract_does() -> None:
    county = replace(COUNTY, contracts=(framework("BRACKEN"), legacy("DOCK"), legacy("ELDER", ends=days(30))))
    course = course_of(county, RATES, preset="legacy-2029")
    assert [each.ends for each in course.snapshot.contracts] == [None, dt.date(2029, 4, 1), days(30)]
    assert course.weeks == (dt.date(2029, 7, 1) - AS_OF).days // 7


def test_winter_is_this_one_unless_it_is_nearly_over() -> None:
    assert PRESETS["winter"].until(COUNTY) == dt.date(2027, 3, 1)
    assert PRESETS["winter"].until(replace(COUNTY, as_of=dt.date(2027, 2, 1))) == dt.date(2028, 3, 1)
    own = replace(RATES, seasons=(Season((1, 1), (2, 1)),))
    assert PRESETS["winter"].changed(COUNTY, own)[1] is own
    assert PRESETS["winter"].changed(COUNTY, RATES)[1].season_factor("arrivals", dt.date(2027, 1, 5)) == 1.1


def test_go_live_is_played_to_half_a_year_after_the_last() -> None:
    county = replace(COUNTY, areas=(area("A1", go_live=days(70)),))
    assert course_of(county, RATES, preset="go-live").weeks == 10 + 26
    with pytest.raises(CannotForecastError, match="no area goes live"):
        course_of(COUNTY, RATES, preset="go-live")


def test_turnover_alone_is_arrivals_and_ends() -> None:
    busy = replace(
        RATES, hospital_per_week=0.1, fails_per_year=0.1, providers={"DOCK": OfProvider(fails_on=days(7), decline=0.3)}
    )
    given = course_of(COUNTY, busy, preset="turnover-alone").given
    assert (given.hospital_per_week, given.fails_per_year, given.providers["DOCK"]) == (0, 0, OfProvider(None, 0, 0, 0.3))


def test_the_command_knows_every_preset() -> None:
    assert tuple(PRESETS) == PRESET_NAMES


def test_how_long_has_to_be_said() -> None:
    with pytest.raises(CannotForecastError, match="until when"):
        course_of(COUNTY, RATES)
    with pytest.raises(CannotForecastError, match="0 whole weeks"):
        course_of(COUNTY, RATES, until=days(6))
