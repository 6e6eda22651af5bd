"""A small county as a folder of files: valid as it is made, and easy to spoil one cell at a time."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import Fault, InputRefusedError
from optimiser.io.reading import read_snapshot

Row = dict[str, str]

SETTINGS = 'as_of = 2026-11-23\ntitle = "Three small areas"\n'

TABLES = {
    "surgeries.csv": """\
surgery_id,name,area_id,latitude,longitude,band_centre
S1,Market Place Surgery,A1,52.60,1.10,true
S2,Ford Lane Surgery,,52.60,1.30,false
""",
    "providers.csv": """\
provider_id,name,cqc_rating,pamms_rating,pamms_published,skills,max_hours_4w,max_distance_miles
ALDER,Alder Care,good,good,2026-03-02,double_handed;dementia,,
BIRCH,Birch Care,outstanding,,,dementia,,20
CEDAR,Cedar Care,good,excellent,2026-01-12,double_handed,900.5,
DOGWOOD,Dogwood Care,not_rated,,,tracheostomy,120,12.5
""",
    "locations.csv": """\
location_id,provider_id,name,cqc_rating,cqc_rated
1-11,CEDAR,Cedar House,good,2025-11-03
1-12,BIRCH,Birch Lodge,outstanding,
""",
    "offices.csv": """\
office_id,provider_id,latitude,longitude
OF1,ALDER,52.61,1.11
OF2,ALDER,52.60,1.30
OF3,BIRCH,52.59,1.12
OF4,CEDAR,52.62,1.25
OF5,DOGWOOD,52.58,1.15
""",
    "contracts.csv": """\
contract_id,provider_id,tier,area_id,starts,ends,max_hours_4w,guarantee,rate_band_1,rate_band_2,rate_band_3,bands,billing_increment_minutes
C1,ALDER,principal,A1,2026-04-01,2032-04-01,200,0.80,24.00,,,,15
C2,BIRCH,framework,A1,2026-04-01,,80,,25.00,26.50,28.00,,15
C3,CEDAR,framework,A1,2026-04-01,,60.25,,25.40,,27.00,1;2,15
C4,DOGWOOD,framework,A1,,,60,,24.90,,,,
C5,BIRCH,legacy,,2019-11-01,2029-04-01,,,27.00,,,,5
C6,CEDAR,legacy,A2,2019-11-01,2027-04-01,100,0.5,26.12,,,,5
""",
    "rates.csv": """\
contract_id,starts,rate_band_1,rate_band_2,rate_band_3
C1,2026-04-08,25.50,27.00,
C5,2027-04-01,26.00,,29.25
C6,2026-04-01,26.40,,
""",
    "restrictions.csv": """\
restriction_id,provider_id,area_id,starts,ends,kind,new_hours_4w,reason
X1,DOGWOOD,,2026-10-01,,capped,40,new manager
X2,BIRCH,A2,2026-09-01,2026-12-24,no_new_work,,late visits
""",
    "packages.csv": """\
package_id,latitude,longitude,area_id,status,hours_per_week,visits_per_week,workers,skills,priority,start_by,contract_id,round_id,protected,transfer_decision,excluded_provider_ids,requested_at,source,care_started
N1,52.605,1.105,A1,new,7,14,1,,urgent,2026-11-20,,,,,,2026-11-19T10:15:00,acute_hospital,
N2,52.62,1.15,A1,new,10.5,14,1,dementia,discharge,2026-11-25,,,,,CEDAR,2026-11-21T16:40:00,community_hospital,
N3,52.59,1.12,,new,5.25,7,1,,standard,,,,,,,,community,
N4,52.64,1.18,A1,new,14,14,2,tracheostomy,planned,2027-01-04,,,,,,,,
N5,52.60,1.14,A1,new,3.5,7,1,,standard,,,,,,,,reablement,
N6,52.61,1.35,A2,new,7,7,1,,discharge,,,,,,,,short_term_bed,
R1,52.61,1.09,A1,active,21,14,2,,standard,,C1,RD1,,,,,,2026-05-04
R2,52.60,1.08,A1,active,14,14,1,,standard,,C2,,end_of_life,,,,,2026-06-01
R3,52.60,1.32,A2,active,10,10,1,,standard,,C6,,,suitable,BIRCH;DOGWOOD,,,2026-02-02
R4,52.60,1.50,A3,active,8.75,7,1,,planned,,C5,,,not_suitable,,,,2025-10-06
""",
    "visits.csv": """\
visit_id,package_id,days,earliest_start,latest_start,duration_minutes,workers
V1,N1,mon;tue;wed;thu;fri;sat;sun,07:00,09:00,30,1
V2,N1,mon;tue;wed;thu;fri;sat;sun,17:00:00,19:00,30,1
V3,R1,mon;tue;wed;thu;fri;sat;sun,07:30,09:30,60,2
V4,R1,mon;tue;wed;thu;fri;sat;sun,16:30,18:30,60,1
""",
    "rounds.csv": """\
round_id,provider_id,area_id,staff,staff_hours_per_week
RD1,ALDER,A1,2,46.5
""",
    "offers.csv": """\
offer_id,package_id,contract_id,offered_at,responded_at,response,reason
OF1,N2,C1,2026-11-21T17:00:00,2026-11-22T09:30:00,declined,time_of_day
OF2,N5,C2,2026-11-23T08:45:00,,,
OF3,N6,C6,2026-11-20 09:00,2026-11-20 15:10,accepted,
OF4,R1,C1,2026-04-20T09:00:00,2026-04-20T11:00:00,accepted,
""",
    "meanwhile.csv": """\
