"""Worked by hand: each way in which a visit pays, and why, beside the situations of ``test_situations``. The check agrees.

ELM's hour is £24.00, OAK's £30.00; half an hour of ELM is £12.00.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from optimiser.domain.accounts import IncentiveAmount, IncentivePeriod, Period, Terms
from optimiser.domain.snapshot import Snapshot
from tests import making
from tests.accounting.elm import county, person
from tests.accounting.published import incentive_amounts
from tests.making import SCARNING, SWANTON, days, framework, package, principal, snapshot
from tests.making.actual_records import Row, close, made, record, table, terms
from tests.making.weeks import visit

FIVE = terms(increment=5)


def line(rows: list[Row], folder: Path, *lines: Terms, **given: Any) -> tuple[str, str, str, str]:
    """Of the first visit's first line: minutes, minutes that count, why, pounds."""
    _, files = made(county(**given), rows, folder, *lines)
    first = table(files, "statement-lines.csv")[0]
    return first["minutes"], first["counted_minutes"], first["why"], first["gbp"]


def statement(
    snapshot: Snapshot, rows: list[Row], folder: Path, *lines: Terms, of: str = "F-ELM", **given: Any
) -> dict[str, str]:
    _, files = made(snapshot, rows, folder, *lines, **given)
    return next(row for row in table(files, "statements.csv") if row["contract_id"] == of)


# What the seeds say.


def block(hours_4w: int = 7000, guarantee: str = "0.8", **given: Any) -> Snapshot:
    """ELM's principal contract: so many hours at £23.00, of which a share is paid whatever is delivered."""
    contract = principal(
        "ELM", max_hours_4w=Fraction(hours_4w), guarantee=Fraction(guarantee), rates_pence=(2300, 2300, 2300), **given
    )
    return snapshot([package("P1", contract_id="P-ELM")], [contract])


def test_a_contract_that_begins_in_the_period_guarantees_for_its_days(tmp_path: Path) -> None:
    """In force for 14 of 28 days: half of £128,800.00."""
    assert statement(block(starts=days(14)), [], tmp_path, terms("P-ELM"), of="P-ELM")["guarantee_floor_gbp"] == "64400.00"


def published() -> tuple[list[IncentiveAmount], list[IncentivePeriod]]:
    """The payments of 2018/19 from the bundled list, as if they were today's, and a period of two weeks from today."""
    return incentive_amounts(), [IncentivePeriod(days(0), days(14), "severe weather", "head of commissioning")]


def earned(hours: Fraction, folder: Path, workers: int = 1, *, asked: str = "2026-11-23T09:00", **given: Any) -> tuple[str, str]:
    """What care in place so many hours after the request earns: the outcome, and pounds."""
    amounts, periods = published()
    requested = dt.datetime.fromisoformat(asked)
    arrived = requested + dt.timedelta(seconds=int(hours * 3600))
    plain: dict[str, Any] = {"source": "acute_hospital", "requested_at": requested, "workers": workers}
    people = [person(**{**plain, **given})]
    times = {"arrived": arrived.isoformat(), "left": (arrived + dt.timedelta(minutes=30)).isoformat()}
    rows = [record("R1", date=arrived.date(), visit_id="", workers=workers, **times)]
    _, files = made(county(people=people, visits=()), rows, folder, amounts=amounts, periods=periods)
    told = table(files, "incentives-earned.csv")
    return (told[0]["outcome"], told[0]["gbp"]) if told else ("none", "")


@pytest.mark.parametrize(
    ("hours", "workers", "pounds"),
    [
        (Fraction(12) + Fraction(1, 3600), 1, "95.00"),
        (Fraction(0), 1, "130.00"),
    ],
)
def test_the_published_payments(hours: Fraction, workers: int, pounds: str, tmp_path: Path) -> None:
    """events, 2018/19: from the request to care in place, by one care worker or two."""
    assert earned(hours, tmp_path, workers) == ("earned", pounds)


def test_who_earns_nothing_is_told_why(tmp_path: Path) -> None:
    assert earned(Fraction(49), tmp_path) == ("too_late", "0.00")
    assert earned(Fraction(3), tmp_path, asked="2026-12-07T09:00") == ("no_designated_period", "0.00")
    assert earned(Fraction(3), tmp_path, source="community") == ("none", "")
    assert earned(Fraction(30), tmp_path, care_started=days(0)) == ("care_was_in_place_before", "0.00")


