"""Outlines for areas that nobody has drawn: from where patients are registered, small area by small area, or from the surgeries'
neighbourhoods. Either is an estimate, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from optimiser.boundaries.map_files import has_column, in_system, read_map
from optimiser.domain.records import Surgery
from optimiser.geography.grid import to_grid
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.mapping.shapes import FINEST_METRES, Shape, joined, made_valid, polygons_of

CLOSE_SHARE = 0.5
"""A small area of whose patients no area has more than this share is told: its people are divided between areas."""


@dataclass(frozen=True)
class Derived:
    """By area id a shape on the grid. ``how``: in a sentence; ``divided``: small areas with no majority, with the best share."""

    shapes: Mapping[str, Shape]
    how: str
    divided: tuple[tuple[str, float], ...] = ()
    left_out: int = 0
    """Small areas most of whose patients are registered elsewhere."""


def by_neighbourhoods(surgeries: Sequence[Surgery], within: Path, layer: str | None = None) -> Derived:
    """Every place belongs to the area of its nearest surgery, within an outline of the county. Raises ``InputRefusedError``."""
    from geopandas import GeoSeries, points_from_xy

    outline = joined(made_valid(each) for each in in_system(read_map(within, layer), 27700).geometry if each is not None)
    findings = Findings()
    if not polygons_of(outline):
        findings.fault(within.name, 0, "", "an outline of the county", "none")
        raise InputRefusedError(findings.faults)
    grid = to_grid([each.latitude for each in surgeries], [each.longitude for each in surgeries])
    places = GeoSeries(points_from_xy(grid[:, 0], grid[:, 1]), crs=27700).drop_duplicates()
    cells = places.voronoi_polygons(tolerance=FINEST_METRES, extend_to=outline.envelope)
    nearest = [int(index) for index in cells.sindex.query(places, predicate="within")[1]]
    members: dict[str, list[Shape]] = {}
    for surgery, cell in zip(places.index.tolist(), nearest, strict=True):
        members.setdefault(surgeries[surgery].area_id, []).append(cells.iloc[cell])
    cut = {each: joined(found).intersection(outline, grid_size=FINEST_METRES) for each, found in sorted(members.items())}
    how = f"the area of the nearest of {len(places):,} surgeries as the crow flies, within {within.name}: an estimate"
    return Derived({each: shape for each, shape in cut.items() if polygons_of(shape)}, how)


def by_registrations(
    surgeries: Sequence[Surgery], counts: Mapping[str, Mapping[str, int]], small: Path, column: str, layer: str | None = None
) -> Derived:
    """Every small area belongs to the area with whose surgeries most of its patients are registered.

    ``counts``: by code of a small area, by code of a practice how many; ``column``: where the map has the codes. A small area
    counts where more than half of its patients are registered with the county's surgeries. Raises ``InputRefusedError``.
    """
    read = in_system(read_map(small, layer), 27700)
    findings = Findings()
    if not has_column(read, column, "--lsoa-id", small.name, findings):
        raise InputRefusedError(findings.faults)
    area_of = {each.surgery_id.upper(): each.area_id for each in surgeries}
    members: dict[str, list[Shape]] = {}
    divided, left_out = [], 0
    for code, shape in sorted(zip(map(str, read[column]), read.geometry, strict=True), key=lambda pair: pair[0]):
        registered = counts.get(code, {})
        by_area: dict[str, int] = {}
        for practice, patients in registered.items():
            if practice in area_of:
                by_area[area_of[practice]] = by_area.get(area_of[practice], 0) + patients
        total, ours = sum(registered.values()), sum(by_area.values())
        if 2 * ours <= total or shape is None:
            left_out += 1
            continue
        best = min(by_area, key=lambda area_id: (-by_area[area_id], area_id))
        members.setdefault(best, []).append(made_valid(shape))
        if by_area[best] <= CLOSE_SHARE * total:
            divided.append((code, by_area[best] / total))
    if not members:
        findings.fault(small.name, 0, column, "codes of small areas that the registrations name", "none of them")
        raise InputRefusedError(findings.faults)
    shapes = {area_id: joined(found) for area_id, found in sorted(members.items())}
    taken = sum(map(len, members.values()))
    how = f"{taken:,} small areas of {small.name}, each where most of its patients are registered: an estimate"
    return Derived(shapes, how, tuple(divided), left_out)
