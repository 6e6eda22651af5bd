"""Reads the facts under `data/facts/`: areas, surgeries, places and the outline of the county."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from .flat import Point


@dataclass(frozen=True, slots=True)
class Area:
    """A PCN area: code, name, when it goes live, and how many older people it has."""

    area_id: str
    name: str
    region: str
    go_live: str
    people_65: int


@dataclass(frozen=True, slots=True)
class Surgery:
    """A practice or branch, and the older people to whom it is the nearest site."""

    surgery_id: str
    name: str
    area_id: str
    at: Point
    people_65: int


@dataclass(frozen=True, slots=True)
class Place:
    """A town or village."""

    name: str
    at: Point
    inhabitants: int
    people_65: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is read from `data/facts/`."""

    areas: tuple[Area, ...]
    surgeries: tuple[Surgery, ...]
    places: tuple[Place, ...]
    outline: tuple[Point, ...]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def point(row: dict[str, str]) -> Point:
    return Point(float(row["latitude"]), float(row["longitude"]))


def read_facts(folder: Path) -> Facts:
    return Facts(
        areas=tuple(
            Area(r["area_id"], r["name"], r["region"], r["go_live"], int(r["people_65"])) for r in rows(folder / "areas.csv")
        ),
        surgeries=tuple(
            Surgery(r["surgery_id"], r["name"], r["area_id"], point(r), int(r["people_65"]))
            for r in rows(folder / "surgeries.csv")
        ),
        places=tuple(
            Place(r["name"], point(r), int(r["inhabitants"] or 0), int(r["people_65"])) for r in rows(folder / "places.csv")
        ),
        outline=tuple(point(r) for r in rows(folder / "outline.csv")),
    )