def test_a_restart_earns_like_a_start(tmp_path: Path) -> None:
    assert earned(Fraction(3), tmp_path, care_started=days(-100)) == ("earned", "130.00")


def test_who_had_visits_before_the_request_is_a_restart(tmp_path: Path) -> None:
    """Asked for at 9:00 on the second day; there was a visit on the first."""
    amounts, periods = published()
    people = [person(source="acute_hospital", requested_at=dt.datetime(2026, 11, 24, 9))]
    before, after = record("R1"), record("R2", "12:00-12:30", date=days(1))
    for rows, kind in (([before, after], "restart"), ([after], "start")):
        _, files = made(county(people=people), rows, tmp_path, amounts=amounts, periods=periods)
        assert [(row["kind"], row["gbp"]) for row in table(files, "incentives-earned.csv")] == [(kind, "130.00")]


def test_a_visit_that_began_before_the_request_is_none_since_in_however_many_records(tmp_path: Path) -> None:
    """Asked for at 9:00, while somebody was there from 8:45 to 9:15; the next visit is at noon: three hours."""
    amounts, periods = published()
    people = [person(source="acute_hospital", requested_at=dt.datetime(2026, 11, 23, 9))]
    noon = record("R3", "12:00-12:30", visit_id="", planned_start="2026-11-23T12:00")
    for before in ([record("R1", "08:45-09:15")], [record("R1", "08:45-09:05"), record("R2", "09:05-09:15")]):
        _, files = made(county(people=people), [*before, noon], tmp_path, amounts=amounts, periods=periods)
        told = [(row["kind"], row["hours"], row["gbp"]) for row in table(files, "incentives-earned.csv")]
        assert told == [("restart", "3.00", "130.00")]


def test_an_incentive_stands_in_the_statement_and_not_against_the_guarantee(tmp_path: Path) -> None:
    amounts, periods = published()
    people = [person(source="reablement", requested_at=dt.datetime(2026, 11, 22, 20))]
    asked_before = statement(county(people=people), [record("R1")], tmp_path, amounts=amounts, periods=periods)
    assert (asked_before["incentives_gbp"], asked_before["total_gbp"]) == (
        "0.00",
        "12.00",
    )  # asked for on the day before it opens
    both = statement(county(people=people), [record("R1")], tmp_path, amounts=amounts, periods=periods, incentive_day="start")
    assert (both["incentives_gbp"], both["total_gbp"]) == ("130.00", "142.00")


def test_a_night_in_which_clocks_go_back_has_an_hour_more_on_the_clock_of_an_incentive(tmp_path: Path) -> None:
    """From 13:30 on 24 October to 1:30 on the 25th are twelve hours; to 13:00 on the 25th 24 and a half."""
    amounts, _ = published()
    period = Period(dt.date(2026, 9, 28))
    people = [person(source="reablement", requested_at=dt.datetime(2026, 10, 24, 13, 30))]
    rows = [record("R1", "13:00-13:30", date=dt.date(2026, 10, 25), visit_id="")]
    told, _ = made(
        county(people=people), rows, tmp_path, period=period, amounts=amounts,
        periods=[IncentivePeriod(dt.date(2026, 10, 1), dt.date(2026, 11, 1), "")],
    )  # fmt: skip
    assert (told.incentives[0].seconds, told.incentives[0].pence) == (24 * 3600 + 1800, 6000)


BANDS = (1824, 1968, 2172)


# What people have complained of, to the Ombudsman and elsewhere.


def test_45_minutes_charged_after_a_cut_to_30_count_as_30(tmp_path: Path) -> None:
    """The record still says that 45 are planned; the plan says 30."""
    assert line([record("R1", "08:00-08:45", planned_minutes=45)], tmp_path) == ("45", "30", "up_to_planned", "12.00")


@pytest.mark.parametrize(
    ("left", "rounding", "counted"),
    [
        ("08:07:29", "nearest", "0"), ("08:07:30", "nearest", "15"), ("08:22:30", "nearest", "30"), ("08:22:29", "nearest", "15"),
        ("08:15:01", "up", "30"), ("08:15:00", "up", "15"), ("08:14:59", "down", "0"), ("08:15:00", "down", "15"),
    ],
)  # fmt: skip
def test_increments_round_as_the_terms_say(left: str, rounding: str, counted: str, tmp_path: Path) -> None:
    assert line([record("R1", f"08:00-{left}")], tmp_path, terms(rounding=rounding))[1] == counted


