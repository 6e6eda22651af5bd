"""A row for each county: how its night ended, and the figures of the report that it left. Counts alone, no ids of people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.domain.words import decimals
from optimiser.nightly.counties.county_endings import WELL, Ending
from optimiser.nightly.counties.county_folders import Nights

OUTCOMES = ("county", "ended", "exit_code", "report", "latest_as_of")
FIGURES = (
    "title", "as_of", "complete", "unmet_people_today", "unmet_hours_today_per_week", "unmet_people_after",
    "unmet_hours_after_per_week", "steps", "moves", "principal_share_today", "principal_share_after", "areas_below_band",
    "areas_within_band", "areas_above_band", "levels_proven", "levels", "snapshot_digest",
)  # fmt: skip
COUNTY_COLUMNS = (*OUTCOMES, *FIGURES)
"""The columns of ``summary.csv``."""
SHARE_PLACES = 3
"""A county's share is worked out from those of its areas, which reports have with four decimals: it holds to a tenth of a per
cent."""

Row = dict[str, Any]


def county_row(nights: Nights, county: str, ending: Ending, latest_before: str) -> Row:
    """``latest_before``: the name of the latest report before this run, by which one of this run is told from an earlier one.

    Figures are of this run's report, or of the one that is as true as before; None where there is neither.
    """
    shelf = nights.shelf(county)
    latest = shelf.latest()
    name = "" if latest is None else latest.name
    todays = latest is not None and (ending.word in WELL or name != latest_before)
    row: Row = {
        "county": county,
        "ended": ending.word,
        "exit_code": ending.exit_code,
        "report": latest.relative_to(nights.place).as_posix() if todays and latest is not None else "",
        "latest_as_of": name.partition("-")[2],
    }
    figures = _figures(latest) if todays and latest is not None else dict.fromkeys(FIGURES)
    return row | figures


def _figures(report: Path) -> Row:
    night, result = (json.loads((report / file).read_bytes()) for file in ("nightly.json", "result.json"))
    areas = night["areas"]
    bands = [area["band"] for area in areas]
    today, after = _unmet(night), _unmet(result)
    return {
        "title": result["title"],
        "as_of": night["as_of"],
        "complete": night["complete"],
        "unmet_people_today": today[0],
        "unmet_hours_today_per_week": today[1],
        "unmet_people_after": after[0],
        "unmet_hours_after_per_week": after[1],
        "steps": night["steps"],
        "moves": night["moves"],
        "principal_share_today": _share(areas, "share_today"),
        "principal_share_after": _share(areas, "share_after"),
        **{f"areas_{band}_band": bands.count(band) for band in ("below", "within", "above")},
        "levels_proven": sum(level["proven"] for level in night["levels"]),
        "levels": len(night["levels"]),
        "snapshot_digest": night["snapshot_digest"],
    }


def _unmet(record: Mapping[str, Any]) -> tuple[int, str]:
    """People and their hours a week: everybody is in one group of the table of hours."""
    groups = record["who_comes_last"].get("hours", ())
    return sum(each["unmet"] for each in groups), _added([each["unmet_hours_per_week"] for each in groups])


def _added(figures: Sequence[str]) -> str:
    return decimals(sum(map(Fraction, figures), Fraction(0)), 2)


def _share(areas: Sequence[Mapping[str, Any]], which: str) -> str | None:
    """The principals' part of the hours of those areas that have one; None: no area has."""
    told = [(Fraction(area[which]), Fraction(area["demand_hours_4w"])) for area in areas if area[which] is not None]
    demand = sum((hours for _, hours in told), Fraction(0))
    return decimals(sum((part * hours for part, hours in told), Fraction(0)) / demand, SHARE_PLACES) if demand else None


def added_up(rows: Sequence[Row]) -> Row:
    """Over all counties with figures: how many they are, people and hours unmet, steps and moves."""
    told = [row for row in rows if row["as_of"] is not None]
    counted = ("unmet_people_today", "unmet_people_after", "steps", "moves", "levels_proven", "levels")
    hours = ("unmet_hours_today_per_week", "unmet_hours_after_per_week")
    return {
        "counties": len(rows),
        "with_figures": len(told),
        **{name: sum(row[name] for row in told) for name in counted},
        **{name: _added([row[name] for row in told]) for name in hours},
    }
