"""Results as one workbook: every table in it, figures as figures, text as text."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from optimiser.io.faults import InputRefusedError
from optimiser.io.result_workbook import result_workbook
from tests.commands.running import run


def sheets(raw: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


def test_a_result_stands_in_it_table_by_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "allocate", "data/three_villages", "--out", tmp_path / "out", "--quiet").code == 0
    assert run(capsys, "workbook", tmp_path / "out", tmp_path / "out.xlsx").code == 0
    raw = (tmp_path / "out.xlsx").read_bytes()
    assert raw == result_workbook(tmp_path / "out")
    found = sheets(raw)
    assert list(found) == ["about", "levels", "allocations"]
    lines = list(csv.reader(io.StringIO((tmp_path / "out" / "allocations.csv").read_text("utf-8"))))
    assert len(found["allocations"]) == len(lines) == 13
    first = dict(zip(lines[0], found["allocations"][1], strict=True))
    assert (first["package_id"], first["moved"]) == ("N1", False)
    cost = lines[0].index("weekly_cost_gbp")
    assert [float(line[cost] or 0) for line in lines[1:]] == [row[cost] or 0 for row in found["allocations"][1:]]
    assert [row[0] for row in found["levels"]][1:4] == ["unmet_urgent", "unmet_discharge", "unmet"]
    assert (tmp_path / "out.xlsx").stat().st_mode & 0o777 == 0o600


def test_dates_are_dates_and_what_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    (tmp_path / "waves.csv").write_text(
        "wave_id,date,hours,person,note,old,code\n1,2026-12-01,5.25,007,'=1+1,1500-01-01,0012\n2,2026-12-08,60,12,+44,,7\n",
        encoding="utf-8",
    )
    assert sheets(result_workbook(tmp_path))["waves"][1:] == [
        ["1", dt.date(2026, 12, 1), 5.25, "007", "=1+1", "1500-01-01", "0012"],
        ["2", dt.date(2026, 12, 8), 60.0, "12", "+44", "", "7"],
    ]


def test_what_is_no_result_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputRefusedError):
        result_workbook(tmp_path / "nowhere")
    ran = run(capsys, "workbook", tmp_path, tmp_path / "out.xlsx")
    assert (ran.code, "a folder with results" in ran.err, list(tmp_path.iterdir())) == (2, True, [])
    (tmp_path / "waves.csv").write_text("wave\n1\n", encoding="utf-8")
    (tmp_path / "result.json").write_text("{", encoding="utf-8")
    assert "well-formed JSON" in run(capsys, "workbook", tmp_path, tmp_path / "out.xlsx").err
    assert run(capsys, "workbook", tmp_path, tmp_path / "out.csv").code == 2