def test_an_overrun_is_paid_where_the_terms_say_so(tmp_path: Path) -> None:
    rows = [record("R1", "08:00-08:50")]
    assert line(rows, tmp_path) == ("50", "30", "up_to_planned", "12.00")
    assert line(rows, tmp_path, terms(overrun_paid=True)) == ("50", "45", "as_delivered", "18.00")


def test_a_late_cancellation_by_the_person_pays_its_share(tmp_path: Path) -> None:
    """Half of 30 minutes at £24.00: £6.00."""
    assert line([record("R1", "", outcome="cancelled_late", who="person")], tmp_path) == ("", "", "late_cancellation", "6.00")


@pytest.mark.parametrize(("who", "why"), [("provider", "by_the_provider"), ("", "not_said_by_whom")])
def test_a_late_cancellation_by_the_provider_or_nobody_pays_nothing(who: str, why: str, tmp_path: Path) -> None:
    assert line([record("R1", "", outcome="cancelled_late", who=who)], tmp_path)[2:] == (why, "0.00")


@pytest.mark.parametrize("outcome", ["missed", "cancelled"])
def test_a_visit_that_was_missed_or_called_off_in_time_pays_nothing(outcome: str, tmp_path: Path) -> None:
    assert line([record("R1", "", outcome=outcome, who="family")], tmp_path)[2:] == (outcome, "0.00")


def test_two_where_one_was_commissioned_pay_one(tmp_path: Path) -> None:
    """The one who stayed longer."""
    rows = [record("R1", "08:00-08:15", worker_keys="a"), record("R2", worker_keys="b")]
    _, files = made(county(), rows, tmp_path)
    told = [(row["worker"], row["minutes"], row["why"], row["gbp"]) for row in table(files, "statement-lines.csv")]
    assert told == [("2", "15", "worker_not_commissioned", "0.00"), ("1", "30", "as_delivered", "12.00")]


def test_two_care_workers_are_paid_each_for_their_own_time(tmp_path: Path) -> None:
    """30 minutes and 20, in 5-minute steps: £12.00 and £8.00."""
    rows = [record("R1", worker_keys="a"), record("R2", "08:05-08:25", worker_keys="b")]
    assert statement(county(workers=2), rows, tmp_path, FIVE)["total_gbp"] == "20.00"


def test_a_visit_told_in_two_parts_is_one(tmp_path: Path) -> None:
    """Ten minutes and twenty: each by itself would be 15 of 15-minute steps, together they are 30."""
    rows = [record("R1", "08:00-08:10"), record("R2", "08:10-08:30")]
    _, files = made(county(), rows, tmp_path)
    told = table(files, "statement-lines.csv")
    assert [(row["minutes"], row["gbp"], row["actual_ids"]) for row in told] == [("30", "12.00", "R1;R2")]


def test_time_between_two_parts_is_not_paid_and_time_told_twice_is_paid_once(tmp_path: Path) -> None:
    assert line([record("R1", "08:00-08:10"), record("R2", "08:20-08:30")], tmp_path, FIVE)[:2] == ("20", "20")
    assert line([record("R1", "08:00-08:25"), record("R2", "08:05-08:20")], tmp_path, FIVE)[:2] == ("25", "25")


def test_hospital_is_kept_for_as_many_days_as_the_terms_say(tmp_path: Path) -> None:
    """Three days at half of £12.00; then nothing. A day at home between two stays begins a new one."""
    in_hospital = [record(f"R{at}", "", date=days(at), outcome="hospital") for at in (1, 2, 3, 4, 6)]
    rows = [record("R0"), *in_hospital, record("R5", date=days(5))]
    _, files = made(county(), rows, tmp_path)
    told = {row["actual_ids"]: (row["paid_for"], row["why"], row["gbp"]) for row in table(files, "statement-lines.csv")}
    assert [told[f"R{at}"] for at in (1, 2, 3, 6)] == [("retainer", "retainer", "6.00")] * 4
    assert told["R4"] == ("", "no_retainer_any_more", "0.00")
    assert statement(county(), rows, tmp_path)["retainers_gbp"] == "24.00"


def test_a_visit_without_times_is_in_the_statement_and_pays_nothing(tmp_path: Path) -> None:
    assert line([record("R1", "")], tmp_path)[2:] == ("times_not_usable", "0.00")


# Statements.


def test_what_is_commissioned_is_a_seventh_of_a_week_for_each_day(tmp_path: Path) -> None:
    """Two people with 3.5 hours: 14 each in four weeks; P2 began on the 15th day: 7."""
    people = [person("P1"), person("P2", care_started=days(14))]
    assert statement(county(people=people), [], tmp_path)["commissioned_hours"] == "21.00"


