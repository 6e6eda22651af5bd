"""A picture of a result: every area's hours by who delivers them. ``python -m optimiser.handbook.picture RESULT FILE.svg``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

LEFT, WIDE, HIGH, GAP, TOP = 230, 560, 16, 6, 62
"""Where bars begin, how long the whole is, how high a bar is and how far from the next, and where the first is; in pixels."""
PARTS = {
    "principal": ("with the principal", "#1f4e8c"),
    "framework": ("with its framework", "#5b9bd5"),
    "legacy": ("on the legacy framework", "#b9a063"),
    "unmet": ("unmet", "#a8231c"),
    "other": ("an answer is due, or an older contract", "#c9ced3"),
}
"""Each part of a bar, in order, with its words and colour."""


@dataclass(frozen=True)
class Area:
    """An area's hours in four weeks, by part."""

    name: str
    hours: Mapping[str, Decimal]

    @staticmethod
    def of(record: Mapping[str, Any]) -> Area:
        """From its record in ``result.json``."""
        hours = dict.fromkeys(PARTS, Decimal(0))
        for contract in record["contracts"]:
            if contract["tier"] in hours:
                hours[contract["tier"]] += Decimal(contract["hours_4w"])
        hours["legacy"] = Decimal(record["legacy_hours_4w"])
        hours["unmet"] = Decimal(record["unmet_hours_4w"])
        hours["other"] = max(Decimal(0), Decimal(record["demand_hours_4w"]) - sum(hours.values(), Decimal(0)))
        return Area(record["name"], hours)

    @property
    def demand(self) -> Decimal:
        return sum(self.hours.values(), Decimal(0))


def picture(result: Mapping[str, Any]) -> str:
    """A result's areas as bars of one length, parted by who delivers the hours; the marks at 65% and 75% are the principal's."""
    areas = [Area.of(record) for record in result["areas"]]
    height = TOP + len(areas) * (HIGH + GAP) + 26
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 70} {height}"',
        ' font-family="sans-serif" font-size="12">',
        f"<title>{escape(result['title'])}, as of {result['as_of']}: hours by who delivers them</title>",
        f"<metadata>{result['snapshot_digest']}</metadata>",
        f'<rect width="{LEFT + WIDE + 70}" height="{height}" fill="#ffffff"/>',
        *_legend(),
        *(line for at, area in enumerate(areas) for line in _bar(area, TOP + at * (HIGH + GAP))),
        *_marks(TOP + len(areas) * (HIGH + GAP)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _legend() -> Iterator[str]:
    x = 12
    for words, colour in PARTS.values():
        yield f'<rect x="{x}" y="12" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 16}" y="22">{words}</text>'
        x += 30 + 6 * len(words)
    yield f'<text x="{LEFT + WIDE + 8}" y="{TOP - 8}">hours</text>'


def _bar(area: Area, y: int) -> Iterator[str]:
    yield f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(area.name, quote=False)}</text>'
    x = Decimal(LEFT)
    for part, hours in area.hours.items():
        width = hours * WIDE / max(area.demand, Decimal(1))
        if width >= Decimal("0.05"):
            yield f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{HIGH}" fill="{PARTS[part][1]}"/>'
        x += width
    yield f'<text x="{LEFT + WIDE + 8}" y="{y + 12}">{area.demand:,.0f}</text>'


def _marks(bottom: int) -> Iterator[str]:
    for percent in (65, 75):
        x = LEFT + WIDE * percent / 100
        yield f'<line x1="{x:g}" y1="{TOP - 4}" x2="{x:g}" y2="{bottom}" stroke="#111111" stroke-dasharray="3 3"/>'
        yield f'<text x="{x:g}" y="{bottom + 16}" text-anchor="middle">{percent}%</text>'


def main(folder: str, file: str) -> None:
    """The picture of the result in a folder, into a file."""
    result = json.loads((Path(folder) / "result.json").read_text(encoding="utf-8"))
    Path(file).write_text(picture(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
