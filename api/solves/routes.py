"""A snapshot folder as a zip, solved without being taken in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.acts.act import Caller
from api.acts.judged_first import Router, limit_of
from api.acts.signing_in import may
from api.http.addresses import address_of
from api.http.openapi import problems
from api.http.zipped_folder import NOT_A_FOLDER, received, unpacked
from api.runs.acts import TaggedRun
from api.runs.routes import IdempotencyKey
from api.runs.schemas import RunBody
from api.solves import acts
from api.solves.schemas import SolveQuery
from optimiser.io.reading import read_snapshot

router = Router(prefix="/v1")

BODY = {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}, "example": "a zip"}}, "required": True}


@router.post(
    "/solve",
    tags=["runs"],
    status_code=202,
    summary="Solve a snapshot that is sent, and keep nothing of it",
    response_model=RunBody,
    responses=problems(NOT_A_FOLDER, "refused", "queue_share", "idempotency_key_reused"),
    openapi_extra={"requestBody": BODY},
)
async def solve(
    request: Request,
    response: Response,
    by: Annotated[Caller, may(acts.start)],
    query: Annotated[SolveQuery, Query()],
    idempotency_key: IdempotencyKey,
) -> RunBody:
    """A zip of a snapshot folder's files, at most 64 MiB; what is wrong with it is refused at once with every fault. Nothing of
    it becomes part of this service's county, which may be empty.

    The run waits its turn; `Location` says where it is followed, cancelled and read by whoever sent it, and by nobody else. The
    snapshot is destroyed once the run has ended, what was found an hour later (`OPTIMISER_SOLVE_RESULT_MINUTES`). The trail tells
    that it was asked for, and nothing of what is in it.
    """
    most = limit_of(acts.start.takes, by.settings)
    async with received(request, most) as file:

        def work() -> TaggedRun:
            with unpacked(file, most) as folder:
                read_snapshot(folder)
            file.seek(0)
            return acts.start(by, idempotency_key, query, file.read())

        made = await run_in_threadpool(work)
    response.headers["Location"] = address_of("runs", made.run.run_id)
    response.headers["ETag"] = made.etag
    return made.run
