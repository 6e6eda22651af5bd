"""A forecast as tables: a line for each week, area and figure; who waited how long; when shares are reached; what drives it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from optimiser.domain.dates import days_after
from optimiser.domain.words import decimals, hours, pounds
from optimiser.forecasting.events_drawn import DAYS
from optimiser.forecasting.fan import BY_NAME, IN_WORDS, NONE, PER_SHARE, QUANTILES, TOLD, Told, first_week_at, quantiles
from optimiser.forecasting.story import Forecast
from optimiser.forecasting.weekly_figures import AT, SIZES

Row = dict[str, Any]
WHOLE = "county"
BAND = (*QUANTILES, "mean")
FAN_COLUMNS = ("week", "day", "area_id", "figure", "unit", *BAND)
WAIT_COLUMNS = ("area_id", "size", "people_placed", "weeks_waited_low_80", "weeks_waited_median", "weeks_waited_high_80")
REACHED_COLUMNS = (
    "area_id", "name", "go_live", "share_first", "target", "draws", "draws_that_reach_it", "week_low_80", "week_median",
    "week_high_80", "share_last_low_80", "share_last_median", "share_last_high_80",
)  # fmt: skip
DRIVER_COLUMNS = ("rate", "times", "figure", "unit", "change", "standard_error", "draws")
PROVIDER_COLUMNS = (
    "provider", "declines", "answers_yes", "answers_no", "hours_first", "hours_last_low_80", "hours_last_median",
    "hours_last_high_80",
)  # fmt: skip
UNITS = {"people": "people", "minutes": "hours a week", "pence": "pounds a week", "share": "part of hours"}
EIGHTY = ("low_80", "median", "high_80")


def shown(told: Told, value: int) -> str:
    """A figure as it stands in a table; a share of nothing is empty."""
    if told.unit == "people":
        return str(value)
    if told.unit == "minutes":
        return hours(value)
    if told.unit == "pence":
        return pounds(value)
    return "" if value == NONE else decimals(Fraction(value, PER_SHARE), 4)


def fan_rows(made: Forecast) -> Iterator[Row]:
    """``forecast.csv``: areas in their order, the county last."""
    snapshot = made.course.snapshot
    places = [*(area.area_id for area in snapshot.areas), WHOLE]
    for told in TOLD:
        bands = quantiles(told.of(made.figures))
        for place, area_id in enumerate(places):
            for week in range(made.course.weeks + 1):
                yield {
                    "week": week,
                    "day": days_after(snapshot.as_of, DAYS * week),
                    "area_id": area_id,
                    "figure": told.name,
                    "unit": UNITS[told.unit],
                    **{name: shown(told, int(bands[name][week, place])) for name in BAND},
                }


def wait_rows(made: Forecast) -> Iterator[Row]:
    """``forecast-waits.csv``: for everybody who found a place, weeks from being asked for to a yes, by size of care."""
    places = [*(area.area_id for area in made.course.snapshot.areas), WHOLE]
    whole = made.figures.sum(axis=1)
    for place, area_id in enumerate(places):
        for size in SIZES:
            people = whole[:, place, AT[f"placed_{size}"]]
            weeks = whole[:, place, AT[f"weeks_waited_{size}"]]
            hundredths = np.where(people > 0, (200 * weeks + people) // np.maximum(1, 2 * people), 0)
            bands = quantiles(hundredths)
            yield {
                "area_id": area_id,
                "size": IN_WORDS[size],
                "people_placed": int(quantiles(people)["median"]),
                **{f"weeks_waited_{name}": decimals(Fraction(int(bands[name]), 100), 2) for name in EIGHTY},
            }


def reached_rows(made: Forecast) -> Iterator[Row]:
    """``forecast-reached.csv``: when the principal of an area first delivers its target share, by new care alone."""
    snapshot, told = made.course.snapshot, BY_NAME["principal_share"]
    target = int(snapshot.policy.principal_share_target * PER_SHARE)
    shares = told.of(made.figures)
    for place, area in enumerate(snapshot.areas):
        own = shares[:, :, place]
        weeks = first_week_at(own, target)
        reaching = weeks[weeks != NONE]
        never = made.course.weeks + 1
        when = quantiles(np.where(weeks == NONE, never, weeks))
        last = quantiles(own[:, -1])
        yield {
            "area_id": area.area_id,
            "name": area.name,
            "go_live": area.go_live or "",
            "share_first": shown(told, int(own[0, 0])),
            "target": shown(told, target),
            "draws": len(own),
            "draws_that_reach_it": len(reaching),
            **{f"week_{name}": "" if when[name] == never else int(when[name]) for name in EIGHTY},
            **{f"share_last_{name}": shown(told, int(last[name])) for name in EIGHTY},
        }


def driver_rows(made: Forecast) -> Iterator[Row]:
    """``forecast-drivers.csv``: what each rate does to the county's figures of the last week."""
    from optimiser.forecasting.drivers import FACTOR

    scale = {"people": 1, "minutes": 60, "pence": 100, "share": PER_SHARE}
    for each in made.drivers:
        told = BY_NAME[each.figure]
        places = 4 if told.unit == "share" else 2
        yield {
            "rate": each.rate,
            "times": FACTOR,
            "figure": each.figure,
            "unit": UNITS[told.unit],
            "change": _signed(each.change / scale[told.unit], places),
            "standard_error": "" if np.isnan(each.error) else _signed(each.error / scale[told.unit], places),
            "draws": each.draws,
        }


def _signed(value: float, places: int) -> float:
    return round(value, places) + 0.0


def provider_rows(made: Forecast, *, named: bool) -> Iterator[Row]:
    """``forecast-providers.csv``: what each is taken to decline, and its hours. Not named, they are numbered in another order."""
    answers, snapshot = made.course.answers, made.course.snapshot
    minutes = made.provider_minutes
    rows = []
    for index, provider in enumerate(snapshot.providers):
        last = quantiles(minutes[:, 1, index])
        rows.append(
            {
                "provider": provider.name,
                "declines": f"{answers.decline[provider.provider_id]:.3f}",
                "answers_yes": answers.yes.get(provider.provider_id, 0),
                "answers_no": answers.no.get(provider.provider_id, 0),
                "hours_first": hours(int(minutes[0, 0, index])),
                **{f"hours_last_{name}": hours(int(last[name])) for name in EIGHTY},
            }
        )
    if named:
        yield from sorted(rows, key=lambda row: str(row["provider"]))
        return
    for number, index in enumerate(sorted(range(len(rows)), key=lambda index: _neutral(made, index)), 1):
        yield {**rows[index], "provider": f"Provider {number}", "answers_yes": "", "answers_no": ""}


def _neutral(made: Forecast, index: int) -> str:
    """An order that tells neither names nor ids."""
    from hashlib import sha256

    provider_id = made.course.snapshot.providers[index].provider_id
    return sha256(f"{provider_id}\x1f{made.course.snapshot.as_of}".encode()).hexdigest()
