"""Records of visits, as call monitoring sends them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.acts.act import Caller
from api.acts.judged_first import Router, limit_of
from api.acts.signing_in import may
from api.actuals import acts
from api.actuals.files_sent import CSV, KINDS, put_on_disk
from api.actuals.schemas import Actual, ActualsQuery, BatchTaken, NewActuals, OddActual, OddQuery
from api.http.openapi import problems
from api.http.responses import Shown, one, several
from api.http.strict import Listed
from api.http.zipped_folder import HIDDEN, received
from optimiser.io.leftovers import hidden_folder

router = Router(prefix="/v1", tags=["actuals"])
BODY = {
    "content": {
        CSV: {
            "schema": {"type": "string"},
            "example": "actual_id,package_id,date,visit_id,planned_start,planned_minutes,arrived,left,workers,outcome\n"
            "B001,R4,2026-11-09,V06,2026-11-09T08:15,60,2026-11-09T08:18,2026-11-09T09:16,1,delivered\n",
        },
        **{kind: {"schema": {"type": "string", "format": "binary"}, "example": "a workbook"} for kind in KINDS if kind != CSV},
    },
    "required": True,
}


@router.post("/actuals", summary="Records of visits", response_model=BatchTaken, responses=problems("refused"))
def take(given: NewActuals, by: Annotated[Caller, may(acts.take)]) -> Response:
    """All of them are taken, or nothing, with every fault; `line 2` is the first record. What was sent before, just as it is, is
    taken once: send a batch again wherever you are not sure. A wrong record is never changed: another one names it in `corrects`,
    with the outcome `withdrawn` where there should be none at all."""
    return one(acts.take(by, given))


@router.post(
    "/actuals/file",
    summary="A file of records of visits",
    response_model=BatchTaken,
    responses=problems("refused"),
    openapi_extra={"requestBody": BODY},
)
async def take_file(request: Request, by: Annotated[Caller, may(acts.take_file)]) -> Response:
    """The same as a CSV: `actuals.csv` as the command line reads it. Or a workbook (`.xlsx`, `.ods`) with one sheet of records,
    under the same headings, and dates that are dates, or text of that form; `line 2` is the second row of the sheet."""
    most = limit_of(acts.take_file.takes, by.settings)
    async with received(request, most, KINDS) as body:

        def work() -> Shown:
            with hidden_folder(HIDDEN) as folder:
                put_on_disk(request, body, folder)
                return acts.take_file(by, folder)

        return one(await run_in_threadpool(work))


@router.get("/actuals", summary="Records of a person, or of a day", response_model=Listed[Actual])
def list_actuals(by: Annotated[Caller, may(acts.list_actuals)], query: Annotated[ActualsQuery, Query()]) -> Response:
    """As they were taken, without pseudonyms; with the contract that each counts under, and what stands in its place now."""
    return several(acts.list_actuals(by, query))


@router.get("/actuals/odd", summary="Records that somebody should look at", response_model=Listed[OddActual])
def list_odd(by: Annotated[Caller, may(acts.list_odd)], query: Annotated[OddQuery, Query()]) -> Response:
    """Unknown people, overlaps of one care worker, absurd lengths, doubles, contracts not in force, one who came of two and the
    like, with what each does to the money."""
    return several(acts.list_odd(by, query))
