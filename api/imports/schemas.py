"""What a folder says otherwise than the county, table by table."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from api.http.strict import Answer, Strict


class Touched(Answer):
    """A record, and the columns in which it differs."""

    id: Annotated[str, Field(examples=["P-ALDER"])]
    columns: Annotated[list[str], Field(examples=[["max_hours_4w"]])]


Ids = Annotated[list[str], Field(examples=[["P-ALDER 2027-04-08"]])]


class TableSynced(Answer):
    """The differences in one table."""

    table: Annotated[str, Field(examples=["rates"])]
    added: Annotated[Ids, Field(description="Not in the county yet.")]
    changed: Annotated[list[Touched], Field(description="There already, with other facts.")]
    ended: Annotated[list[Touched], Field(description="Given an `ends`, or an earlier one.")]
    removed: Annotated[Ids, Field(description="Visits in place of which the folder has others for the same package.")]
    missing: Annotated[Ids, Field(description="Not in the folder: left as they are.")]
    kept: Annotated[
        list[Touched],
        Field(description="The folder says otherwise, and the service's own record stands; no columns: its record is not taken."),
    ]
    own_columns: Annotated[list[str], Field(description="All columns of your own, where they or their order become others.")]
    untouched: Annotated[int, Field(ge=0, description="How many are left as they are.", examples=[12])]


class Synced(Answer):
    """How the county differs from a folder, or what of it has been written. Its ETag is the digest."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "dry_run": True,
                "digest": "5f1c2a90b7de4431" * 4,
                "writes": True,
                "as_of": "2026-11-23",
                "today": "2026-11-23",
                "tables": [
                    {
                        "table": "rates",
                        "added": ["P-ALDER 2027-04-08"],
                        "changed": [],
                        "ended": [],
                        "removed": [],
                        "missing": [],
                        "kept": [],
                        "own_columns": [],
                        "untouched": 0,
                    }
                ],
                "settings": [],
                "notes": [],
            }
        }
    )

    dry_run: bool
    digest: Annotated[str, Field(description="Of all that is listed here and would be written.")]
    writes: Annotated[bool, Field(description="Whether anything is, or would be, written.")]
    as_of: Annotated[dt.date, Field(description="The folder's date.")]
    today: Annotated[dt.date, Field(description="The day that the service goes by.")]
    tables: list[TableSynced]
    settings: Annotated[list[str], Field(description="The title and the settings that are others.", examples=[["max_moves"]])]
    notes: Annotated[list[str], Field(description="What is odd about the folder, and accepted.")]


class ImportQuery(Strict):
    """How much of a folder is taken, and whether it is."""

    dry_run: Annotated[bool, Field(description="List the differences alone.")] = True
    tidy: Annotated[
        bool, Field(description="Understand spreadsheets as people have them; the notes say how. Else the folder is strict.")
    ] = False
    day_first: Annotated[
        bool, Field(description="With `tidy`: dates such as 01/04/2026 have the day first, as in the United Kingdom.")
    ] = False
    end_missing: Annotated[
        bool, Field(description="End contracts and restrictions that the folder does not have, on its date.")
    ] = False
    decisions: Annotated[
        bool, Field(description="Take protection and transfer decisions of people who are there, too; for social work alone.")
    ] = False
    care: Annotated[bool, Field(description="Take status, contract and holds of packages from the folder, too.")] = False
