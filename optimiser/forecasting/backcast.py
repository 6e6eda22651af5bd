"""A forecast from an earlier snapshot, judged by a later one: how often the bands held what came.

Where a forecast is well calibrated, its 80% bands hold four of five figures in the long run. Figures of one day hang together,
so that one later day tells whether a forecast was badly wrong, and little of whether its bands are as wide as they should be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from optimiser.county import Ints
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import listed
from optimiser.forecasting.answers_record import CannotForecastError
from optimiser.forecasting.fan import BANDS, NONE, QUANTILES, TOLD, Told, quantiles, within
from optimiser.forecasting.ground import Ground
from optimiser.forecasting.played import PlayedCounty
from optimiser.forecasting.story import Forecast
from optimiser.forecasting.tables import UNITS, WHOLE, Row, shown
from optimiser.forecasting.weekly_figures import counted
from optimiser.rules.book import standard_rules

COLUMNS = ("week", "area_id", "figure", "unit", "actual", *QUANTILES, *(f"within_{width}" for width, _, _ in BANDS))
FEW_COMPARISONS = 20
"""Below so many figures of areas nothing is said of how wide bands should be."""
JUDGED = tuple(each for each in TOLD if each.name not in ("ended_contract",))


@dataclass(frozen=True, slots=True)
class Judged:
    """One figure of one place, beside what was forecast."""

    area_id: str
    told: Told
    actual: int
    bands: dict[str, int]
    holds: tuple[bool, ...]
    """Per band of ``BANDS``, whether it holds the actual figure."""


@dataclass(frozen=True)
class Backcast:
    """A forecast beside what came. ``week``: of the forecast, that the later snapshot is of."""

    later: Snapshot
    week: int
    judged: tuple[Judged, ...]
    draws: int

    def __repr__(self) -> str:
        return f"<Backcast of week {self.week}: {len(self.judged)} figures>"


def comparable(earlier: Snapshot, later: Snapshot) -> None:
    """Raises ``CannotForecastError`` where the two cannot be of one county, or not in this order."""
    if later.as_of <= earlier.as_of:
        raise CannotForecastError(f"--from is of {earlier.as_of}, which is not before {later.as_of}, the day of the other folder")
    if [area.area_id for area in earlier.areas] != [area.area_id for area in later.areas]:
        raise CannotForecastError("the two folders have other areas, so what was forecast cannot be laid beside what came")


def actual_figures(later: Snapshot) -> Ints:
    """The later snapshot counted as a week of a forecast is; shape (areas + 1, figures). Nobody is asked for it."""
    return counted(PlayedCounty(Ground.of(later, standard_rules())), 0, [])


def judged_by(made: Forecast, later: Snapshot) -> Backcast:
    """The last week of a forecast beside the later snapshot."""
    actual = actual_figures(later)
    places = [*(area.area_id for area in later.areas), WHOLE]
    found = []
    for told in JUDGED:
        drawn, true = told.of(made.figures)[:, -1], told.of(actual)
        bands = quantiles(drawn)
        for place, area_id in enumerate(places):
            value = int(true[place])
            if value == NONE or int(bands["median"][place]) == NONE:
                continue
            ends = {name: int(bands[name][place]) for name in QUANTILES}
            holds = tuple(within(value, drawn[:, place], QUANTILES[low], QUANTILES[high]) for _, low, high in BANDS)
            found.append(Judged(area_id, told, value, ends, holds))
    return Backcast(later, made.course.weeks, tuple(found), len(made.figures))


def calibration_rows(backcast: Backcast) -> Iterator[Row]:
    """``forecast-calibration.csv``: a line per figure and place."""
    for each in backcast.judged:
        yield {
            "week": backcast.week,
            "area_id": each.area_id,
            "figure": each.told.name,
            "unit": UNITS[each.told.unit],
            "actual": shown(each.told, each.actual),
            **{name: shown(each.told, value) for name, value in each.bands.items()},
            **{f"within_{width}": str(holds).lower() for (width, _, _), holds in zip(BANDS, each.holds, strict=True)},
        }


def coverage(backcast: Backcast) -> list[Row]:
    """Per figure, of areas alone, how many of how many lie in each band."""
    rows = []
    for told in JUDGED:
        of_areas = [each for each in backcast.judged if each.told is told and each.area_id != WHOLE]
        if of_areas:
            rows.append(
                {
                    "figure": told.name,
                    "words": told.words,
                    "areas": len(of_areas),
                    **{f"within_{width}": sum(each.holds[at] for each in of_areas) for at, (width, _, _) in enumerate(BANDS)},
                }
            )
    return rows


def in_words(backcast: Backcast) -> list[str]:
    """How well the forecast foretold, as far as this much can tell."""
    rows = coverage(backcast)
    compared = sum(row["areas"] for row in rows)
    said = [
        f"The forecast is laid beside {backcast.later.as_of}, {backcast.week} weeks on: {compared} figures of areas."
        + "".join(
            f" The {width}% bands hold {sum(row[f'within_{width}'] for row in rows)} of them"
            f" ({sum(row[f'within_{width}'] for row in rows) / max(1, compared):.0%})."
            for width, _, _ in BANDS
        )
    ]
    missed = [row["words"].lower() for row in rows if 10 * row["within_95"] < 8 * row["areas"]]
    if missed:
        said.append(
            f"Outside of the 95% band in more than a fifth of the areas: {listed(missed)}. Look at the rates behind them first."
        )
    few = (
        "This is one later day, and figures of one day hang together: it shows whether the forecast was far out, not whether"
        " its bands are"
        " as wide as they should be. Judge by several days before relying on the width of a band."
    )
    said.append(few if compared >= FEW_COMPARISONS else f"With {compared} figures nothing can be said of the bands. {few}")
    if backcast.draws < 40:
        said.append(f"With {backcast.draws} draws the 95% band is narrower than it should be: play 40 or more.")
    return said
