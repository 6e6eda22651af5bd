"""Maps as drawings of the server: outlines on the national grid as paths, labels that keep clear of each other, a bar of so many
kilometres. What a map shows stands in a table beside it as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from api.pages.area_outlines import Outlined
from optimiser.geography.grid import METRES_PER_MILE, Metres, to_grid

Json = Mapping[str, Any]
WIDE, HIGHEST = 400.0, 520.0
"""Units of a drawing across, and at most down."""
APART = 17.0
"""Two labels are so far from each other, from middle to middle."""
BARS_KM = (50, 20, 10, 5, 2, 1)
LINE = 4.0
"""Wider than any line is drawn."""
MARGIN = 0.04
PATHS = 4096
"""So many outlines as drawn on a paper are kept: those of a county's map, and of the maps of its areas."""
AROUND = 0.18
"""How much of the country around an area a map of it shows, as a part of its width."""


@dataclass(frozen=True)
class Paper:
    """Where places lie on a drawing. Metres of the grid at its upper left corner, and units a metre."""

    west: float
    north: float
    units: float
    width: float
    height: float

    @staticmethod
    def around(places: Metres, margin: float) -> Paper:
        """Paper that holds all of some places, with a margin as a part of the longer side."""
        west, south = (float(each) for each in places.min(axis=0))
        east, north = (float(each) for each in places.max(axis=0))
        more = margin * max(east - west, north - south, 1000.0)
        west, south, east, north = west - more, south - more, east + more, north + more
        units = min(WIDE / (east - west), HIGHEST / (north - south))
        return Paper(west, north, units, round((east - west) * units, 1), round((north - south) * units, 1))

    def at(self, places: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
        """Where places of longitude and latitude are."""
        return self.on(to_grid([each[1] for each in places], [each[0] for each in places]))

    def on(self, grid: Metres) -> list[tuple[float, float]]:
        """Where places of the grid are, of shape (n, 2)."""
        return [(round((x - self.west) * self.units, 1), round((self.north - y) * self.units, 1)) for x, y in grid.tolist()]

    def seen(self, ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """A ring without corners that change nothing on the paper: those beyond the same edge as both their neighbours."""
        kept = list(ring[:1])
        for corner, after in zip(ring[1:], [*ring[2:], *ring[:1]], strict=True):
            if not self._beyond(kept[-1]) & self._beyond(corner) & self._beyond(after):
                kept.append(corner)
        return kept

    def _beyond(self, at: tuple[float, float]) -> int:
        """Beyond which edges of the paper a place lies, a bit for each, and so far that no line along it shows."""
        x, y = at
        return (x < -LINE) + 2 * (x > self.width + LINE) + 4 * (y < -LINE) + 8 * (y > self.height + LINE)

    def holds(self, at: tuple[float, float]) -> bool:
        return 0 <= at[0] <= self.width and 0 <= at[1] <= self.height

    def meets(self, area: Outlined) -> bool:
        """Whether an area with an outline may reach onto it."""
        (west, south), (east, north) = area.corners
        wide, high = self.width / self.units, self.height / self.units
        return bool(west <= self.west + wide and east >= self.west and north >= self.north - high and south <= self.north)

    @property
    def bar(self) -> tuple[float, str]:
        """How long a bar of whole kilometres is, at most a quarter of the drawing, and what it says."""
        kilometres = next((each for each in BARS_KM if each * 1000 * self.units <= self.width / 4), BARS_KM[-1])
        return round(kilometres * 1000 * self.units, 1), f"{kilometres} km"

    def miles(self, count: float) -> float:
        """How long so many miles are."""
        return round(count * METRES_PER_MILE * self.units, 1)


@dataclass(frozen=True)
class Shape:
    """An area. ``kind``: how it is filled; ``words``: what it is, for whoever points at it."""

    path: str
    kind: str
    words: str


@dataclass(frozen=True)
class Label:
    """A number or a sign at a place."""

    x: float
    y: float
    text: str
    words: str = ""


@dataclass(frozen=True)
class Map:
    """A drawing. ``bold``: the path of the area that it is about; ``signs``: those of ``centres`` that lie on the paper."""

    paper: Paper
    shapes: list[Shape]
    labels: list[Label]
    signs: list[Label]
    bold: str = ""
    centres: tuple[Label, ...] = ()


Kinds = Mapping[str, tuple[str, str, str]]
"""Per area its number, how it is filled, and what it is in words."""


def county_map(areas: Sequence[Outlined], kinds: Kinds) -> Map | None:
    """All areas, each with its number; None where none has an outline."""
    drawn = [each for each in areas if each.rings and each.area_id in kinds]
    if not drawn:
        return None
    paper = Paper.around(np.concatenate([each.corners for each in drawn]), MARGIN)
    shapes, labels = [], []
    for each in drawn:
        number, kind, words = kinds[each.area_id]
        shapes.append(Shape(path_of(each, paper), kind, words))
        if each.inside is not None:
            ((x, y),) = paper.on(each.inside[None])
            labels.append(Label(x, y, number))
    return Map(paper, shapes, kept_apart(labels, paper), [])


def local_map(
    areas: Sequence[Outlined], area_id: str, places: Iterable[tuple[str, str, Sequence[float]]], signs: Iterable[Json]
) -> Map | None:
    """One area and what is around it; None where it has no outline.

    ``places``: each with its number, its words, and its longitude and latitude; ``signs``: records with a name and a place.
    """
    mine = next((each for each in areas if each.area_id == area_id), None)
    if mine is None or not mine.rings:
        return None
    paper = Paper.around(mine.corners, AROUND)
    shapes = [Shape(path_of(each, paper), "here" if each is mine else "around", each.name) for each in areas if each.rings]
    numbered = [Label(*at, number, words) for number, words, place in places if paper.holds(at := paper.at([place])[0])]
    centres = tuple(Label(*paper.at([(each["longitude"], each["latitude"])])[0], "", each["name"]) for each in signs)
    marked = [each for each in centres if paper.holds((each.x, each.y))]
    return Map(paper, shapes, kept_apart(numbered, paper), marked, path_of(mine, paper), centres)


@dataclass(frozen=True)
class Place:
    """Somewhere with a number. ``at``: longitude and latitude."""

    at: tuple[float, float]
    number: str
    words: str


def map_around(
    areas: Sequence[Outlined], area_id: str, home: tuple[float, float], places: Sequence[Place], miles: float
) -> Map | None:
    """What is around a home, and all of some places; None where no area has an outline. The home is the one of ``signs``.

    ``home``: longitude and latitude; ``miles``: so much at least is shown to each side of it.
    """
    drawn = [each for each in areas if each.rings]
    if not drawn:
        return None
    here = [home, *(each.at for each in places)]
    grid = to_grid([each[1] for each in here], [each[0] for each in here])
    paper = Paper.around(np.concatenate([grid, grid[:1] - miles * METRES_PER_MILE, grid[:1] + miles * METRES_PER_MILE]), MARGIN)
    shapes = [
        Shape(_path(each, paper), "here" if each.area_id == area_id else "around", each.name)
        for each in drawn
        if paper.meets(each)
    ]
    at, *others = paper.on(grid)
    labels = [Label(*other, each.number, each.words) for other, each in zip(others, places, strict=True)]
    return Map(paper, shapes, kept_apart(labels, paper), [Label(*at, "", "")])


def kept_apart(labels: Sequence[Label], paper: Paper) -> list[Label]:
    """Labels moved aside as far as each can be read, in a fixed order; those that stand alone stay where they are."""
    at = [[each.x, each.y] for each in labels]
    for _ in range(40):
        moved = False
        for one in range(len(at)):
            for other in range(one + 1, len(at)):
                moved |= _pushed(at[one], at[other])
        if not moved:
            break
    half = APART / 2
    return [
        Label(
            round(min(max(x, half), paper.width - half), 1),
            round(min(max(y, half), paper.height - half), 1),
            each.text,
            each.words,
        )
        for (x, y), each in zip(at, labels, strict=True)
    ]


def _pushed(one: list[float], other: list[float]) -> bool:
    across, down = other[0] - one[0], other[1] - one[1]
    far = math.hypot(across, down)
    if far >= APART - 0.01:
        return False
    if far == 0:
        across, down, far = 1.0, 0.0, 1.0
        short = APART / 2
    else:
        short = (APART - far) / 2
    for label, way in ((one, -1), (other, 1)):
        label[0] += way * across / far * short
        label[1] += way * down / far * short
    return True


def _path(area: Outlined, paper: Paper) -> str:
    """An area's outline as the ``d`` of a path."""
    drawn = (paper.seen(paper.on(ring)) for ring in area.rings)
    return "".join(f"M{' '.join(f'{x:g},{y:g}' for x, y in ring)}Z" for ring in drawn)


path_of = lru_cache(maxsize=PATHS)(_path)
"""The same, kept: the county's paper and an area's are the same for everybody. That around a home is not, and is not kept."""
