"""``index.html``: fan charts of the county and of each area, each beside its table, and what drives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from optimiser.domain.dates import days_after
from optimiser.domain.words import rounded, whole_pounds
from optimiser.forecasting.drivers import FACTOR, MOVED
from optimiser.forecasting.events_drawn import DAYS
from optimiser.forecasting.fan import BY_NAME, IN_WORDS, NONE, PER_SHARE, QUANTILES, TOLD, Told, quantiles
from optimiser.forecasting.fan_chart import fan_chart
from optimiser.forecasting.presets import PRESETS
from optimiser.forecasting.story import Forecast
from optimiser.forecasting.tables import WHOLE, driver_rows, reached_rows, wait_rows
from optimiser.io.folders import page_of

OF_AREAS = ("principal_share", "unmet", "legacy")
"""The figures that each area has a picture of; the others are in ``forecast.csv``."""
SCALE = {"people": 1, "minutes": 60, "pence": 100, "share": PER_SHARE / 100}
ROWS = 13
"""About so many weeks of a table; every week is in ``forecast.csv``."""


def forecast_page(made: Forecast, record: Mapping[str, Any]) -> bytes:
    """The page; every text is escaped but for the pictures, which are made here."""
    snapshot = made.course.snapshot
    places = [(area.area_id, area.name) for area in snapshot.areas]
    figures = made.figures
    return page_of(
        "optimiser.forecasting",
        "index.html.j2",
        {
            **record,
            "question": PRESETS[made.preset].question if made.preset else "",
            "preset_said": PRESETS[made.preset].said if made.preset else "",
            "last_day": days_after(snapshot.as_of, DAYS * made.course.weeks),
            "county_pictures": [_picture(made, told, len(places), WHOLE) for told in TOLD if _has(told.of(figures)[:, :, -1])],
            "areas": [
                {
                    "area_id": area_id,
                    "name": name,
                    "pictures": [
                        _picture(made, BY_NAME[figure], place, area_id)
                        for figure in OF_AREAS
                        if _has(BY_NAME[figure].of(figures)[:, :, place])
                    ],
                }
                for place, (area_id, name) in enumerate(places)
            ],
            "names": dict(places),
            "reached_rows": list(reached_rows(made)),
            "wait_rows": [row for row in wait_rows(made) if row["area_id"] == WHOLE],
            "driver_rows": list(driver_rows(made)),
            "rate_words": MOVED,
            "factor": FACTOR,
            "figure_words": {told.name: told.words for told in TOLD},
            "sizes": list(IN_WORDS.values()),
        },
        whole=rounded,
        percent=_percent,
    )


def _has(values: Any) -> bool:
    """Whether there is anything to draw: a figure that is nothing in every week of every draw is not."""
    return bool((values > 0).any())


def _picture(made: Forecast, told: Told, place: int, area_id: str) -> dict[str, Any]:
    values = told.of(made.figures)[:, :, place].copy()
    values[values == NONE] = 0
    found = quantiles(values)
    bands = {name: [value / SCALE[told.unit] for value in found[name].tolist()] for name in QUANTILES}
    axis = _axis(told)
    first = made.course.snapshot.as_of
    mark = float(made.course.snapshot.policy.principal_share_target) * 100 if told.name == "principal_share" else None
    weeks = range(made.course.weeks + 1)
    every = max(1, -(-len(weeks) // ROWS))
    shown = [week for week in weeks if week % every == 0 or week == made.course.weeks]
    return {
        "figure": told.name,
        "words": told.words,
        "svg": fan_chart(
            told.words, bands, first, axis=axis, mark=mark, whole=told.unit == "people", ident=f"{area_id}-{told.name}"
        ),
        "rows": [
            {"day": days_after(first, DAYS * week), **{name: axis(bands[name][week]) for name in QUANTILES}} for week in shown
        ],
        "mark": "" if mark is None else axis(mark),
    }


def _axis(told: Told) -> Callable[[float], str]:
    if told.unit == "share":
        return lambda value: f"{value:.0f}%"
    if told.unit == "pence":
        return whole_pounds
    return lambda value: rounded(value) if value >= 10 or value == int(value) else rounded(value, 1)


def _percent(part: str) -> str:
    return f"{float(part):.0%}" if part else "–"
