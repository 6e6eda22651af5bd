"""The date, the title and the policy: exact decimals, and a fault for every name, type and bound that is wrong."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest

from optimiser.domain.policy import EnhancedSettings, MeanwhileSettings, Policy, ProcurementSettings
from optimiser.domain.snapshot import settings_text
from optimiser.io.exporting import write_snapshot
from optimiser.io.faults import Fault
from optimiser.io.reading import read_snapshot
from tests.making import snapshot
from tests.making.folders import SETTINGS, Folder, accepted, faults_of, notes_of, the_fault

NAME = "snapshot.toml"


def policy_of(folder: Folder, lines: str) -> Policy:
    folder.policy(lines)
    return read_snapshot(folder.path).snapshot.policy


def refused(folder: Folder, lines: str) -> Fault:
    folder.policy(lines)
    return the_fault(folder)


def test_without_a_policy_every_setting_has_its_default(folder: Folder) -> None:
    assert read_snapshot(folder.path).snapshot.policy == Policy()


def test_the_defaults_are_those_of_the_format() -> None:
    policy = Policy()
    assert (policy.principal_share_target, policy.share_tolerance) == (Fraction("0.70"), Fraction("0.05"))
    assert (policy.person_minutes, policy.overdue_factor) == (420, Fraction(2))
    assert policy.band_limits_miles == (Fraction(3), Fraction(6))
    assert (policy.decline_days, policy.expired_days) == (14, 1)
    assert (policy.max_moves, policy.step_moves, policy.move_charge, policy.move_pending) == (25, 4, 720, False)
    assert (policy.bar_cqc, policy.bar_pamms) == (("inadequate",), ("poor",))
    assert (policy.tolerance_minutes_divisor, policy.tolerance_pence_divisor, policy.proof_pence_divisor) == (400, 10, 50)
    assert policy.moved_share_limit == Fraction("0.15")
    assert (policy.rest_days, policy.overdue_weeks) == (84, 4)
    assert (policy.largest_first_after_days, policy.rural_beyond_miles) == (0, Fraction(6))
    assert (policy.passed_over_limit, policy.priority_review_days) == (7, 28)
    assert (policy.decision_valid_weeks, policy.answer_needed) == (26, True)
    assert len(fields(policy)) == 25


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("principal_share_target", "0.701", Fraction(701, 1000)),
        ("principal_share_target", "0.95", Fraction(19, 20)),
        ("share_tolerance", "0.1", Fraction(1, 10)),
        ("share_tolerance", "1e-1", Fraction(1, 10)),
        ("share_tolerance", "0", Fraction(0)),
        ("person_minutes", "0", 0),
        ("overdue_factor", "1.3", Fraction(13, 10)),
        ("band_limits_miles", "[2.9, 6.1]", (Fraction(29, 10), Fraction(61, 10))),
        ("band_limits_miles", "[0, 1000]", (Fraction(0), Fraction(1000))),
        ("decline_days", "0", 0),
        ("expired_days", "3", 3),
        ("max_moves", "0", 0),
        ("move_charge", "1_440", 1440),
        ("move_pending", "true", True),
        ("bar_cqc", "[]", ()),
        ("bar_cqc", '["not_rated", "inadequate", "not_rated"]', ("inadequate", "not_rated")),
        ("bar_pamms", '["requires_improvement", "poor"]', ("poor", "requires_improvement")),
        ("tolerance_minutes_divisor", "1", 1),
        ("tolerance_pence_divisor", "7", 7),
        ("proof_pence_divisor", "1000", 1000),
    ],
)
def test_a_setting_is_read_exactly(folder: Folder, name: str, written: str, value: Any) -> None:
    read = getattr(policy_of(folder, f"{name} = {written}"), name)
    assert read == value
    assert type(read) is type(value)


SHARE_LIMITS = "a number from 0 to 1"
WRONG = [
    ("principal_share_target", "1.01", SHARE_LIMITS),
    ("principal_share_target", "-0.01", SHARE_LIMITS),
    ("principal_share_target", '"0.7"', SHARE_LIMITS),
    ("principal_share_target", "true", SHARE_LIMITS),
    ("principal_share_target", "[0.7]", SHARE_LIMITS),
    ("share_tolerance", "nan", SHARE_LIMITS),
    ("share_tolerance", "inf", SHARE_LIMITS),
    ("share_tolerance", "-inf", SHARE_LIMITS),
    ("share_tolerance", "2026-11-23", SHARE_LIMITS),
    ("overdue_factor", "0.99", "a number from 1"),
    ("overdue_factor", "false", "a number from 1"),
    ("overdue_factor", "1001", "a number from 1"),
    ("band_limits_miles", "[6, 3]", "the nearer first"),
    ("band_limits_miles", "[3, 3]", "the nearer first"),
    ("band_limits_miles", "[3]", "two distances"),
    ("band_limits_miles", "[3, 6, 9]", "two distances"),
    ("band_limits_miles", "3", "two distances"),
    ("band_limits_miles", '"3;6"', "two distances"),
    ("band_limits_miles", "[3, true]", "a number"),
    ("band_limits_miles", "[-1, 6]", "a number"),
    ("band_limits_miles", "[3, inf]", "a number"),
    ("move_pending", "1", "true or false"),
    ("move_pending", '"true"', "true or false"),
    ("bar_cqc", '"inadequate"', "an array of ratings"),
    ("bar_cqc", '["poor"]', "an array of ratings"),
    ("bar_cqc", "[true]", "an array of ratings"),
    ("bar_cqc", "[[]]", "an array of ratings"),
    ("bar_cqc", "{}", "an array of ratings"),
    ("bar_pamms", '["inadequate"]', "an array of ratings"),
]
DIVISORS = ("tolerance_minutes_divisor", "tolerance_pence_divisor", "proof_pence_divisor")
COUNTS = ("person_minutes", "decline_days", "expired_days", "max_moves", "move_charge", *DIVISORS)
NOT_COUNTS = ("true", "false", '"14"', "-1", "1.5", "14.0", "nan", "[1]", "1000000001")
WRONG += [(name, value, "a whole number") for name in COUNTS for value in NOT_COUNTS]
WRONG += [(name, "0", "at least 1") for name in DIVISORS]


@pytest.mark.parametrize(("name", "written", "expected"), WRONG)
def test_a_setting_of_a_wrong_type_or_out_of_bounds_is_named(folder: Folder, name: str, written: str, expected: str) -> None:
    fault = refused(folder, f"{name} = {written}")
    assert (fault.file, fault.column) == (NAME, f"policy.{name}")
    assert expected in fault.expected
    assert fault.found


@pytest.mark.parametrize("name", ["principal_share", "Max_moves", '"max moves"', "share_high", "policy", '""'])
def test_an_unknown_setting_is_a_fault_that_lists_the_known_ones(folder: Folder, name: str) -> None:
    fault = refused(folder, f"{name} = 1")
    assert fault.column == f"policy.{name.strip(chr(34))}"
    assert all(part.name in fault.expected for part in fields(Policy))


def test_every_wrong_setting_is_named_in_one_go(folder: Folder) -> None:
    folder.policy('max_moves = "many"\nmove_charge = true\nsurprise = 1\nbar_cqc = 3')
    found = {fault.column for fault in faults_of(folder)}
    assert found == {"policy.max_moves", "policy.move_charge", "policy.surprise", "policy.bar_cqc"}


@pytest.mark.parametrize(("target", "tolerance"), [("0.97", "0.04"), ("0.03", "0.04"), ("1", "0.05"), ("0.5", "0.6")])
def test_the_edges_of_the_share_stay_within_none_and_all(folder: Folder, target: str, tolerance: str) -> None:
    fault = refused(folder, f"principal_share_target = {target}\nshare_tolerance = {tolerance}")
    assert fault.column == "policy.share_tolerance"


@pytest.mark.parametrize(("target", "tolerance"), [("0.95", "0.05"), ("0.05", "0.05"), ("1", "0"), ("0.5", "0.5")])
def test_the_edges_of_the_share_may_be_none_and_all(folder: Folder, target: str, tolerance: str) -> None:
    assert policy_of(folder, f"principal_share_target = {target}\nshare_tolerance = {tolerance}").share_high <= 1


@pytest.mark.parametrize(
    "line",
    [
        "", 'as_of = "2026-11-23"', "as_of = 2026-11-23T00:00:00", "as_of = 2026-11-23T00:00:00Z", "as_of = 20261123",
        "as_of = 10:00:00", "as_of = []", "as_of = true", "as_of = false", "as_of = 0.0", "as_of = {}",
    ],
)  # fmt: skip
def test_the_date_is_a_date(folder: Folder, line: str) -> None:
    folder.write(NAME, line)
    fault = the_fault(folder)
    assert (fault.file, fault.column) == (NAME, "as_of")
    assert fault.expected.startswith("a date")


@pytest.mark.parametrize("title", ["5", "true", '["a"]', "2026-11-23"])
def test_the_title_is_a_text(folder: Folder, title: str) -> None:
    folder.write(NAME, f"as_of = 2026-11-23\ntitle = {title}\n")
    fault = the_fault(folder)
    assert (fault.file, fault.column, fault.expected) == (NAME, "title", "a text")


def test_the_title_may_be_left_out(folder: Folder) -> None:
    folder.write(NAME, "as_of = 2026-11-23\n")
    assert read_snapshot(folder.path).snapshot.title == ""


@pytest.mark.parametrize("written", ["3", '"none"', "[]", "[[1]]", "true"])
def test_the_policy_is_a_table(folder: Folder, written: str) -> None:
    folder.write(NAME, f"{SETTINGS}policy = {written}\n")
    fault = the_fault(folder)
    assert (fault.file, fault.column, fault.expected) == (NAME, "policy", "a table of settings")


def test_an_unknown_name_beside_the_policy_is_a_note(folder: Folder) -> None:
    folder.write(NAME, f"{SETTINGS}author = 'somebody'\n[extra]\nmax_moves = 'ignored'\n")
    assert notes_of(folder) == [
        "snapshot.toml: unknown name 'author' is ignored",
        "snapshot.toml: unknown name 'extra' is ignored",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "as_of", "as_of = 2026-13-23", "as_of = 2026-11-31", "as_of = 2026-11-23\nas_of = 2026-11-24", "[policy\n", "= 3",
        'as_of = 2026-11-23\ntitle = "open', "as_of = 2026-11-23\n[policy]\n[policy]\n", "as_of = " + "[" * 100_000,
        "a." * 5_000 + "a = 1", "x = " + "{a = " * 5_000, "as_of = 2026-11-23\n[policy]\nshare_tolerance = .5",
    ],
)  # fmt: skip
def test_what_is_not_toml_is_refused_and_crashes_nothing(folder: Folder, content: str) -> None:
    folder.write(NAME, content)
    assert all(fault.file == NAME for fault in faults_of(folder))


@pytest.mark.parametrize(
    "line",
    [
        "max_moves = " + "9" * 5_000,
        "max_moves = 0x" + "f" * 5_000,
        "max_moves = 0b" + "1" * 20_000,
        "share_tolerance = 0x" + "f" * 5_000,
        "overdue_factor = 1e99999999999999999999",
        "share_tolerance = 1e-99999999999999999999",
        "bar_cqc = 0o" + "7" * 9_000,
    ],
)
def test_a_number_beyond_measure_is_refused_and_crashes_nothing(folder: Folder, line: str) -> None:
    folder.policy(line)
    assert all(fault.file == NAME for fault in faults_of(folder))


@pytest.mark.parametrize("line", ["share_tolerance = 1e-5000", "overdue_factor = 1." + "0" * 5_000 + "1"])
def test_a_number_of_too_many_decimals_is_refused_or_can_be_digested(folder: Folder, line: str) -> None:
    folder.policy(line)
    snapshot = accepted(folder)
    assert snapshot is None or len(snapshot.digest()) == 64


def test_a_title_as_a_number_beyond_measure_is_refused(folder: Folder) -> None:
    folder.write(NAME, "as_of = 2026-11-23\ntitle = 0x" + "f" * 5_000)
    assert faults_of(folder)


def test_settings_are_part_of_the_digest(folder: Folder) -> None:
    plain = read_snapshot(folder.path).snapshot.digest()
    folder.policy("max_moves = 25")
    assert read_snapshot(folder.path).snapshot.digest() == plain
    folder.policy("max_moves = 24")
    assert read_snapshot(folder.path).snapshot.digest() != plain


def test_a_mistake_in_the_toml_names_its_line(folder: Folder) -> None:
    folder.write(NAME, SETTINGS + "[policy]\nmax_moves 25\n")
    fault = the_fault(folder)
    assert (fault.line, fault.expected) == (4, "well-formed TOML")
    assert fault.found.endswith(", column 11")
    assert "at line" not in fault.found


def test_a_toml_file_that_ends_too_early_is_refused_as_a_whole(folder: Folder) -> None:
    folder.write(NAME, "as_of =")
    assert the_fault(folder).line == 0


def procurement_of(folder: Folder, lines: str) -> ProcurementSettings:
    folder.write(NAME, f"{SETTINGS}[procurement]\n{lines}\n")
    return read_snapshot(folder.path).snapshot.procurement


def test_the_settings_of_procurement_are_read_kept_and_counted_where_they_are_given(folder: Folder) -> None:
    plain = read_snapshot(folder.path).snapshot
    assert plain.procurement == ProcurementSettings()
    assert procurement_of(folder, "gap_months = 18").gap_months == 18
    assert read_snapshot(folder.path).snapshot.digest() == plain.digest(), "it is the default"
    assert procurement_of(folder, "regime = 'pcr_2015'\ntender_days = 180") == ProcurementSettings(
        regime="pcr_2015", tender_days=180
    )
    given = read_snapshot(folder.path).snapshot
    assert given.digest() != plain.digest()
    write_snapshot(given, folder.path.parent / "again")
    again = read_snapshot(folder.path.parent / "again").snapshot
    assert (again, again.digest()) == (given, given.digest())


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("tender_weeks = 40", "procurement.tender_weeks", "a setting: "),
        ("capacity_return_days = 0", "procurement.capacity_return_days", "at least 1"),
        ("tender_days = 2.5", "procurement.tender_days", "a whole number"),
        ("gap_months = -1", "procurement.gap_months", "at least 0"),
        ("regime = 'pcr'", "procurement.regime", "one of pcr_2015, procurement_act_2023"),
    ],
)
def test_what_is_wrong_in_the_table_of_procurement(folder: Folder, line: str, column: str, expected: str) -> None:
    folder.write(NAME, f"{SETTINGS}[procurement]\n{line}\n")
    fault = the_fault(folder)
    assert (fault.file, fault.column) == (NAME, column)
    assert expected in fault.expected


def test_a_contract_names_its_regime_and_nothing_else_changes(folder: Folder) -> None:
    plain = read_snapshot(folder.path).snapshot
    rows = [{**row, "regime": ""} for row in folder.rows("contracts.csv")]
    folder.put("contracts.csv", rows, [*folder.header("contracts.csv"), "regime"])
    folder.change("contracts.csv", "C5", regime="pcr_2015")
    given = read_snapshot(folder.path).snapshot
    assert {each.contract_id: each.regime for each in given.contracts if each.regime} == {"C5": "pcr_2015"}
    assert given.digest() != plain.digest()
    folder.change("contracts.csv", "C5", regime="")
    assert read_snapshot(folder.path).snapshot.digest() == plain.digest(), "a column that nobody uses is none"
    line = folder.change("contracts.csv", "C5", regime="pcr")
    assert (the_fault(folder).line, the_fault(folder).column) == (line, "regime")


def test_a_later_setting_of_procurement_leaves_the_digest_as_it_was() -> None:
    """A county with a setting of its own has the digest that it had before there were days of notice."""
    own = replace(snapshot(), procurement=ProcurementSettings(gap_months=24))
    assert "notice_days" not in settings_text(own.procurement)
    assert settings_text(own.procurement) == repr(own.procurement).replace(", notice_days=91, capacity_return_days=14", "")
    assert replace(own, procurement=ProcurementSettings(gap_months=24, notice_days=30)).digest() != own.digest()


def test_the_settings_of_meanwhile_are_read_kept_and_counted_where_they_are_given(folder: Folder) -> None:
    plain = read_snapshot(folder.path).snapshot
    assert plain.meanwhile_settings == MeanwhileSettings()
    folder.write(NAME, f"{SETTINGS}[meanwhile]\nurgent_check_days = 1\n")
    assert read_snapshot(folder.path).snapshot.digest() == plain.digest(), "it is the default"
    own = 'urgent_choose_days = 2\nbridge_days = 7\nbridge_needs = ["meals", "medication"]\nbridge_unrecorded_visits = false\n'
    folder.write(NAME, f"{SETTINGS}[meanwhile]\n{own}")
    given = read_snapshot(folder.path).snapshot
    assert given.meanwhile_settings == MeanwhileSettings(
        urgent_choose_days=2, bridge_days=7, bridge_needs=("meals", "medication"), bridge_unrecorded_visits=False
    )
    assert "bridge" not in settings_text(MeanwhileSettings()), "a county in which nobody sets them has the digest that it had"
    assert given.digest() != plain.digest()
    write_snapshot(given, folder.path.parent / "again")
    assert read_snapshot(folder.path.parent / "again").snapshot == given


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("check_days = 1", "meanwhile.check_days", "a setting: "),
        ("urgent_check_days = 0", "meanwhile.urgent_check_days", "at least 1"),
        ("urgent_choose_days = -1", "meanwhile.urgent_choose_days", "at least 0"),
        ("bridge_days = 0", "meanwhile.bridge_days", "at least 1"),
        ("bridge_needs = []", "meanwhile.bridge_needs", "an array of what visits are for"),
        ('bridge_needs = ["meals", "meals"]', "meanwhile.bridge_needs", "each once"),
        ('bridge_needs = ["meals;bed"]', "meanwhile.bridge_needs", "an array of what visits are for"),
        ("bridge_needs = [1]", "meanwhile.bridge_needs", "an array of what visits are for"),
        ('bridge_not_recorded = "blue"', "meanwhile.bridge_not_recorded", "one of red, amber, green"),
        ("first_visit_agreed_days = 366", "meanwhile.first_visit_agreed_days", "at most 365"),
        ("first_visit_agreed_days_alone = 29", "meanwhile.first_visit_agreed_days_alone", "at most 28"),
        ("bridge_unrecorded_visits = 1", "meanwhile.bridge_unrecorded_visits", "true or false"),
    ],
)
def test_what_is_wrong_in_the_table_of_meanwhile(folder: Folder, line: str, column: str, expected: str) -> None:
    folder.write(NAME, f"{SETTINGS}[meanwhile]\n{line}\n")
    fault = the_fault(folder)
    assert (fault.file, fault.column) == (NAME, column)
    assert expected in fault.expected


def test_the_clock_of_enhanced_home_support_is_read_kept_and_counted_where_it_is_given(folder: Folder) -> None:
    plain = read_snapshot(folder.path).snapshot
    assert plain.enhanced == EnhancedSettings()
    folder.write(NAME, f"{SETTINGS}[enhanced]\nlimit_hours = 72\n[meanwhile]\nfirst_visit_hours = 4\n")
    assert read_snapshot(folder.path).snapshot.digest() == plain.digest(), "these are the defaults"
    folder.write(NAME, f"{SETTINGS}[enhanced]\nalert_hours = 90\nlimit_hours = 96\n[meanwhile]\nfirst_visit_hours = 2\n")
    given = read_snapshot(folder.path).snapshot
    assert (given.enhanced, given.meanwhile_settings.first_visit_hours) == (EnhancedSettings(24, 48, 90, 96), 2)
    assert given.digest() != plain.digest()
    write_snapshot(given, folder.path.parent / "again")
    assert read_snapshot(folder.path.parent / "again").snapshot == given


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("ask_hours = 24", "enhanced.ask_hours", "a setting: "),
        ("first_question_hours = 0", "enhanced.first_question_hours", "at least 1"),
        ("alert_hours = 72", "enhanced.limit_hours", "more hours than alert_hours (72)"),
        ("second_question_hours = 24", "enhanced.second_question_hours", "more hours than first_question_hours (24)"),
    ],
)
def test_what_is_wrong_in_the_table_of_enhanced_home_support(folder: Folder, line: str, column: str, expected: str) -> None:
    folder.write(NAME, f"{SETTINGS}[enhanced]\n{line}\n")
    fault = the_fault(folder)
    assert (fault.file, fault.column) == (NAME, column)
    assert expected in fault.expected
