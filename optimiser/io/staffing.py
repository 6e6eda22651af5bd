"""What rounds are staffed from: ``workers.csv`` in the folder, and a settings file with ``[defaults]`` and ``[providers.ID]``."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, Shift, Staffing, StaffingSettings, Worker, seconds_of
from optimiser.io.cells import TIME, Column, decimal, identifier, one_of, optional, words, words_of
from optimiser.io.faults import Findings, InputRefusedError, Note, in_words
from optimiser.io.schema import latitude, longitude
from optimiser.io.settings import exact_number, whole_number
from optimiser.io.tables import read_table, read_text

WORKERS = "workers.csv"
COLUMNS = (
    Column("worker_id", identifier, personal=True),
    Column("provider_id", identifier),
    Column("skills", words, personal=True),
    Column("travels", one_of("drives", "walks")),
    Column("latitude", optional(latitude), personal=True),
    Column("longitude", optional(longitude), personal=True),
    Column("hours_per_week", optional(decimal(0, 168))),
    Column("days", words_of(DAYS)),
)
HOURS = {"shift_hours_limit": 24, "weekly_hours_limit": 168, "break_after_hours": 24, "rest_hours": 24}
COUNTS = {"days_per_week": (1, 7), "break_minutes": (0, 240), "lateness_minutes": (0, 240), "time_critical_minutes": (0, 720)}
TRUTHS = ("travel_paid", "waiting_paid", "split_shifts")
SHIFTS = ("morning", "evening")


def read_staffing(
    folder: Path, settings: Path | None, snapshot: Snapshot
) -> tuple[StaffingSettings, tuple[Worker, ...], tuple[Note, ...]]:
    """Settings and care workers, and what was odd. Raises ``InputRefusedError`` with every fault of both files."""
    findings = Findings()
    known = {provider.provider_id for provider in snapshot.providers}
    read = StaffingSettings() if settings is None else _settings(settings, known, findings)
    workers = _workers(folder, known, findings) if (folder / WORKERS).exists() else ()
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return read, workers, findings.notes


def _workers(folder: Path, known: set[str], findings: Findings) -> tuple[Worker, ...]:
    workers: dict[str, Worker] = {}
    for row in read_table(folder, WORKERS, COLUMNS, findings):
        worker = Worker(*row.values)
        if worker.worker_id in workers:
            findings.fault(WORKERS, row.line, "worker_id", "each care worker once", worker.worker_id, personal=True)
        if worker.provider_id not in known:
            findings.fault(WORKERS, row.line, "provider_id", "a provider of providers.csv", worker.provider_id)
        if (worker.latitude is None) != (worker.longitude is None):
            findings.fault(WORKERS, row.line, "longitude", "latitude and longitude, or neither")
        workers[worker.worker_id] = replace(worker, days=tuple(day for day in DAYS if day in worker.days))
    return tuple(workers[name] for name in sorted(workers))


def _settings(path: Path, known: set[str], findings: Findings) -> StaffingSettings:
    content = read_text(path.parent, path.name, findings)
    try:
        table = tomllib.loads((content or "").replace("\r\n", "\n"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        findings.fault(path.name, 0, "", "well-formed TOML", str(error)[:200])
        return StaffingSettings()
    for name in sorted(set(table) - {"defaults", "providers"}):
        findings.fault(path.name, 0, name, "the tables [defaults] and [providers.ID]", name)
    defaults = _staffing(path.name, "defaults", table.get("defaults", {}), Staffing(), findings)
    providers = table.get("providers", {})
    if not isinstance(providers, dict):
        findings.fault(path.name, 0, "providers", "a table for each provider: [providers.ID]", in_words(providers))
        providers = {}
    for provider_id in sorted(providers.keys() - known):
        findings.fault(path.name, 0, "providers", "a provider of providers.csv", provider_id)
    return StaffingSettings(
        defaults,
        {name: _staffing(path.name, f"providers.{name}", each, defaults, findings) for name, each in sorted(providers.items())},
    )


def _staffing(file: str, where: str, table: Any, base: Staffing, findings: Findings) -> Staffing:
    if not isinstance(table, Mapping):
        findings.fault(file, 0, where, "a table of settings", in_words(table))
        return base
    names = sorted(part.name for part in fields(Staffing))
    settings: dict[str, Any] = {}
    for name, value in table.items():
        if name not in names:
            findings.fault(file, 0, f"{where}.{name}", f"a setting: {', '.join(names)}", name)
            continue
        try:
            settings[name] = _setting(name, value)
        except ValueError as error:
            findings.fault(file, 0, f"{where}.{name}", str(error), in_words(value))
    made = replace(base, **settings)
    if seconds_of(made.morning.ends) > seconds_of(made.evening.starts):
        findings.fault(file, 0, where, "a morning that ends before the evening starts")
    return made


def _setting(name: str, value: Any) -> Any:
    if name in HOURS:
        hours: Fraction = exact_number(value, 0, HOURS[name])
        return hours
    if name in COUNTS:
        return whole_number(value, *COUNTS[name])
    if name in TRUTHS:
        if not isinstance(value, bool):
            raise ValueError("true or false")
        return value
    if name in SHIFTS:
        return _shift(name, value)
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError('an array of skills such as ["medication"]')
    return tuple(sorted(set(value)))


def _shift(name: str, value: Any) -> Shift:
    expected = 'start and end such as ["07:00", "15:00"], the start first'
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(isinstance(each, str) and TIME.fullmatch(each) for each in value)
    ):
        raise ValueError(expected)
    try:
        starts, ends = (dt.time.fromisoformat(each) for each in value)
    except ValueError:
        raise ValueError(expected) from None
    if starts >= ends:
        raise ValueError(expected)
    return Shift(name, starts, ends)
