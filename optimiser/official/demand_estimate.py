"""How much home care an area may need, from census counts of older people by small area: an estimate, which says so everywhere.

It knows of nobody's needs: a rate of one county, laid over how many people of an age live where.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from optimiser.boundaries.map_files import has_column, in_system, read_map
from optimiser.domain.money import whole_half_up
from optimiser.domain.records import Area
from optimiser.domain.words import hours
from optimiser.geography.outlines import Outlines
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.official.published_tables import Layout, Record, published_tables, records_of, refuse_unknown

LICENCE = "Open Government Licence v3.0; Office for National Statistics"
AGES = ("65 to 69", "70 to 74", "75 to 79", "80 to 84")
CENSUS = Layout(
    "census counts by age (ONS, TS007A by LSOA)",
    {
        "code": ("geography code", "LSOA21CD", "LSOA11CD"),
        **{age: (f"Age: Aged {age} years", f"Aged {age} years") for age in AGES},
        "85": ("Age: Aged 85 years and over", "Aged 85 years and over"),
    },
)
PEOPLE_PER_1000 = Fraction(24)
"""People with council-funded home care for each 1,000 aged 65 and over: 5,300 (2022/23) for 222,700 (2019) in Norfolk."""
HOURS_EACH = Fraction(84, 10)
"""Hours a week for each of them there: 44,500 for 5,300."""
ESTIMATE = (
    "area_id",
    "name",
    "small_areas",
    "people_65_plus",
    "people_85_plus",
    "estimated_people",
    "estimated_hours_per_week",
    "note",
)
NOTE = "an estimate from census counts, not a count of needs"


@dataclass(frozen=True)
class Estimated:
    """A row per area, by ``ESTIMATE``; and codes of small areas whose middle lies in no area, or in several."""

    rows: tuple[dict[str, str], ...]
    elsewhere: tuple[str, ...]


def estimated(
    areas: Sequence[Area], census: Path, small: Path, column: str, people_per_1000: Fraction = PEOPLE_PER_1000
) -> Estimated:
    """Each small area counts for the area in which a point well inside of it lies. Raises ``InputRefusedError``."""
    findings = Findings()
    counts = _counts(census, findings)
    if not any(area.geometry for area in areas):
        findings.fault("areas.geojson", 0, "geometry", "outlines of areas", "none")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    read = read_map(small)
    if not has_column(read, column, "--lsoa-id", small.name, findings):
        raise InputRefusedError(findings.faults)
    points = in_system(read.geometry.representative_point(), 4326)
    inside = Outlines(areas).inside_each(np.asarray(points.y), np.asarray(points.x))
    older: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    elsewhere = []
    for code, found in sorted(zip(map(str, read[column]), inside, strict=True)):
        if code not in counts:
            continue
        if len(found) != 1:
            elsewhere.append(code)
            continue
        for place, number in enumerate((1, *counts[code])):
            older[found[0]][place] += number
    if not older:
        findings.fault(
            census.name, 0, CENSUS.headings["code"][0], f"codes of small areas of {small.name} that lie in an area", "none"
        )
        raise InputRefusedError(findings.faults)
    return Estimated(tuple(_row(area, older[area.area_id], people_per_1000) for area in areas), tuple(elsewhere))


def _row(area: Area, older: list[int], people_per_1000: Fraction) -> dict[str, str]:
    people = whole_half_up(people_per_1000 * older[1] / 1000)
    minutes = whole_half_up(people * HOURS_EACH * 60)
    figures = (str(older[0]), str(older[1]), str(older[2]), str(people), hours(minutes))
    return dict(zip(ESTIMATE, (area.area_id, area.name, *figures, NOTE), strict=True))


def _counts(census: Path, findings: Findings) -> dict[str, tuple[int, int]]:
    """By code of a small area how many are 65 and over, and how many 85 and over."""
    tables = published_tables(census, findings)
    records = records_of(tables, CENSUS)
    if records is None:
        if tables:
            refuse_unknown(census, tables, [CENSUS.expected], findings)
        return {}
    found: dict[str, tuple[int, int]] = {}
    for record in records:
        numbers = [_number(record, what, findings) for what in (*AGES, "85")]
        if record["code"] in found:
            findings.fault(record.where, record.line, "geography code", "each small area once", record["code"])
        elif None not in numbers:
            whole = [number or 0 for number in numbers]
            found[record["code"]] = sum(whole), whole[-1]
    return found


def _number(record: Record, what: str, findings: Findings) -> int | None:
    text = record[what].replace(",", "")
    if text.isascii() and text.isdigit():
        return int(text)
    findings.fault(record.where, record.line, CENSUS.headings[what][0], "a whole number", record[what] or "empty")
    return None
