"""Cells and JSON: every column has a form, and the way there and back loses nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from api.http.conversion import NotThisTypeError, cell_of, columns_of, json_of
from api.http.forms import FORMS
from api.packages import schemas as packages
from api.records.schemas import SCHEMAS
from optimiser.io.reading import read_snapshot
from optimiser.io.record_cells import EXTRA, KINDS, cells_of, record_of


def test_every_column_has_a_form_and_every_form_a_column() -> None:
    assert {column for kind in (*KINDS, "areas") for column in columns_of(kind)} == set(FORMS)


@pytest.mark.parametrize(
    ("kind", "model", "more"),
    [
        ("packages", packages.Package, {"call_off_id", "situation", "accepted_contract_id"}),
        ("visits", packages.Visit, {"package_id"}),
        ("providers", SCHEMAS["providers"].shown, {"offices", "location_ids", "cqc_rating_is"}),
        ("contracts", SCHEMAS["contracts"].shown, set()),
        ("rates", SCHEMAS["rates"].shown, {"rate_id"}),
        ("restrictions", SCHEMAS["restrictions"].shown, {"lacks"}),
        ("areas", SCHEMAS["areas"].shown, {"outline"}),
    ],
)
def test_a_resource_has_the_columns_of_its_file(kind: str, model: type[BaseModel], more: set[str]) -> None:
    assert set(model.model_fields) ^ set(columns_of(kind)) == {*more, EXTRA}


@pytest.mark.parametrize("folder", ["data/three_villages", "data/demonstration"])
def test_every_cell_comes_back_from_json(folder: str) -> None:
    snapshot = read_snapshot(Path(folder)).snapshot
    for kind in KINDS:
        for record in getattr(snapshot, kind)[:500]:
            cells = cells_of(kind, record)
            written = {name: cell_of(name, json_of(name, cell)) for name, cell in cells.items()}
            assert record_of(kind, written) == record


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_decimals_are_exact(whole: int, millionths: int) -> None:
    number = Decimal(whole) + Decimal(millionths) / 10**6
    cell = cell_of("max_hours_4w", float(number))
    assert Decimal(cell) == number
    assert Decimal(cell_of("max_hours_4w", json_of("max_hours_4w", cell))) == number


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("max_hours_4w", float("nan")),
        ("max_hours_4w", float("-inf")),
        ("max_hours_4w", 10**400),
        ("max_hours_4w", "5"),
        ("max_hours_4w", False),
        ("band_centre", 1),
        ("skills", "medication"),
        ("skills", [" medication"]),
        ("skills", ["a"] * 101),
        ("skills", [1]),
        ("bands", ["1"]),
        ("reason", ""),
        ("reason", 7),
        ("reason", "carriage\rreturn"),
        ("reason", "nothing \x00"),
        ("reason", "half \udc00"),
    ],
)
def test_another_type_is_never_bent_into_the_right_one(column: str, value: Any) -> None:
    with pytest.raises(NotThisTypeError):
        cell_of(column, value)