package_id,where,holds,holds_until,carer,checked_by,next_check,recorded_at,choice,choice_until,chosen_by,approved_by,choice_reason
R1,hospital,the ward keeps the bed,2026-11-26,none,hospital desk,2026-11-24,2026-11-22T11:00:00,,,,,
R3,home_with_carer,a daughter cooks,,strained,community desk,2026-11-27,2026-11-20T09:00:00,interim_bed,2026-12-18,manager,,
""",
    "decisions.csv": """\
decision_id,package_id,move,to_provider_id,decision,why,decided_by,decided_on,valid_to
DE1,R4,transfer,ALDER,not_suitable,settled where she is,social worker,2026-10-01,2027-04-01
""",
    "answers.csv": """\
answer_id,package_id,provider_id,answer,given_by,advocate,answered_at,reason
AN1,R3,CEDAR,yes,self,not_needed,2026-11-20T16:00:00,
""",
}
OF_PEOPLE = ("packages.csv", "visits.csv", "offers.csv", "meanwhile.csv", "decisions.csv", "answers.csv")
REQUIRED = ("snapshot.toml", "areas.geojson", "surgeries.csv", "providers.csv", "offices.csv", "contracts.csv", "packages.csv")


def square(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """A closed ring, longitude first."""
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def area(area_id: str, west: float, go_live: str | None) -> dict[str, Any]:
    """A Feature: an area with a square outline, a fifth of a degree wide."""
    return {
        "type": "Feature",
        "properties": {"area_id": area_id, "name": f"Area {area_id}", "region": "Example", "go_live": go_live},
        "geometry": {"type": "Polygon", "coordinates": [square(west, 52.5, round(west + 0.2, 1), 52.7)]},
    }


def rows_of(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text)))


def csv_text(header: Iterable[str], rows: Iterable[Row], line_end: str = "\n") -> str:
    """Rows as the text of a file."""
    table = io.StringIO()
    writer = csv.DictWriter(table, list(header), lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue()


@dataclass
class Folder:
    """The small county on disk. Every change is written at once."""

    path: Path

    @staticmethod
    def make(path: Path) -> Folder:
        """Write the small county, whole and valid, into a new folder."""
        path.mkdir()
        for name, text in TABLES.items():
            (path / name).write_text(text, encoding="utf-8")
        (path / "snapshot.toml").write_text(SETTINGS, encoding="utf-8")
        folder = Folder(path)
        folder.areas([area("A1", 1.0, "2026-04-01"), area("A2", 1.2, "2027-03-01"), area("A3", 1.4, None)])
        return folder

    def text(self, name: str) -> str:
        return (self.path / name).read_bytes().decode()

    def write(self, name: str, content: str | bytes) -> None:
        (self.path / name).write_bytes(content.encode() if isinstance(content, str) else content)

    def rows(self, name: str) -> list[Row]:
        return rows_of(self.text(name))

    def put(self, name: str, rows: list[Row], header: Iterable[str] | None = None) -> None:
        """Write a table anew; the header as it was, unless another is given."""
        self.write(name, csv_text(header or self.header(name), rows))

    def header(self, name: str) -> list[str]:
        return next(csv.reader([self.text(name).split("\n", 1)[0]]))

    def change(self, name: str, row_id: str, /, **cells: str) -> int:
        """Change cells of the row with this id; the number of its line."""
        rows = self.rows(name)
        key = self.header(name)[0]
        index = next(index for index, row in enumerate(rows) if row[key] == row_id)
        rows[index] |= cells
        self.put(name, rows)
        return index + 2

    def add(self, name: str, like: str, /, **cells: str) -> int:
        """Add a row that is like another but for these cells; the number of its line."""
        rows = self.rows(name)
        key = self.header(name)[0]
        rows.append({**next(row for row in rows if row[key] == like), **cells})
        self.put(name, rows)
        return len(rows) + 1

    def drop(self, name: str, *row_ids: str) -> None:
        key = self.header(name)[0]
        self.put(name, [row for row in self.rows(name) if row[key] not in row_ids])

    def features(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.text("areas.geojson"))["features"]
        return found

    def areas(self, features: list[dict[str, Any]]) -> None:
        self.write("areas.geojson", json.dumps({"type": "FeatureCollection", "features": features}))

    def policy(self, lines: str) -> None:
        self.write("snapshot.toml", f"{SETTINGS}[policy]\n{lines}\n")


def faults_of(folder: Folder) -> list[Fault]:
    """Every fault for which the folder is refused."""
    with pytest.raises(InputRefusedError) as refused:
        read_snapshot(folder.path)
    return refused.value.faults


def the_fault(folder: Folder) -> Fault:
    """The one fault for which the folder is refused: nothing else may be blamed on the way."""
    faults = faults_of(folder)
    assert len(faults) == 1, "\n".join(fault.message(show_values=True) for fault in faults)
    return faults[0]


def notes_of(folder: Folder) -> list[str]:
    return [note.message() for note in read_snapshot(folder.path).notes]


def accepted(folder: Folder) -> Snapshot | None:
    """The snapshot, or None when the folder is refused. Anything else that is raised is a crash."""
    try:
        return read_snapshot(folder.path).snapshot
    except InputRefusedError:
        return None


def shuffled(folder: Folder, seed: int) -> None:
    """Rows and columns of every table, and the areas, in another order."""
    dice = random.Random(seed)
    for name in TABLES:
        rows, header = folder.rows(name), folder.header(name)
        dice.shuffle(rows)
        dice.shuffle(header)
        folder.put(name, rows, header)
    features = folder.features()
    folder.areas(dice.sample(features, len(features)))
