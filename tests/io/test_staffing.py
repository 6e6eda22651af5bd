"""Care workers and settings of rounds: read whole, or refused with every fault of both files."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import pytest

from optimiser.domain.staffing import Shift, Staffing
from optimiser.io.faults import InputRefusedError
from optimiser.io.staffing import PARSERS, read_staffing
from tests import making

SNAPSHOT = making.snapshot([], [making.framework("ROWAN")])
HEADER = "worker_id,provider_id,skills,travels,latitude,longitude,hours_per_week,days\n"


def test_settings_of_a_provider_begin_with_the_defaults(tmp_path: Path) -> None:
    settings = tmp_path / "staffing.toml"
    settings.write_text(
        'defaults.break_minutes = 30\ndefaults.weekly_hours_limit = 37.5\ndefaults.evening = ["15:30", "22:30"]\n'
        "[providers.ROWAN]\ndays_per_week = 4\ntravel_paid = false\n"
    )
    read, workers, _ = read_staffing(tmp_path, settings, SNAPSHOT)
    assert workers == ()
    assert read.of("OTHER") == Staffing(
        break_minutes=30,
        weekly_hours_limit=Fraction(75, 2),
        evening=Shift("evening", dt.time(15, 30), dt.time(22, 30)),
    )
    own = read.of("ROWAN")
    assert (own.break_minutes, own.days_per_week, own.travel_paid) == (30, 4, False)


def test_a_night_may_end_on_the_next_day(tmp_path: Path) -> None:
    settings = tmp_path / "staffing.toml"
    settings.write_text('defaults.night = ["22:00", "07:00"]\nproviders.ROWAN.night = ["00:00", "07:30"]\n')
    read, _, _ = read_staffing(tmp_path, settings, SNAPSHOT)
    night = read.of("OTHER").night
    assert night == Shift("night", dt.time(22), dt.time(7))
    assert (night.opens, night.closes) == (22 * 3600, 31 * 3600)
    assert [shift.name for shift in read.of("ROWAN").shifts] == ["morning", "evening", "night"]
    assert read.of("ROWAN").shifts[2].closes == 7 * 3600 + 1800
    for wrong in ('["22:00", "22:00"]', '["22:00", "24:00"]', '"22:00"', '["22:00"]'):
        settings.write_text(f"defaults.night = {wrong}\n")
        with pytest.raises(InputRefusedError) as refused:
            read_staffing(tmp_path, settings, SNAPSHOT)
        assert [fault.column for fault in refused.value.faults] == ["defaults.night"]


def test_without_files_the_defaults_hold(tmp_path: Path) -> None:
    read, workers, notes = read_staffing(tmp_path, None, SNAPSHOT)
    assert (read.of("ROWAN"), workers, notes) == (Staffing(), (), ())


def test_care_workers_are_read_in_the_order_of_their_ids(tmp_path: Path) -> None:
    (tmp_path / "workers.csv").write_text(
        HEADER + "W2,ROWAN,,walks,,,,\nW1,ROWAN,medication;dementia,drives,52.68,0.94,30.5,tue;mon\n"
    )
    _, workers, _ = read_staffing(tmp_path, None, SNAPSHOT)
    first, second = workers
    assert (first.worker_id, first.skills, first.hours_per_week) == ("W1", ("dementia", "medication"), Fraction(61, 2))
    assert first.days == ("mon", "tue")
    assert (second.travels, second.latitude, second.hours_per_week, second.days) == ("walks", None, None, ())


def test_every_fault_of_both_files_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "workers.csv").write_text(HEADER + "W1,ROWAN,,flies,,,,\nW2,NOBODY,,drives,52.6,,,\nW2,ROWAN,,drives,,,,\n")
    settings = tmp_path / "staffing.toml"
    settings.write_text(
        'defaults.breaks = 1\nother = 1\nproviders.ROWAN.morning = ["15:00", "07:00"]\nproviders.ROWAN.days_per_week = 8\n'
        'providers.NOBODY.travel_paid = "yes"\nproviders.ROWAN.time_critical_skills = "medication"\ndefaults.rest_hours = -1\n'
        'defaults.evening = ["12:00", "20:00"]\n'
    )
    with pytest.raises(InputRefusedError) as refused:
        read_staffing(tmp_path, settings, SNAPSHOT)
    where = {(fault.file, fault.line, fault.column) for fault in refused.value.faults}
    assert where == {
        ("workers.csv", 2, "travels"),
        ("workers.csv", 3, "provider_id"),
        ("workers.csv", 3, "longitude"),
        ("workers.csv", 4, "worker_id"),
        ("staffing.toml", 0, "defaults.breaks"),
        ("staffing.toml", 0, "other"),
        ("staffing.toml", 0, "providers.ROWAN.morning"),
        ("staffing.toml", 0, "providers.ROWAN.days_per_week"),
        ("staffing.toml", 0, "providers.NOBODY.travel_paid"),
        ("staffing.toml", 0, "providers.ROWAN.time_critical_skills"),
        ("staffing.toml", 0, "defaults.rest_hours"),
        ("staffing.toml", 0, "defaults"),
        ("staffing.toml", 0, "providers.ROWAN"),
        ("staffing.toml", 0, "providers.NOBODY"),
        ("staffing.toml", 0, "providers"),
    }


def test_settings_that_are_no_toml_are_refused(tmp_path: Path) -> None:
    settings = tmp_path / "staffing.toml"
    settings.write_text("defaults = [\n")
    with pytest.raises(InputRefusedError) as refused:
        read_staffing(tmp_path, settings, SNAPSHOT)
    assert "expected well-formed TOML" in refused.value.faults[0].message()


def test_every_setting_of_a_provider_can_be_set() -> None:
    assert set(PARSERS) == {part.name for part in fields(Staffing)}
