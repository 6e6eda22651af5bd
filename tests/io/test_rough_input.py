"""Rubbish anywhere in any file: it is refused in good order, or accepted and usable. Nothing else is ever raised."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.county import County
from optimiser.domain.policy import Policy
from optimiser.io.faults import InputRefusedError
from optimiser.io.reading import read_snapshot
from tests.making.folders import REQUIRED, TABLES, Folder, area

NAMES = sorted({*REQUIRED, *TABLES})
SETTING_NAMES = sorted(Policy.__dataclass_fields__)


def survives(spoil: Callable[[Folder], object]) -> None:
    """A spoiled folder is refused with faults that can be printed, or accepted and a county can be made of it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Folder.make(Path(place) / "county")
        spoil(folder)
        try:
            reading = read_snapshot(folder.path)
        except InputRefusedError as refused:
            assert refused.faults
            for fault in refused.faults:
                assert fault.file in {*NAMES, "county"}
                assert fault.expected
                assert "\n" not in fault.message(show_values=True)
        else:
            assert len(reading.snapshot.digest()) == 64
            assert len(County.of(reading.snapshot).packages) == len(reading.snapshot.packages)


@settings(max_examples=200)
@given(
    name=st.sampled_from(NAMES),
    place=st.floats(0, 1),
    length=st.sampled_from([0, 0, 1, 3, 40, 10_000]),
    rubbish=st.binary(max_size=12)
    | st.sampled_from([b'"', b"\n", b",", b"\r", b"\x00", b"\xef\xbb\xbf", b"[" * 3000, b'\\ud800"']),
)
def test_random_bytes_in_a_random_place(name: str, place: float, length: int, rubbish: bytes) -> None:
    def spoil(folder: Folder) -> None:
        content = (folder.path / name).read_bytes()
        at = round(place * len(content))
        folder.write(name, content[:at] + rubbish + content[at + length :])

    survives(spoil)


CELLS = (
    st.text(max_size=20)
    | st.integers().map(str)
    | st.floats().map(str)
    | st.dates().map(str)
    | st.datetimes(timezones=st.none() | st.timezones()).map(str)
    | st.times().map(str)
    | st.sampled_from(["", "A1", "C1", "N1", "ALDER", "true", "new", "active", "-0", "1;2", "0001-01-01", "nan", "1e5", "=1+1"])
)


@settings(max_examples=150)
@given(name=st.sampled_from(sorted(TABLES)), data=st.data())
def test_random_cells_in_random_places(name: str, data: st.DataObject) -> None:
    def spoil(folder: Folder) -> None:
        rows, header = folder.rows(name), folder.header(name)
        for _ in range(data.draw(st.integers(1, 4))):
            data.draw(st.sampled_from(rows))[data.draw(st.sampled_from(header))] = data.draw(CELLS)
        folder.put(name, rows)

    survives(spoil)


@settings(max_examples=60)
@given(name=st.sampled_from(sorted(TABLES)), data=st.data())
def test_random_headings_and_ragged_rows(name: str, data: st.DataObject) -> None:
    def spoil(folder: Folder) -> None:
        lines = folder.text(name).splitlines()
        at = data.draw(st.integers(0, len(lines) - 1))
        cells = lines[at].split(",")
        change = data.draw(st.sampled_from(["drop", "add", "swap"]))
        where = data.draw(st.integers(0, len(cells) - 1))
        if change == "drop":
            del cells[where]
        elif change == "add":
            cells.insert(where, data.draw(st.sampled_from(["x", "", "area_id", "reason"])))
        else:
            cells[where], cells[-1] = cells[-1], cells[where]
        lines[at] = ",".join(cells)
        folder.write(name, "\n".join(lines))

    survives(spoil)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NUMBERS = st.floats(-7, 56) | st.integers(-7, 56)
RINGS = st.lists(st.lists(NUMBERS, min_size=1, max_size=3), max_size=7)


@settings(max_examples=100)
@given(
    part=st.sampled_from(["feature", "properties", "area_id", "name", "region", "go_live", "geometry", "coordinates"]), value=JSON
)
def test_random_json_in_a_feature(part: str, value: Any) -> None:
    def spoil(folder: Folder) -> None:
        feature: Any = area("A4", 1.6, None)
        if part == "feature":
            feature = value
        elif part in ("properties", "geometry"):
            feature[part] = value
        else:
            feature["geometry" if part == "coordinates" else "properties"][part] = value
        folder.write("areas.geojson", json.dumps({"type": "FeatureCollection", "features": [*folder.features(), feature]}))

    survives(spoil)


@settings(max_examples=80)
@given(kind=st.sampled_from(["Polygon", "MultiPolygon"]), rings=st.lists(RINGS, max_size=3), close=st.booleans())
def test_random_rings(kind: str, rings: list[list[list[float]]], *, close: bool) -> None:
    def spoil(folder: Folder) -> None:
        closed = [[*ring, ring[0]] if close and ring else ring for ring in rings]
        feature = area("A4", 1.6, None)
        feature["geometry"] = {"type": kind, "coordinates": closed if kind == "Polygon" else [closed]}
        folder.areas([*folder.features(), feature])

    survives(spoil)


TOML = (
    st.integers(-(10**12), 10**6).map(str)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-5, max_value=1005).map(str)
    | st.sampled_from(
        ["true", "false", "nan", "inf", "-inf", "[]", "{}", '""', "2026-11-23", "0x1F", "1e3", '["poor"]', "[1, 2.5]"]
    )
)


@settings(max_examples=100)
@given(lines=st.dictionaries(st.sampled_from(SETTING_NAMES), TOML, max_size=5))
def test_random_settings(lines: dict[str, str]) -> None:
    survives(lambda folder: folder.policy("\n".join(f"{name} = {value}" for name, value in lines.items())))


@settings(max_examples=60)
@given(name=st.sampled_from(NAMES), content=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_a_file_of_nothing_but_rubbish(name: str, content: bytes) -> None:
    survives(lambda folder: folder.write(name, content))
