"""Where things stand in the pictures of the page: plain numbers for its inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.domain.words import hours_in_words, people, percent, rounded
from optimiser.geography.grid import Metres, to_grid
from optimiser.geography.outlines import rings_of
from optimiser.transferring.frontier import Point
from optimiser.transferring.tables import listed
from optimiser.transferring.transfer_plan import TransferPlan

WIDTH, HEIGHT, MARGIN = 760, 520, 24
BLUR_METRES = 1000
"""Rounds are drawn on whole kilometres: a round may be one person's home."""


@dataclass(frozen=True)
class Mark:
    """A shape on the map."""

    x: float
    y: float
    kind: str
    """``transfer``, ``stay`` or ``office``."""
    title: str


@dataclass(frozen=True)
class Map:
    """Outlines as SVG path data, and the marks on them."""

    outlines: list[tuple[str, str]]
    marks: list[Mark]
    height: float


def draw_map(plan: TransferPlan) -> Map:
    """The areas planned, their rounds and the principals' offices."""
    county = plan.county
    areas = [county.snapshot.areas[county.area_of[target.area_id]] for target in map(plan.targets.__getitem__, plan.areas)]
    lines = [(area.name, _lines(area.geometry)) for area in areas if area.geometry]
    spots = [(_middle(plan, index), index) for index in listed(plan) if plan.candidates[index].members]
    holders = {county.provider(target.contract).provider_id for target in plan.targets}
    offices = [office for office in county.snapshot.offices if office.provider_id in holders]
    bases = to_grid([o.latitude for o in offices], [o.longitude for o in offices])
    everything = [*(line for _, rings in lines for line in rings), *(spot[None, :] for spot, _ in spots)] or [bases]
    place = _Placing(np.concatenate(everything))
    marks = [Mark(*place.of(spot), _kind(plan, index), _title(plan, index)) for spot, index in spots]
    marks.sort(key=lambda mark: mark.kind == "transfer")
    here = [(base, office) for base, office in zip(bases, offices, strict=True) if place.holds(base)]
    marks += [Mark(*place.of(base), "office", f"Office of {office.provider_id}") for base, office in here]
    return Map([(name, " ".join(map(place.path, rings))) for name, rings in lines], marks, place.height)


def _kind(plan: TransferPlan, index: int) -> str:
    return "transfer" if plan.wave_of(index) else "stay"


def _title(plan: TransferPlan, index: int) -> str:
    each, wave = plan.candidates[index], plan.wave_of(index)
    goes = f"moves on wave {wave.number}" if wave else "stays"
    return f"{each.round_id}: {people(each.people)}, {hours_in_words(each.minutes)}, {goes}"


def _middle(plan: TransferPlan, index: int) -> Metres:
    middle = plan.county.place[list(plan.candidates[index].members)].mean(axis=0)
    return np.asarray(np.round(middle / BLUR_METRES) * BLUR_METRES)


def _lines(geometry: dict[str, object]) -> list[Metres]:
    return [
        to_grid([point[1] for point in ring], [point[0] for point in ring]) for polygon in rings_of(geometry) for ring in polygon
    ]


class _Placing:
    """From metres on the grid to the picture, north up."""

    def __init__(self, points: Metres) -> None:
        self._low, high = points.min(axis=0), points.max(axis=0)
        span = np.maximum(high - self._low, 1.0)
        self._scale = float(min((WIDTH - 2 * MARGIN) / span[0], (HEIGHT - 2 * MARGIN) / span[1]))
        self._high = high
        self.height = round(float(span[1]) * self._scale + 2 * MARGIN, 1)

    def of(self, point: Metres) -> tuple[float, float]:
        x = MARGIN + (point[0] - self._low[0]) * self._scale
        y = MARGIN + (self._high[1] - point[1]) * self._scale
        return round(float(x), 1), round(float(y), 1)

    def holds(self, point: Metres) -> bool:
        return bool(np.all(point >= self._low) and np.all(point <= self._high))

    def path(self, line: Metres) -> str:
        return "M" + "L".join("{:.1f},{:.1f}".format(*self.of(point)) for point in line) + "Z"


@dataclass(frozen=True)
class Bar:
    """A bar of a chart with its labels."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: str


NOTHING_REACHED = Fraction(1, 100)
"""How far the frontier's axis goes up where no share of anything is reached."""
CHART_WIDTH, CHART_HEIGHT, CHART_FOOT, CHART_HEAD = 760, 260, 44, 30
WIDEST_BAR = 90.0


def draw_waves(plan: TransferPlan) -> list[Bar]:
    """Hours a week that move on each wave."""
    waves = plan.used_waves
    minutes = [sum(plan.candidates[i].minutes for i in plan.moving if plan.choice[i] == k) for k in range(len(waves))]
    step, most = CHART_WIDTH / max(1, len(waves)), max(1, *minutes)
    room, width = CHART_HEIGHT - CHART_FOOT - CHART_HEAD, min(step * 0.7, WIDEST_BAR)
    return [
        Bar(
            x=round(step * (k + 0.5) - width / 2, 1),
            y=round(CHART_HEAD + room * (1 - amount / most), 1),
            width=round(width, 1),
            height=round(room * amount / most, 1),
            label=f"{wave.date:%-d %b %y}",
            value=f"{rounded(amount / 60)} h",
        )
        for k, (wave, amount) in enumerate(zip(waves, minutes, strict=True))
    ]


@dataclass(frozen=True)
class Line:
    """One limit's line of the frontier: its points, and where its label stands."""

    name: str
    points: str
    dots: list[tuple[float, float, str]]
    dashed: bool
    label_y: float


@dataclass(frozen=True)
class Axes:
    """Ticks: place and text."""

    across: list[tuple[float, str]]
    up: list[tuple[float, str]]


def draw_frontier(points: Sequence[Point]) -> tuple[list[Line], Axes]:
    """The share reached against the number of waves, a line for each limit (dashed: cut anew)."""
    counts = sorted({point.waves for point in points})
    low, high = min(point.share for point in points), max(point.share for point in points)
    room = max(high - low, high / 100) or NOTHING_REACHED

    def x_of(count: int) -> float:
        return round(70 + 480 * counts.index(count) / max(1, len(counts) - 1), 1)

    def y_of(share: object) -> float:
        return round(float(270 - 230 * (share - low) / room), 1)  # type: ignore[operator]

    lines: list[Line] = []
    for cut, limit in sorted({(point.recut, point.limit) for point in points}):
        own = sorted((p for p in points if (p.recut, p.limit) == (cut, limit)), key=lambda p: p.waves)
        dots = [(x_of(p.waves), y_of(p.share), f"{p.waves} waves, limit {percent(p.limit)}: {percent(p.share)}") for p in own]
        name = f"{percent(limit)}, {'cut anew' if cut else 'whole rounds'}"
        lines.append(Line(name, " ".join(f"{x},{y}" for x, y, _ in dots), dots, cut, dots[-1][1]))
    ticks = [low + room * k / 4 for k in range(5)]
    axes = Axes([(x_of(count), str(count)) for count in counts], [(y_of(tick), percent(tick)) for tick in ticks])
    return _apart(lines), axes


def _apart(lines: list[Line]) -> list[Line]:
    """Labels far enough from each other to be read, from the top down."""
    found, free = [], 0.0
    for line in sorted(lines, key=lambda line: line.label_y):
        y = max(line.label_y, free)
        free = y + 17
        found.append(Line(line.name, line.points, line.dots, line.dashed, round(y, 1)))
    return found
