"""A file of records of visits as it is sent: a CSV, or a workbook whose sheet of records stands for one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO

from starlette.requests import Request

from api.imports.spreadsheets_sent import WORKBOOKS
from optimiser.io.account_files import ACTUALS_FILE
from optimiser.io.actual_files import ACTUALS, MOMENTS

CSV = "text/csv"
KINDS = (CSV, *WORKBOOKS)
"""What a body may say that it is."""


def put_on_disk(request: Request, body: IO[bytes], folder: Path) -> None:
    """The body as ``actuals.csv`` in a folder, whatever it came as. Raises ``InputRefusedError`` of a workbook that is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    with (folder / ACTUALS_FILE).open("xb") as plain:
        if kind not in WORKBOOKS:
            shutil.copyfileobj(body, plain)
            return
        from optimiser.tidying.records_sheet import sheet_as_csv

        plain.write(sheet_as_csv(WORKBOOKS[kind], body.read(), ACTUALS, MOMENTS))
