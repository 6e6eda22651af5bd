"""What a run hands on typed is what the files say: the same figures, without text made and parsed again in between."""

from __future__ import annotations

import csv
import io

from api.runs.kinds.allocate import proposed
from api.runs.kinds.transfer import tables_of
from optimiser.allocating.report import allocation_files
from optimiser.allocating.story import allocate
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.snapshot import Snapshot
from optimiser.io.spreadsheets import unescaped
from optimiser.transferring.report import verified_files
from optimiser.transferring.story import plan_transfer
from tests.making.transfers import small_county


def lines(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode())))


def test_proposals_say_what_the_table_says(small: Snapshot) -> None:
    allocation = allocate(small)
    rows = {row["package_id"]: row for row in lines(allocation_files(allocation, {})["allocations.csv"])}
    proposals, _ = proposed(allocation)
    assert len(proposals) == 7
    for each in proposals:
        row, figures = rows[each.package_id], each.figures
        assert (each.contract_id or "", str(each.moved).lower()) == (row["contract_id"], row["moved"])
        for name in ("outcome", "area_id", "reason"):
            assert figures[name] == row[name]
        for name in ("provider_id", "tier"):
            assert (figures[name] or "") == row[name]
        assert str(figures["band"]) == row["band"]
        for name in ("distance_miles", "weekly_cost_gbp"):
            assert figures[name] == (float(row[name]) if row[name] else None)


def test_tables_of_a_transfer_are_those_of_its_files() -> None:
    plan = plan_transfer(small_county(), ["A1"], TransferPolicy())
    files = verified_files(plan, {})
    told = tables_of(plan)
    assert set(told) == {"transfers", "people", "waves", "impact"}
    for name, found in told.items():
        written = [{column: unescaped(cell) for column, cell in row.items()} for row in lines(files[f"{name}.csv"])]
        assert found == written
        assert found
