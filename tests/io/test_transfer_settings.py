"""The ``[transfer]`` table: settings read exactly, and every mistake in it told."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import pytest

from optimiser.domain.policy import TransferPolicy
from optimiser.io.exporting import write_snapshot
from optimiser.io.reading import read_snapshot
from optimiser.io.transfer_settings import PARSERS, table_of
from tests.making.folders import SETTINGS, Folder, the_fault


def read(folder: Folder, lines: str) -> TransferPolicy:
    folder.write("snapshot.toml", f"{SETTINGS}[transfer]\n{lines}\n")
    return read_snapshot(folder.path).transfer


def test_without_a_table_every_setting_has_its_default(folder: Folder) -> None:
    assert read_snapshot(folder.path).transfer == TransferPolicy()


def test_settings_are_read_exactly(folder: Folder) -> None:
    made = read(
        folder,
        "destabilisation_limit = 0.125\nblackouts = ['12-18/02-22', '08-01/09-01']\nwave_weekday = ''\nplan_pending = false\n"
        "direct_payment_rate = 21.37\nreviews_per_wave = 40\nrecut_staff_hours = 22.5",
    )
    assert made.destabilisation_limit == Fraction(1, 8)
    assert made.blackouts == (((12, 18), (2, 22)), ((8, 1), (9, 1)))
    assert (made.wave_weekday, made.plan_pending, made.reviews_per_wave) == ("", False, 40)
    assert made.direct_payment_rate_pence == 2137
    assert made.recut_staff_hours == Fraction(45, 2)


ANOTHER = {
    **dict.fromkeys(("destabilisation_limit", "destabilisation_warning", "recut_run_tolerance"), "0.125"),
    **dict.fromkeys(("turnover_share_per_month", "recut_staff_hours", "least_hours_gained_per_letter"), "0.5"),
    "wave_weekday": "'fri'",
    "relieve_not_recorded": "'amber'",
    "blackouts": "['08-01/09-01', '12-01/01-31']",
    "extra_holidays": "[2027-05-07, 2027-06-01]",
    "direct_payment_rate": "21.30",
}
"""Another value than the default, where that is neither yes or no nor a whole number."""


def test_every_setting_is_written_as_it_is_read(folder: Folder, tmp_path: Path) -> None:
    usual = TransferPolicy()
    given = {part.name: getattr(usual, part.name) for part in fields(usual)}
    others = {name: str(not value).lower() for name, value in given.items() if isinstance(value, bool)}
    others |= {name: str(value + 1) for name, value in given.items() if type(value) is int}
    lines = [f"{name} = {(others | ANOTHER)[name]}" for name in PARSERS]
    made = read(folder, "\n".join(lines))
    assert all(getattr(made, part.name) != getattr(usual, part.name) for part in fields(made))
    write_snapshot(read_snapshot(folder.path).snapshot, tmp_path / "again")
    assert read_snapshot(tmp_path / "again").transfer == made
    assert table_of(usual) == {}


def test_further_holidays_are_read_in_order_each_once(folder: Folder) -> None:
    made = read(folder, "extra_holidays = [2027-06-01, 2027-05-07, 2027-06-01]")
    assert made.extra_holidays == (dt.date(2027, 5, 7), dt.date(2027, 6, 1))


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("destabilization_limit = 0.1", "transfer.destabilization_limit", "a setting: "),
        ("destabilisation_limit = 1.5", "transfer.destabilisation_limit", "a number from 0 to 1"),
        ("lead_months = 2.5", "transfer.lead_months", "a whole number"),
        ("plan_pending = 1", "transfer.plan_pending", "true or false"),
        ("wave_weekday = 'Monday'", "transfer.wave_weekday", "one of mon"),
        ("blackouts = ['02-30/03-01']", "transfer.blackouts", "an array of parts of the year"),
        ("blackouts = ['01-01/07-01', '07-01/01-01']", "transfer.blackouts", "which leave a week free"),
        ("blackouts = 'winter'", "transfer.blackouts", "an array of parts of the year"),
        ("extra_holidays = ['2027-05-07']", "transfer.extra_holidays", "an array of dates such as [2027-05-07], without quotes"),
        ("extra_holidays = [2027-05-07T10:00:00]", "transfer.extra_holidays", "an array of dates"),
        ("direct_payment_rate = 21.375", "transfer.direct_payment_rate", "at most two decimals"),
        ("recut_staff_hours = 0", "transfer.recut_staff_hours", "more than 0 hours"),
        ("weeks_between_waves = 0", "transfer.weeks_between_waves", "at least 1"),
        ("turnover_months = 0", "transfer.turnover_months", "at least 1"),
        ("turnover_share_per_month = 1.5", "transfer.turnover_share_per_month", "a number from 0 to 1"),
        ("least_hours_gained_per_letter = -1", "transfer.least_hours_gained_per_letter", "a number from 0 to 168"),
    ],
)
def test_a_mistake_is_a_fault(folder: Folder, line: str, column: str, expected: str) -> None:
    folder.write("snapshot.toml", f"{SETTINGS}[transfer]\n{line}\n")
    fault = the_fault(folder)
    assert (fault.file, fault.column) == ("snapshot.toml", column)
    assert expected in fault.expected


def test_it_must_be_a_table(folder: Folder) -> None:
    folder.write("snapshot.toml", f"{SETTINGS}transfer = 3\n")
    assert the_fault(folder).column == "transfer"


def test_every_setting_can_be_set() -> None:
    in_file = {part.name for part in fields(TransferPolicy)} - {"direct_payment_rate_pence"} | {"direct_payment_rate"}
    assert in_file == set(PARSERS)
