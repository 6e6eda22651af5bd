"""A forecast as files: ``forecast.json``, its tables, and ``index.html``, which opens offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from optimiser.forecasting.backcast import COLUMNS as CALIBRATION_COLUMNS
from optimiser.forecasting.backcast import Backcast, calibration_rows, coverage, in_words
from optimiser.forecasting.fan import TOLD, quantiles
from optimiser.forecasting.page import forecast_page
from optimiser.forecasting.story import BASE, Forecast
from optimiser.forecasting.stress_sheet import headline, sheet
from optimiser.forecasting.tables import (
    BAND,
    DRIVER_COLUMNS,
    FAN_COLUMNS,
    PROVIDER_COLUMNS,
    REACHED_COLUMNS,
    UNITS,
    WAIT_COLUMNS,
    driver_rows,
    fan_rows,
    provider_rows,
    reached_rows,
    shown,
    wait_rows,
)
from optimiser.io.folders import pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet


def forecast_record(made: Forecast, backcast: Backcast | None = None) -> dict[str, Any]:
    """``forecast.json``: the county week by week, what drives it, what is taken for granted; areas are in the tables."""
    course = made.course
    record: dict[str, Any] = {
        **result_head(course.snapshot, titled=True, rule_book=course.ground.rules.version),
        "preset": made.preset,
        "decide": course.decide,
        "weeks": course.weeks,
        "seed": course.seed,
        "draws": len(made.draws.of(BASE)),
        "complete": made.complete,
        "checked": {"draws": int(made.draws.events_checked > 0), "events": made.draws.events_checked},
        "headline": headline(made),
        "rates": _rates(made),
        "county": {
            told.name: {
                "words": told.words,
                "unit": UNITS[told.unit],
                **{name: [shown(told, int(value)) for value in bands[name][:, -1]] for name in BAND},
            }
            for told in TOLD
            for bands in (quantiles(told.of(made.figures)),)
        },
        "reached": [_as_text(row) for row in reached_rows(made)],
        "drivers": [_as_text(row) for row in driver_rows(made)],
        "assumptions": [{"section": title, "said": said} for title, said in sheet(made)],
    }
    if backcast is not None:
        record["backcast"] = {
            "later_digest": backcast.later.digest(),
            "later_as_of": str(backcast.later.as_of),
            "week": backcast.week,
            "said": in_words(backcast),
            "coverage": coverage(backcast),
        }
    return record


def forecast_files(made: Forecast, record: Mapping[str, Any], backcast: Backcast | None, *, named: bool) -> dict[str, bytes]:
    """Every file. ``named``: whether providers are named; else they are numbered."""
    files = {
        "forecast.json": pretty(dict(record)),
        "forecast.csv": spreadsheet(FAN_COLUMNS, fan_rows(made)),
        "forecast-waits.csv": spreadsheet(WAIT_COLUMNS, wait_rows(made)),
        "forecast-reached.csv": spreadsheet(REACHED_COLUMNS, reached_rows(made)),
        "forecast-drivers.csv": spreadsheet(DRIVER_COLUMNS, driver_rows(made)),
        "forecast-providers.csv": spreadsheet(PROVIDER_COLUMNS, provider_rows(made, named=named)),
        "index.html": forecast_page(made, record),
    }
    if backcast is not None:
        files["forecast-calibration.csv"] = spreadsheet(CALIBRATION_COLUMNS, calibration_rows(backcast))
    return files


def _rates(made: Forecast) -> dict[str, Any]:
    given = asdict(made.course.given)
    given["providers"] = len(given["providers"])
    given["seasons"] = [
        {name: f"{value[0]:02}-{value[1]:02}" if name in ("since", "until") else value for name, value in season.items()}
        for season in given["seasons"]
    ]
    return given


def _as_text(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float | str) else str(value) for name, value in row.items()}
