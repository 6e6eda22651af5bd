"""The plan of a run, or a statement, to be opened by a spreadsheet."""

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
    return _file(acts.read_workbook(by, run_id), f"run-{run_id}")


@router.get(
    "/accounts/statements/{statement_id}/workbook",
    tags=["accounts"],
    summary="A statement as a workbook",
    response_class=Response,
    responses={200: ANSWER},
)
def statement_workbook(statement_id: str, by: Annotated[Caller, may(acts.read_statement_workbook)]) -> Response:
    """Its figures, and a sheet of its lines: 1,000 of them are an entry of the audit trail."""
    return _file(acts.read_statement_workbook(by, statement_id), f"statement-{statement_id}")


@router.get(
    "/own/accounts/{statement_id}/workbook",
    tags=["accounts"],
    summary="One of your own statements as a workbook",
    response_class=Response,
    responses={200: ANSWER},
)
def own_statement_workbook(statement_id: str, by: Annotated[Caller, may(acts.read_own_statement_workbook)]) -> Response:
    """Its figures, and a sheet of its lines."""
    return _file(acts.read_own_statement_workbook(by, statement_id), f"statement-{statement_id}")


def _file(content: bytes, name: str) -> Response:
    """A name of our own: what it is about has been found under it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, headers=headers, media_type=XLSX)
