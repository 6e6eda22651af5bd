"""Are the bands of a forecast as wide as they say? Histories are made, each forecast from its middle and judged by its end.

``python -m tests.campaigns.calibration [--histories N] [--known] [--windows N] [--weeks N] [--draws N] [--first N]`` plays
each of so many (100) counties, one unlike the other, through some windows of 28 days by rates that only the play knows, and
counts requests and ends as the service does. A forecast begins with the county of that day and the rates of those counts
(``--known``: with the play's own), looks so many weeks ahead (13), and is laid beside what came, as ``optimiser forecast
--from`` does. Printed: per figure how often the 50, 80, 90 and 95% bands hold it, for the county and for its areas. It exits
with 1 where, of all figures of counties, the 90% bands hold fewer than 85 or more than 95 in a hundred.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from optimiser.domain.dates import days_after
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting import played_events as happened
from optimiser.forecasting.backcast import JUDGED, actual_figures
from optimiser.forecasting.daily_counts import WEEKS, rates_of_counts
from optimiser.forecasting.decided_together import whole
from optimiser.forecasting.fan import NONE
from optimiser.forecasting.keyed_chance import Dice
from optimiser.forecasting.many_draws import Course
from optimiser.forecasting.play import Play
from optimiser.forecasting.rates_given import Arrivals, Given
from optimiser.forecasting.story import course_of, forecast
from tests.making.families import county_of

WIDTHS = (50, 80, 90, 95)
DAYS = 7
LEAST, MOST = 85, 95
"""Between these, in a hundred, the 90% bands have to hold what comes."""


@dataclass(frozen=True)
class Ahead:
    """How a history is cut: windows of counts, then weeks to forecast."""

    windows: int
    weeks: int
    draws: int
    known: bool


@dataclass(frozen=True)
class Held:
    """One figure of one place: which part of the draws lies below what came, ties divided at random (Czado and others 2009).

    Where all is well these parts are spread evenly from 0 to 1, small counts included, which bands alone hold too often.
    """

    figure: str
    of_county: bool
    below: float

    def in_band(self, width: int) -> bool:
        return abs(2 * self.below - 1) <= width / 100


def true_rates(seed: int) -> tuple[Snapshot, Given]:
    """A county of a family, and rates by which it stays about as large as it is."""
    county = county_of("reoptimise", seed)
    return county, rates_of(len(county.packages), Random(f"calibration {seed}"))


def rates_of(people: int, dice: Random) -> Given:
    """Rates by which so many people stay about as many."""
    ends = dice.uniform(0.008, 0.02)
    return Given(
        (Arrivals(people * ends * dice.uniform(0.9, 1.15)),),
        ends_per_week=ends,
        changes_per_week=dice.uniform(0, 0.01),
        hospital_per_week=dice.uniform(0, 0.006),
        fails_per_year=0.02,
        restricted_per_year=0.1,
        decline=dice.uniform(0.1, 0.5),
        lasting=0.2,
    )


def counted_days(play: Play, snapshot: Snapshot, people: Sequence[dict[str, int]], windows: int) -> list[dict[str, object]]:
    """What ``/v1/trends?by=area`` would answer for the last day of each window."""
    areas = [area.area_id for area in snapshot.areas]
    requests, ends = defaultdict[tuple[int, str], int](int), defaultdict[tuple[int, str], int](int)
    for event in play.log or []:
        if event.kind in (happened.ARRIVED, happened.ENDED):
            area = areas[play.played.people[event.subject].area]
            (requests if event.kind == happened.ARRIVED else ends)[(event.week - 1) // WEEKS, area] += 1
    return [
        {
            "day": str(days_after(snapshot.as_of, DAYS * WEEKS * (window + 1))),
            "groups": [
                {
                    "group": area,
                    "requests": requests[window, area],
                    "ends": ends[window, area],
                    "people_in_all": people[window][area],
                }
                for area in areas
            ],
        }
        for window in range(windows)
    ]


def history(seed: int, cut: Ahead) -> list[Held]:
    """One county: its past, a forecast, and what came."""
    snapshot, given = true_rates(seed)
    course = Course(snapshot, given, cut.windows * WEEKS + cut.weeks, seed=1_000 + seed)
    play = course.begun(0, logged=True)
    play._asked_and_counted()
    people: list[dict[str, int]] = []
    while play.week < cut.windows * WEEKS:
        week_on(play)
        if play.week % WEEKS == 0:
            people.append(in_all(play, snapshot))
    today = whole(play.played)
    rates = given if cut.known else counted_rates(counted_days(play, snapshot, people, cut.windows), today, given)
    while play.week < course.weeks:
        week_on(play)
    later = whole(play.played)
    made = forecast(course_of(today, rates, until=later.as_of, seed=seed), cut.draws, workers=1)
    actual = actual_figures(later)
    found = []
    for told in JUDGED:
        drawn, true = told.of(made.figures)[:, -1], told.of(actual)
        for place, value in enumerate(true.tolist()):
            if value != NONE and int(np.median(drawn[:, place])) != NONE:
                values = drawn[:, place]
                if (values == value).all():
                    continue  # nobody waits, in any draw: that tells nothing of bands
                tied = Dice(seed, 0).chance("tie", told.name, place)
                below = float((values < value).mean() + tied * (values == value).mean())
                found.append(Held(told.name, place == len(true) - 1, below))
    return found


def week_on(play: Play) -> None:
    play.one_week_on()
    play._asked_and_counted()


def in_all(play: Play, snapshot: Snapshot) -> dict[str, int]:
    """Per area: people with care and people who wait."""
    found = dict.fromkeys((area.area_id for area in snapshot.areas), 0)
    for person in play.played.people.values():
        if person.where != "ended":
            found[snapshot.areas[person.area].area_id] += 1
    return found


def counted_rates(days: list[dict[str, object]], today: Snapshot, given: Given) -> Given:
    """The rates that counts tell; the others are known."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "trends.json"
        file.write_text(json.dumps({"items": days}), encoding="utf-8")
        derived = rates_of_counts(file, today)
    counted = replace(given, arrivals=derived.arrivals, ends_per_week=derived.ends_per_week, from_counts=derived.from_counts)
    return counted.ends_beside_hospital()


