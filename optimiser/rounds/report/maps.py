"""Rounds as one page that opens offline: the figures, and a map per round, in units of 10 m, north up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import rounded
from optimiser.geography.grid import to_grid
from optimiser.geography.outlines import rings_of
from optimiser.io.folders import page_of
from optimiser.rounds.report.drawn_rounds import COARSE, PERSONAL, DrawnRound, drawn_rounds
from optimiser.rounds.report.week_figures import by_bar, by_visit, time_on_page

UNIT_METRES = 10
MARGIN = 0.12
"""Of a map's longer side, around what it shows."""
LEAST_METRES = 3_000
SIMPLER_METRES = 100
"""Outlines may be drawn so far from where they are."""
LANDMARKS = 3
LONGEST_NAME = 26
"""Characters of a surgery's name that fit beside its mark."""
SCALES_KM = (0.5, 1, 2, 5, 10, 20, 50)
COLOURS = ("#0b4f8a", "#8a1c1c", "#1b5e20", "#6a1b9a", "#8a4b00", "#00606b")
"""Each at least 5:1 on white."""


@dataclass(frozen=True)
class Mark:
    """A point with a word beside it."""

    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Line:
    """A round's run as the points of a polyline."""

    points: str
    colour: str


@dataclass(frozen=True)
class Map:
    """One picture: what part of the county it shows and what is on it. All in units of 10 m."""

    left: int
    top: int
    width: int
    height: int
    lines: tuple[Line, ...]
    stops: tuple[Mark, ...]
    landmarks: tuple[Mark, ...]
    scale_km: float
    scale_width: int

    @property
    def text_size(self) -> int:
        return max(1, max(self.width, self.height) // 34)


class Maps:
    """Draws maps of one county."""

    def __init__(self, snapshot: Snapshot) -> None:
        surgeries = snapshot.surgeries
        grid = to_grid([each.latitude for each in surgeries], [each.longitude for each in surgeries])
        self._surgeries = [Mark(*_point(*place), _short(each.name)) for each, place in zip(surgeries, grid.tolist(), strict=True)]
        self.outlines = [path for area in snapshot.areas if area.geometry for path in _paths(area.geometry)]

    def of_round(self, drawn: DrawnRound) -> Map:
        """One round; its stops are numbered in their order."""
        stops: dict[tuple[int, int], list[int]] = {}
        for number, stop in enumerate(drawn.stops, 1):
            stops.setdefault(_point(stop.easting, stop.northing), []).append(number)
        marks = tuple(Mark(*point, _numbers(numbers)) for point, numbers in stops.items())
        return self._map([drawn], marks)

    def of_rounds(self, drawn: Sequence[DrawnRound]) -> Map:
        """Several rounds, a line each."""
        return self._map(drawn, ())

    def _map(self, drawn: Sequence[DrawnRound], stops: tuple[Mark, ...]) -> Map:
        runs = [[_point(stop.easting, stop.northing) for stop in each.stops] for each in drawn]
        points = [point for run in runs for point in run]
        lowest_x, lowest_y = min(x for x, _ in points), min(y for _, y in points)
        span_x, span_y = max(x for x, _ in points) - lowest_x, max(y for _, y in points) - lowest_y
        side = int(max(span_x, span_y, LEAST_METRES // UNIT_METRES) * (1 + 2 * MARGIN))
        left, top = lowest_x + span_x // 2 - side // 2, lowest_y + span_y // 2 - side // 2
        inside = [mark for mark in self._surgeries if 0.03 < (mark.x - left) / side < 0.5 and 0.05 < (mark.y - top) / side < 0.9]
        middle_x, middle_y = left + side // 2, top + side // 2
        inside.sort(key=lambda mark: ((mark.x - middle_x) ** 2 + (mark.y - middle_y) ** 2, mark.text))
        scale = max((km for km in SCALES_KM if km * 1000 / UNIT_METRES <= side / 3), default=SCALES_KM[0])
        lines = [Line(_joined(run), COLOURS[number % len(COLOURS)]) for number, run in enumerate(runs)]
        return Map(left, top, side, side, tuple(lines), stops, tuple(inside[:LANDMARKS]), scale, int(scale * 1000 / UNIT_METRES))


def _point(easting: float, northing: float) -> tuple[int, int]:
    """North is up, so y counts down from the top of the national grid."""
    return round(easting / UNIT_METRES), round((1_300_000 - northing) / UNIT_METRES)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _joined(points: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _numbers(numbers: Sequence[int]) -> str:
    """The numbers of the stops at one point, no more than three of them."""
    return ",".join(map(str, numbers[:3])) + ("…" if len(numbers) > 3 else "")


def _paths(geometry: dict[str, list[object]]) -> list[str]:
    """The rings of an outline as SVG paths."""
    import shapely

    paths = []
    for polygon in rings_of(geometry):
        for ring in polygon:
            grid = to_grid([float(point[1]) for point in ring], [float(point[0]) for point in ring])
            if len(grid) > 1:
                simple = shapely.LineString(grid).simplify(SIMPLER_METRES)
                paths.append("M" + _joined([_point(x, y) for x, y in simple.coords]).replace(" ", "L"))
    return paths


DAY_NAMES = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
             "sun": "Sunday"}  # fmt: skip


def rounds_page(plan: RoundsPlan, snapshot: Snapshot, figures: Sequence[tuple[str, str]], *, exact: bool) -> bytes:
    """``rounds.html``: nothing fetched from anywhere, every text escaped. ``figures``: what is said of all rounds, and its value.

    Unless ``exact``, places are kilometre squares and there are no ids and no times; an exact page says that it is personal data.
    """
    drawn = drawn_rounds(plan, snapshot, exact=exact)
    maps = Maps(snapshot)
    providers = []
    for name, group in groupby(drawn, key=lambda each: each.provider):
        own = list(group)
        providers.append((name, maps.of_rounds(own), [(each, maps.of_round(each)) for each in own]))
    values = {
        "title": snapshot.title,
        "as_of": snapshot.as_of,
        "exact": exact,
        "privacy": PERSONAL if exact else COARSE,
        "figures": figures,
        "travel": plan.travel,
        "providers": providers,
        "unserved": len(plan.unserved),
        "bars": by_bar(plan.unserved),
        "not_planned": by_visit(plan.unserved) if exact else [],
        "outlines": maps.outlines,
        "day_names": DAY_NAMES,
    }
    return page_of("optimiser.rounds.report", "rounds.html.j2", values, clock=time_on_page, hours=_hours, kilometres=_kilometres)


def _hours(minutes: int) -> str:
    return rounded(minutes / 60, 1)


def _kilometres(metres: int) -> str:
    return rounded(metres / 1000)
