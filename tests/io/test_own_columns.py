"""What a council keeps in columns of its own comes back as it was: from folders, and from what the service stores."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.state.incremental_state import first_state
from api.state.stored_records import EMPTY, KeptSettings, stock_of, with_written
from optimiser.domain.policy import ProcurementSettings, TransferPolicy
from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.io.area_files import PROPERTIES
from optimiser.io.exporting import snapshot_files, write_snapshot
from optimiser.io.headings import folded
from optimiser.io.reading import read_snapshot
from optimiser.io.record_cells import KINDS, id_column
from optimiser.io.schema import TABLES
from tests.making.folders import Folder, faults_of, notes_of

PACKAGES = "packages.csv"
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6) | st.sampled_from(
    ["=1+1", "+44", "-", "@x", "'=1", "a\rb", "\r\n", '"', ",", " ", "\ufeff", "null", "package_id", "\u2028"]
)
TRANSFERS = st.builds(
    TransferPolicy,
    max_waves=st.integers(0, 500),
    destabilisation_limit=st.none() | st.integers(0, 8).map(lambda part: Fraction(part, 8)),
    direct_payment_rate_pence=st.none() | st.integers(0, 100_000),
    blackouts=st.sampled_from([(), (((8, 1), (9, 1)),), (((2, 1), (3, 1)), ((12, 18), (1, 6)))]),
    extra_holidays=st.sets(st.dates()).map(lambda days: tuple(sorted(days))),
    wave_weekday=st.sampled_from(["", "mon", "fri"]),
    stay_alone=st.booleans(),
)
PROCUREMENTS = st.builds(ProcurementSettings, gap_months=st.integers(0, 120), tender_days=st.integers(0, 3660))
KNOWN = {kind: {column.name for column in TABLES[f"{kind}.csv"]} for kind in KINDS} | {"areas": {name for name, _ in PROPERTIES}}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A small county with records of every kind."""
    return read_snapshot(Folder.make(tmp_path_factory.mktemp("own") / "county").path).snapshot


def ids_of(snapshot: Snapshot, kind: str) -> list[str]:
    name = "area_id" if kind == "areas" else id_column(kind)
    return [getattr(record, name) for record in getattr(snapshot, kind)]


@st.composite
def own_columns(draw: st.DrawFn, kind: str, ids: list[str]) -> OwnColumns:
    headings = TEXT.filter(lambda title: folded(title) and title not in KNOWN[kind])
    titles = draw(st.lists(headings, min_size=1, max_size=3, unique=True))
    cells = st.dictionaries(st.sampled_from(titles), TEXT.filter(bool), min_size=1)
    return OwnColumns(tuple(titles), draw(st.dictionaries(st.sampled_from(ids), cells, max_size=4)))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_stands_in_columns_of_its_own_comes_back(
    county: Snapshot, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(KNOWN)), min_size=1, max_size=4, unique=True))
    extra = {kind: data.draw(own_columns(kind, ids_of(county, kind))) for kind in kinds}
    snapshot = replace(county, extra=extra, transfer=data.draw(TRANSFERS), procurement=data.draw(PROCUREMENTS))
    folder = tmp_path_factory.mktemp("out") / "again"
    write_snapshot(snapshot, folder)
    again = read_snapshot(folder).snapshot
    assert again == snapshot
    assert again.digest() == replace(county, procurement=snapshot.procurement).digest()
    rows = [
        (kind, each, 1, orjson.loads(orjson.dumps(body)))
        for kind, stock in stock_of(snapshot).items()
        for each, body in stock.items()
    ]
    stored = first_state(1, with_written(EMPTY, rows), snapshot.as_of, snapshot.title, KeptSettings.of(snapshot)).snapshot
    assert stored == snapshot
    assert snapshot_files(stored) == snapshot_files(snapshot)