def show(found: Iterable[Held], words: str) -> float:
    """A line per figure, and one for all; the part of all that the 90% bands hold, in a hundred."""
    by_figure: dict[str, list[Held]] = defaultdict(list)
    for each in found:
        by_figure[each.figure].append(each)
        by_figure["all"].append(each)
    print(f"\n{words:34} {'cases':>6} " + " ".join(f"{width:>4}%" for width in WIDTHS) + "  above the middle")
    for name in [*(told.name for told in JUDGED if told.name in by_figure), "all"]:
        cases = by_figure[name]
        parts = [100 * sum(each.in_band(width) for each in cases) / len(cases) for width in WIDTHS]
        above = 100 * sum(each.below > 0.5 for each in cases) / len(cases)
        print(f"{name:34} {len(cases):>6} " + " ".join(f"{part:5.1f}" for part in parts) + f"  {above:5.1f}")
    return parts[WIDTHS.index(90)]


def main() -> int:
    """Play, forecast and judge; 1 where bands are not as wide as they should be."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--histories", type=int, default=100)
    options.add_argument("--first", type=int, default=1, help="the first county's number: below 1,000")
    options.add_argument("--windows", type=int, default=13, help="of 28 days that are counted before (default: 13)")
    options.add_argument("--weeks", type=int, default=13)
    options.add_argument("--draws", type=int, default=100)
    options.add_argument("--known", action="store_true", help="forecast with the true rates, not with those of counts")
    chosen = options.parse_args()
    cut = Ahead(chosen.windows, chosen.weeks, chosen.draws, chosen.known)
    found: list[Held] = []
    for number in range(chosen.histories):
        found += history(chosen.first + number, cut)
        print(f"\r{number + 1} of {chosen.histories} histories", end="", file=sys.stderr, flush=True)
    held = show([each for each in found if each.of_county], "of the county")
    show([each for each in found if not each.of_county], "of its areas")
    return 0 if LEAST <= held <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
