"""A run's plan as a workbook: the figures that its result has, and no more than its reader is told."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from api.state.store import Store
from tests.api.conftest import Served, serving
from tests.api.runs.working import claimed, settings_of, start, work_here
from tests.api.talking import code

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def served(store: Store) -> Iterator[Served]:
    """A server that works on no runs of its own: the test does."""
    with serving(settings_of(store, run_workers=0)) as running:
        yield running


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@SQLITE
def test_an_allocation(served: Served, store: Store) -> None:
    with served.client("planner") as client, served.client("job") as job, served.client("viewer") as viewer:
        run_id = start(client)["run_id"]
        address = f"/v1/runs/{run_id}/workbook"
        assert code(client.get(address)) == (409, "no_result")
        work_here(store, claimed(store))
        answer, result = client.get(address), client.get(f"/v1/runs/{run_id}/result").json()
        assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
        assert answer.headers["content-disposition"] == f'attachment; filename="run-{run_id}.xlsx"'
        assert answer.content == client.get(address).content, "the same bytes for the same result"
        told = sheets(answer.content)
        head, *rows = told["proposals"]
        assert [row[head.index("package_id")] for row in rows] == [each["package_id"] for each in result["proposals"]]
        costs = [row[head.index("weekly_cost_gbp")] or None for row in rows]
        assert costs == [each["weekly_cost_gbp"] for each in result["proposals"]]
        levels = told["levels"]
        assert [row[levels[0].index("name")] for row in levels[1:]] == [each["name"] for each in result["result"]["levels"]]
        areas = told["areas"]
        assert [row[0] for row in areas[1:]] == [each["area_id"] for each in result["result"]["areas"]]
        about = {row[0]: row[1] for row in told["about"][1:]}
        assert about["snapshot_digest"] == result["result"]["snapshot_digest"]
        assert code(viewer.get(address)) == (403, "forbidden")
        assert code(job.get(address)) == (403, "forbidden"), "another's run"


@SQLITE
def test_a_run_whose_result_holds_its_tables_and_its_page(served: Served, store: Store) -> None:
    with served.client("transition") as client:
        run_id = start(client, kind="stress")["run_id"]
        work_here(store, claimed(store))
        result = client.get(f"/v1/runs/{run_id}/result").json()["result"]
        told = sheets(client.get(f"/v1/runs/{run_id}/workbook").content)
    assert "page" not in {row[0] for row in told["about"]}
    assert len(told["failures"]) == 1 + len(result["failures"])
    assert "proposals" not in told, "none were made"
