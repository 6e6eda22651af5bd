"""What rounds are staffed from: ``workers.csv`` in the folder, and a settings file with ``[defaults]`` and ``[providers.ID]``."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, Shift, Staffing, StaffingSettings, Worker
from optimiser.io.cells import TIME, Column, decimal, identifier, one_of, optional, words, words_of
from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError, Note, in_words
from optimiser.io.schema import latitude, longitude
from optimiser.io.toml import Parsers, exact, named_settings, read_toml, truth, whole

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


def read_staffing(
    folder: Path | None, settings: Path | None, snapshot: Snapshot
) -> tuple[StaffingSettings, tuple[Worker, ...], tuple[Note, ...]]:
    """Settings and care workers (without a folder none), and what was odd.

    Raises ``InputRefusedError`` with every fault of both files.
    """
    findings = Findings()
    known = {provider.provider_id for provider in snapshot.providers}
    read = StaffingSettings() if settings is None else _settings(settings, known, findings)
    workers = _workers(folder, known, findings) if folder and (folder / WORKERS).exists() else ()
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
    table = read_toml(path.parent, path.name, findings)
    if table is None:
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
    settings = named_settings(file, where, table, PARSERS, findings)
    if settings is None:
        return base
    made = replace(base, **settings)
    if made.morning.closes > made.evening.opens:
        findings.fault(file, 0, where, "a morning that ends before the evening starts")
    return made


def _skills(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError('an array of skills such as ["medication"]')
    return tuple(sorted(set(value)))


def _shift(name: str, value: Any) -> Shift:
    return _hours(name, value, 'start and end such as ["07:00", "15:00"], the start first', over_midnight=False)


def _night(value: Any) -> Shift:
    """A night may end on the next day."""
    return _hours("night", value, 'start and end such as ["22:00", "07:00"], which differ', over_midnight=True)


def _hours(name: str, value: Any, expected: str, *, over_midnight: bool) -> Shift:
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
    if starts == ends or (starts > ends and not over_midnight):
        raise ValueError(expected)
    return Shift(name, starts, ends)


PARSERS: Parsers = {
    "morning": partial(_shift, "morning"),
    "evening": partial(_shift, "evening"),
    "night": _night,
    "shift_hours_limit": exact(0, 24),
    "weekly_hours_limit": exact(0, 168),
    "break_after_hours": exact(0, 24),
    "rest_hours": exact(0, 24),
    "days_per_week": whole(1, 7),
    "break_minutes": whole(0, 240),
    "lateness_minutes": whole(0, 240),
    "time_critical_minutes": whole(0, 720),
    "travel_paid": truth,
    "waiting_paid": truth,
    "split_shifts": truth,
    "time_critical_skills": _skills,
}