def test_each_contract_has_its_own_terms_by_day(tmp_path: Path) -> None:
    later = terms(increment=5, starts=days(1))
    rows = [record("R1", "08:00-08:10"), record("R2", "08:00-08:10", date=days(1))]
    _, files = made(county(), rows, tmp_path, terms(), later)
    assert [row["counted_minutes"] for row in table(files, "statement-lines.csv")] == ["15", "10"]


def test_where_a_term_is_not_known_the_statement_is_a_draft_that_cannot_be_closed(tmp_path: Path) -> None:
    told = statement(county(), [record("R1", "08:00-08:22")], tmp_path, terms(rounding=None, late_cancellation_share=None))
    assert (told["can_be_closed"], told["unknown_terms"]) == ("false", "late_cancellation_share;rounding")
    assert told["total_gbp"] == "8.80"  # 22 minutes as they were
    of_oak = statement(county(), [record("R1")], tmp_path, of="F-OAK")
    assert (of_oak["can_be_closed"], of_oak["total_gbp"], of_oak["lines"]) == ("false", "0.00", "0")


def test_a_contracts_own_increment_stands_where_the_terms_name_none(tmp_path: Path) -> None:
    here = county(contracts=[framework("ELM", billing_increment_minutes=5)])
    told = statement(here, [record("R1", "08:00-08:08")], tmp_path, terms(increment=None))
    assert (told["can_be_closed"], told["total_gbp"]) == ("true", "4.00")


def test_no_retainer_needs_no_share(tmp_path: Path) -> None:
    assert statement(county(), [], tmp_path, terms(retainer_days=0, retainer_share=None))["can_be_closed"] == "true"


def test_care_that_carried_over_is_stated_under_the_contract_of_its_day(tmp_path: Path) -> None:
    """The successor at £30.00 has begun on Wednesday; today is Thursday, and the folder has P1 under either."""
    before = framework("ELM", ends=days(2))
    after = making.following(before, "F-ELM-2", days(2), rates_pence=(3000,) * 3)
    rows = [record("R1", date=days(1)), record("R2", date=days(2))]
    for under in ("F-ELM", "F-ELM-2"):
        here = county(people=[person(contract_id=under)], contracts=[before, after], visits=[visit("V1", "P1")], as_of=days(3))
        _, files = made(here, rows, tmp_path, terms(), terms("F-ELM-2"))
        told = [(row["contract_id"], row["gbp"]) for row in table(files, "statement-lines.csv")]
        assert told == [("F-ELM", "12.00"), ("F-ELM-2", "15.00")]


def test_a_record_may_name_its_contract(tmp_path: Path) -> None:
    told = statement(county(), [record("R1", contract_id="F-OAK")], tmp_path, terms("F-OAK"), of="F-OAK")
    assert told["total_gbp"] == "15.00"


def test_a_correction_to_a_closed_period_is_an_adjustment_in_the_next(tmp_path: Path) -> None:
    """R1 was 30 minutes (£12.00); corrected to 15 (£6.00) afterwards. The second period's own visit is £12.00."""
    second = Period(days(28))
    rows = [record("R1"), record("R2", date=days(28))]
    first, _ = made(county(), rows, tmp_path)
    corrected = [*rows, record("R3", "08:00-08:15", corrects="R1")]
    told, files = made(county(), corrected, tmp_path, period=second, closed=[close(first)])
    assert [tuple(row.values()) for row in table(files, "adjustments.csv")] == [("F-ELM", "2026-11-23", "12.00", "6.00", "-6.00")]
    assert (told.statements[0].own_pence, told.statements[0].total_pence) == (1200, 600)
    third, files = made(county(), corrected, tmp_path, period=Period(days(56)), closed=[close(first), close(told)])
    assert (table(files, "adjustments.csv"), third.total_pence) == ([], 0)


def test_people_further_out_cost_their_band(tmp_path: Path) -> None:
    """Scarning is in band 1, Swanton in band 2."""
    people = [person("P1", place=SCARNING), person("P2", place=SWANTON)]
    here = county(people=people, contracts=[framework("ELM", rates_pence=BANDS)])
    rows = [record("R1"), record("R2", package_id="P2", visit_id="V2")]
    _, files = made(here, rows, tmp_path)
    told = [(row["band"], row["lines"], row["gbp"]) for row in table(files, "statement-days.csv")]
    assert told == [("1", "1", "9.12"), ("2", "1", "9.84")]