def test_they_stand_behind_the_columns_of_the_format_in_their_order_and_to_the_letter(folder: Folder, tmp_path: Path) -> None:
    rows = [row | {"zeta": f"=A{n}", "alpha": "", "": f"+{n}"} for n, row in enumerate(folder.rows("rates.csv"))]
    folder.put("rates.csv", rows, ["zeta", *folder.header("rates.csv"), "alpha", ""])
    write_snapshot(read_snapshot(folder.path).snapshot, tmp_path / "out")
    header, *lines = csv.reader(io.StringIO((tmp_path / "out" / "rates.csv").read_text(encoding="utf-8")))
    assert header == ["contract_id", "starts", "rate_band_1", "rate_band_2", "rate_band_3", "zeta", "alpha", ""]
    assert [line[5:] for line in lines] == [[f"=A{n}", "", f"+{n}"] for n in range(3)]


def test_a_column_of_a_table_without_rows_is_kept(folder: Folder, tmp_path: Path) -> None:
    for name in ("rates.csv", "offers.csv"):
        folder.put(name, [], [*folder.header(name), "our_line"])
    write_snapshot(read_snapshot(folder.path).snapshot, tmp_path / "out")
    assert (tmp_path / "out" / "rates.csv").read_text(encoding="utf-8").endswith(",our_line\n")
    assert (tmp_path / "out" / "offers.csv").read_text(encoding="utf-8").endswith(",our_line\n")


def test_properties_of_areas_are_texts(folder: Folder, tmp_path: Path) -> None:
    features = folder.features()
    features[0]["properties"] |= {"OBJECTID": 7, "nothing": None, "tags": ["a", 1.5], "ward": "=Ward"}
    features[2]["properties"] |= {"ward": "", "OBJECTID": 0}
    folder.areas(features)
    snapshot = read_snapshot(folder.path).snapshot
    cells = {"A1": {"OBJECTID": "7", "tags": '["a", 1.5]', "ward": "=Ward"}, "A3": {"OBJECTID": "0"}}
    assert snapshot.extra == {"areas": OwnColumns(("OBJECTID", "nothing", "tags", "ward"), cells)}
    assert notes_of(folder)[0] == "areas.geojson: unknown property 'OBJECTID' is kept and ignored"
    write_snapshot(snapshot, tmp_path / "out")
    written = json.loads((tmp_path / "out" / "areas.geojson").read_text(encoding="utf-8"))["features"][0]["properties"]
    assert written["ward"] == "=Ward"
    assert written["nothing"] is None
    assert read_snapshot(tmp_path / "out").snapshot == snapshot


def test_what_is_too_much_to_keep_is_refused_and_shows_nobody(folder: Folder) -> None:
    header, rows = folder.header(PACKAGES), folder.rows(PACKAGES)
    folder.put(PACKAGES, rows, [*header, *(f"c{n}" for n in range(101))])
    assert [fault.expected for fault in faults_of(folder)] == ["at most 100 columns that the format does not know"]
    folder.put(PACKAGES, [rows[0] | {"note": "Mary Brown " * 1000}, *rows[1:]], [*header, "note"])
    told = [fault.message() for fault in faults_of(folder) if fault.file == PACKAGES]
    assert told == ["packages.csv, line 2, column 20: expected at most 10,000 characters; found a longer text"]
    folder.put(PACKAGES, rows, [*header, "Mary Brown " * 10])
    told = [fault.message() for fault in faults_of(folder)]
    assert told == ["packages.csv, line 1, column 20: expected a heading of at most 100 characters; found 'a longer one'"]


def test_half_a_character_in_a_property_is_refused_and_so_are_too_many_properties(folder: Folder) -> None:
    features = folder.features()
    features[1]["properties"]["ward"] = "\ud800"
    folder.areas(features)
    assert [fault.column for fault in faults_of(folder)] == ["feature 2"]
    features[1]["properties"] |= {f"p{n}": n for n in range(101)}
    folder.areas(features)
    assert "at most 100 properties" in faults_of(folder)[0].expected
