"""Every table for people: no text in it is a formula, numbers are numbers, and what we read again is as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import optimiser
from optimiser.allocating.report import allocation_files
from optimiser.allocating.story import Allocation, allocate
from optimiser.domain.snapshot import Snapshot
from optimiser.io.moves import with_placements
from optimiser.io.spreadsheets import FORMULA, exact_table, spreadsheet, spreadsheet_of_lines
from optimiser.reoptimising.report import changes_table
from optimiser.reoptimising.story import reoptimise
from optimiser.whatif.compare.indicators import Indicator
from optimiser.whatif.compare.story import Column, Table, table_csv
from optimiser.whatif.stress.report import stress_record, stress_table
from tests.making.transfers import small_county

HERE = Path(optimiser.__file__).parent
FORMULA_ID, FORMULA_NAME = "=1+1", "@SUM(A1)"


@pytest.fixture(scope="module")
def county() -> Snapshot:
    """A county with an id and a name that spreadsheets would compute."""
    small = small_county({"A1": {"package_id": FORMULA_ID, "status": "new", "contract_id": "", "round_id": ""}})
    return replace(small, providers=tuple(replace(each, name=FORMULA_NAME) for each in small.providers))


@pytest.fixture(scope="module")
def allocation(county: Snapshot) -> Allocation:
    return allocate(county)


def text_cells(table: bytes) -> Iterator[str]:
    """The cells that are no numbers."""
    for line in csv.reader(io.StringIO(table.decode(), newline="")):
        for cell in line:
            try:
                float(cell)
            except ValueError:
                yield cell


def is_safe(table: bytes) -> bool:
    return not any(cell.startswith(FORMULA) for cell in text_cells(table))


def test_an_allocation_is_read_again_so_its_ids_are_exact(tmp_path: Path, county: Snapshot, allocation: Allocation) -> None:
    table = allocation_files(allocation, {})["allocations.csv"]
    assert f"\n{FORMULA_ID},placed," in table.decode()
    (tmp_path / "allocations.csv").write_bytes(table)
    placed = {each.package_id: each.contract_id for each in with_placements(county, tmp_path).packages}
    assert placed[FORMULA_ID]


def test_the_sentences_of_an_allocation_are_safe(allocation: Allocation) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("optimiser.explaining.packages.Explainer.explain", lambda *_: {"reason": f"{FORMULA_NAME} is near."})
        table = allocation_files(allocation, {})["allocations.csv"].decode()
    assert f",'{FORMULA_NAME} is near." in table


def test_a_list_of_changes_is_safe(county: Snapshot) -> None:
    made = reoptimise(county, max_moves=0)
    assert is_safe(changes_table(made))
    assert f"1,'{FORMULA_ID},place" in changes_table(made).decode()


def test_a_comparison_is_safe_in_its_headings_too(county: Snapshot) -> None:
    figures = (Indicator("unmet", "people", "0"),)
    column = Column("=HYPERLINK()", county.as_of, "digest", figures, all_proven=True, who_comes_last={})
    assert table_csv(Table(county, (column, column), complete=True)) == (
        b"indicator,unit,'=HYPERLINK(),'=HYPERLINK()\nunmet,people,0,0\n"
    )


def test_a_stress_is_safe_and_its_savings_are_numbers(county: Snapshot) -> None:
    record = stress_record(optimiser.stress(county))
    record["failures"][0]["more_weekly_cost_gbp"] = "-12.50"
    table = stress_table(record)
    assert is_safe(table)
    assert f"'{FORMULA_NAME}" in table.decode()
    assert ",-12.50," in table.decode()


def test_numbers_stay_numbers_and_exact_tables_are_exact() -> None:
    assert spreadsheet(("a", "b"), [{"a": -3, "b": "-3"}, {"b": 1.5}]) == b"a,b\n-3,'-3\n,1.5\n"
    assert spreadsheet_of_lines(["=a", "=a"], [[1, 2]]) == b"'=a,'=a\n1,2\n"
    assert exact_table(["a"], [["=1"]]) == b"a\n=1\n"


def test_no_other_place_writes_csv() -> None:
    places = [file for file in HERE.rglob("*.py") if "csv.writer" in (text := file.read_text("utf-8")) or "DictWriter" in text]
    assert [file.name for file in places] == ["spreadsheets.py"]
