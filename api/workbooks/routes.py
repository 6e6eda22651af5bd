"""The plan of a run, to be opened by a spreadsheet."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.runs.routes import RunId
from api.workbooks import acts

router = Router(prefix="/v1")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANSWER = {"description": "The workbook", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}


@router.get(
    "/runs/{run_id}/workbook",
    tags=["runs"],
    summary="The plan of a run as a workbook",
    response_class=Response,
    responses={200: ANSWER},
)
def workbook(by: Annotated[Caller, may(acts.read_workbook)], run_id: RunId) -> Response:
    """As `optimiser workbook` makes one of a folder: filters, widths, dates that are dates, and no formula from data."""
    headers = {"Content-Disposition": f'attachment; filename="run-{run_id}.xlsx"'}
    return Response(acts.read_workbook(by, run_id), headers=headers, media_type=XLSX)
