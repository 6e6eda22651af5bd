"""A whole snapshot folder, as a zip."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.acts.act import Caller
from api.acts.judged_first import Router, limit_of
from api.acts.signing_in import may
from api.http.errors import Problem
from api.http.openapi import problems
from api.http.responses import IfMatch, one, shown, tag
from api.http.zipped_folder import NOT_A_FOLDER, plain_reason, received
from api.imports import acts
from api.imports.folder_differences import Wanted
from api.imports.schemas import ImportQuery, Synced
from api.imports.spreadsheets_sent import handed_over, kinds_taken, read

router = Router(prefix="/v1")

ReasonHeader = Annotated[
    str | None,
    Header(
        description="Why; needed to write, and kept in the audit trail. Percent-encoded where it holds more than ASCII.",
        max_length=1500,
        examples=["the uplift of April 2027"],
    ),
]
BODY = {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}, "example": "a zip"}}, "required": True}


@router.post(
    "/imports",
    tags=["imports"],
    summary="A snapshot folder: what differs, then take it",
    response_model=Synced,
    responses=problems(NOT_A_FOLDER, "refused", "not_ready", acts.IMPORT_WITHOUT_REASON),
    openapi_extra={"requestBody": BODY},
)
async def import_folder(
    request: Request,
    by: Annotated[Caller, may(acts.sync)],
    query: Annotated[ImportQuery, Query()],
    if_match: IfMatch = None,
    reason: ReasonHeader = None,
) -> Response:
    """First as a dry run, which lists every difference; then again with `dry_run=false`, a reason, and its ETag as `If-Match`.

    A zip of the folder's files, at most 64 MiB. All of it is written in one transaction, or nothing. Rows that the folder does
    not have are listed and left; people and offers are never removed.

    With `tidy=true` the folder may hold spreadsheets as people have them (workbooks, CSV as Excel writes it, `map.toml` with the
    names of a council's own export), or the body is a workbook itself: the notes say how each column was understood, and what
    could be understood in two ways is refused.
    """
    if not query.dry_run and if_match is None:
        raise Problem("precondition_required", "Send the ETag of the dry run's answer as If-Match.")
    wanted, why = Wanted(query.end_missing, query.care, query.decisions), plain_reason(reason)
    most = limit_of(acts.sync.takes, by.settings)
    async with received(request, most, kinds_taken(tidied=query.tidy)) as file:

        def work() -> Synced:
            with handed_over(request, file, most) as place:
                folder = read(place, tidied=query.tidy, day_first=query.day_first)
                return acts.sync(by, folder, wanted, why, dry_run=query.dry_run, seen=if_match)

        done = await run_in_threadpool(work)
    return one(shown(done.model_dump(mode="json"), tag(done.digest)))
