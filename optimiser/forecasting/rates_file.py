"""``forecast.toml``: the rates by which a county is played forward. Every fault of the file is told in one go."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.rates_given import Arrivals, Given, OfProvider, Season
from optimiser.io.faults import Findings, InputRefusedError, in_words
from optimiser.io.toml import Parsers, exact, named_settings, read_toml, whole

RATES = "rates"
LISTS = ("arrivals", "seasons", "providers")


def _number(least: int, most: int) -> Any:
    read = exact(least, most)
    return lambda value: float(read(value))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text")
    return value


def _date(value: Any) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise ValueError("a date such as 2027-04-01, without quotes")
    return value


def _month_and_day(value: Any) -> tuple[int, int]:
    found = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
    try:
        day = dt.date(2000, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError('a month and a day such as "12-01"')
    return day.month, day.day


PART = _number(0, 1)
SETTINGS: Parsers = {
    "ends_per_week": PART, "changes_per_week": PART, "change_part": PART, "changes_up": PART, "hospital_per_week": PART,
    "hospital_weeks": _number(1, 52), "hospital_returns": PART, "hold_weeks": whole(0, 52), "fails_per_year": PART,
    "restricted_per_year": PART, "restricted_weeks": whole(1, 520), "decline": PART, "record_weight": _number(0, 10_000),
    "lasting": PART, "asks_per_week": whole(1, 50),
}  # fmt: skip
ARRIVALS: Parsers = {"per_week": _number(0, 10_000), "area_id": _text, "source": _text, "need": _text}
SEASONS: Parsers = {
    "since": _month_and_day, "until": _month_and_day, "arrivals": _number(0, 100), "hospital": _number(0, 100),
    "decline": _number(0, 100),
}  # fmt: skip
PROVIDERS: Parsers = {
    "provider_id": _text, "fails_on": _date, "fails_per_year": PART, "restricted_per_year": PART, "decline": PART,
}  # fmt: skip


def read_given(path: Path, snapshot: Snapshot, derived: Given | None = None) -> Given:
    """The rates of a file. ``derived``: what counts of days give where the file does not. Raises ``InputRefusedError``."""
    findings = Findings()
    table = read_toml(path.parent, path.name, findings)
    found = None if table is None else _given(path.name, table, snapshot, derived, findings)
    if findings.faults or found is None:
        raise InputRefusedError(findings.faults)
    return found


def _given(file: str, table: Mapping[str, Any], snapshot: Snapshot, derived: Given | None, findings: Findings) -> Given | None:
    for name in sorted(set(table) - {RATES, *LISTS}):
        findings.fault(file, 0, name, f"one of [{RATES}], [[{']], [['.join(LISTS)}]]", name)
    settings = named_settings(file, RATES, table.get(RATES, {}), SETTINGS, findings) or {}
    lines = {name: _lines(file, name, table.get(name, []), findings) for name in LISTS}
    arrivals = [Arrivals(**line) for line in lines["arrivals"] if _has(file, "arrivals", line, ("per_week",), findings)]
    seasons = [Season(**line) for line in lines["seasons"] if _has(file, "seasons", line, ("since", "until"), findings)]
    named = [line for line in lines["providers"] if _has(file, "providers", line, ("provider_id",), findings)]
    _judge_arrivals(file, arrivals, snapshot, findings)
    known, seen = {provider.provider_id for provider in snapshot.providers}, set[str]()
    for line in named:
        if line["provider_id"] not in known or line["provider_id"] in seen:
            findings.fault(file, 0, "providers.provider_id", "a provider of providers.csv, once", line["provider_id"])
        seen.add(line["provider_id"])
    if not arrivals and derived is None:
        findings.fault(file, 0, "arrivals", "how many people are asked for in a week: [[arrivals]] with per_week, or --counts")
    if "ends_per_week" not in settings and derived is None:
        findings.fault(file, 0, f"{RATES}.ends_per_week", "the part of people whose need of care ends in a week, or --counts")
    if findings.faults:
        return None
    counted = derived is not None and "ends_per_week" not in settings
    if derived is not None and counted:
        settings["ends_per_week"] = derived.ends_per_week
    given = Given(
        arrivals=tuple(arrivals) or (derived.arrivals if derived else ()),
        seasons=tuple(seasons),
        providers={
            line["provider_id"]: OfProvider(**{name: line.get(name) for name in (each.name for each in fields(OfProvider))})
            for line in named
        },
        from_counts=derived.from_counts if derived else "",
        **settings,
    )
    return given.ends_beside_hospital() if counted else given


def _lines(file: str, name: str, lines: Any, findings: Findings) -> list[dict[str, Any]]:
    """The entries of a list of tables, each read by the parsers of its kind."""
    parsers = {"arrivals": ARRIVALS, "seasons": SEASONS, "providers": PROVIDERS}[name]
    if not isinstance(lines, list):
        findings.fault(file, 0, name, f"a list of tables: [[{name}]]", in_words(lines))
        return []
    return [found for line in lines if (found := named_settings(file, name, line, parsers, findings)) is not None]


def _has(file: str, name: str, line: dict[str, Any], needed: tuple[str, ...], findings: Findings) -> bool:
    missing = [each for each in needed if each not in line]
    for each in missing:
        findings.fault(file, 0, f"{name}.{each}", "a value for each entry")
    return not missing


def _judge_arrivals(file: str, arrivals: list[Arrivals], snapshot: Snapshot, findings: Findings) -> None:
    """Each line once, and somebody in its area to invent people like."""
    areas, seen = {area.area_id for area in snapshot.areas}, set[tuple[str, str, str]]()
    for line in arrivals:
        key = (line.area_id, line.source, line.need)
        told = ", ".join(part for part in key if part) or "the whole county"
        if key in seen:
            findings.fault(file, 0, "arrivals", "one entry for each area, source and need", told)
        elif line.area_id and line.area_id not in areas:
            findings.fault(file, 0, "arrivals.area_id", "an area of areas.geojson", line.area_id)
        elif line.per_week and not any(is_like(package, line) for package in snapshot.packages):
            findings.fault(file, 0, "arrivals", "somebody in packages.csv to invent people like", told)
        seen.add(key)


def is_like(package: Package, line: Arrivals) -> bool:
    """Whether people of a line may be invented like this one: area, source and need are the same, and the care is whole."""
    here = line.area_id in ("", package.area_id) and line.source in ("", package.source)
    return here and (not line.need or line.need in package.skills_needed) and not package.part_of
