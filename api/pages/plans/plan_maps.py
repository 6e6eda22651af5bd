"""A plan on the map: areas by their principals' share before and after it, and movements as arrows between providers' bases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.area_outlines import Outlined
from api.pages.areas.areas_board import Range
from api.pages.drawn_maps import Map, county_map
from api.pages.plans.plan_board import AreaRow, Movement
from api.pages.plans.run_words import share
from optimiser.domain.words import people

Json = Mapping[str, Any]
KEYS = (
    ("within", "In range"),
    ("below", "Below"),
    ("above", "Above"),
    ("none", "No share"),
    ("not-live", "Not live"),
)
SHORT = 9.0
"""An arrow ends so many units before the base that it leads to, where its head is seen."""
THINNEST, THICKEST = 1.5, 4.0


@dataclass(frozen=True)
class Arrow:
    """A movement on the drawing. ``width``: by how many people."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    words: str


@dataclass(frozen=True)
class Moves:
    """The drawing of movements. ``unseen``: how many movements have a base that is not known."""

    map: Map
    arrows: list[Arrow]
    unseen: int


def by_share(
    areas: Sequence[Outlined], result: Json, rows: Sequence[AreaRow], share_range: Range
) -> tuple[Map | None, Map | None]:
    """Areas before and after a plan; the first is None for a result that does not tell of before."""
    number = {row.area_id: str(place) for place, row in enumerate(rows, start=1)}
    after = {each["area_id"]: each for each in result["areas"]}
    before = {each["area_id"]: each["share"] for each in result.get("areas_before", ())}
    now = {name: None if each["principal"] is None else each["principal"]["share"] for name, each in after.items()}

    def drawn(shares: Mapping[str, str | None]) -> Map | None:
        kinds = {
            name: (
                number[name],
                _kind(after[name], shares.get(name), share_range),
                f"{after[name]['name']}: {share(shares.get(name)) if after[name]['live'] else 'not live'}",
            )
            for name in number
        }
        return county_map(areas, kinds)

    return drawn(before) if before else None, drawn(now)


def keys_of(*maps: Map | None) -> list[tuple[str, str]]:
    """What the fillings mean: of those that a share may have all, of the others those that are there."""
    there = {shape.kind for each in maps if each is not None for shape in each.shapes}
    return [(kind, said) for kind, said in KEYS if kind in there or kind not in ("none", "not-live")]


def _kind(area: Json, told: str | None, share_range: Range) -> str:
    if not area["live"]:
        return "not-live"
    if told is None:
        return "none"
    low, _, high = share_range
    return "below" if float(told) < low else "above" if float(told) > high else "within"


def moves_drawn(
    areas: Sequence[Outlined], names: Mapping[str, str], movements: Sequence[Movement], offices: Iterable[Json]
) -> Moves | None:
    """Movements between the first offices of providers; None where there is no map. ``names``: of areas."""
    paper = county_map(areas, {area_id: ("", "around", name) for area_id, name in names.items()})
    if paper is None or not movements:
        return None
    base: dict[str, tuple[float, float]] = {}
    for office in sorted(offices, key=lambda each: str(each["office_id"])):
        ((x, y),) = paper.paper.at([(office["longitude"], office["latitude"])])
        base.setdefault(office["provider_id"], (x, y))
    arrows = [
        _arrow(base[each.from_id], base[each.to_id], each) for each in movements if each.from_id in base and each.to_id in base
    ]
    return Moves(paper, arrows, len(movements) - len(arrows))


def _arrow(start: tuple[float, float], end: tuple[float, float], told: Movement) -> Arrow:
    across, down = end[0] - start[0], end[1] - start[1]
    far = math.hypot(across, down) or 1.0
    part = max(0.0, 1 - SHORT / far)
    width = min(THICKEST, THINNEST + 0.5 * (told.people - 1))
    words = f"From {told.leaves} to {told.to}: {people(told.people)}"
    return Arrow(*start, round(start[0] + across * part, 1), round(start[1] + down * part, 1), width, words)
