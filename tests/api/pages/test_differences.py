"""How the county differs from a folder, in words; worked by hand."""

from __future__ import annotations

import datetime as dt

from api.imports.schemas import Synced, TableSynced, Touched
from api.pages.administration.differences_board import TableRow, differences_board


def test_each_kind_of_difference_is_listed_under_its_own_name() -> None:
    table = TableSynced(
        table="visits",
        added=["V1 2027-04-08", "V2"],
        changed=[Touched(id="V3", columns=["duration_minutes", "days"])],
        ended=[Touched(id="V4", columns=["ends"])],
        removed=["V5"],
        missing=["V6"],
        kept=[Touched(id="V7", columns=[])],
        own_columns=[],
        untouched=12,
    )
    day = dt.date(2026, 11, 23)
    found = Synced(
        dry_run=True,
        digest="0",
        writes=True,
        as_of=day,
        today=day,
        tables=[table],
        settings=["max_moves"],
        notes=["From 2026-11-20."],
    )
    board = differences_board(found)
    assert board.rows == [TableRow("Visits", added=2, changed=1, ended=1, missing=1, untouched=12)]
    assert board.lists == [
        ("visits: 2 added", ["V1 8 April 2027", "V2"]),
        ("visits: 1 changed", ["V3: duration minutes, days"]),
        ("visits: 1 ended", ["V4: ends"]),
        ("visits: 1 removed", ["V5"]),
        ("visits: 1 not in the folder, left as they are", ["V6"]),
        ("visits: 1 kept as the service has them", ["V7"]),
    ]
    assert (board.settings, board.notes) == (["max moves"], ["From 20 November 2026."])
    assert board.days == "The folder is of 23 November 2026; the service goes by 23 November 2026."
