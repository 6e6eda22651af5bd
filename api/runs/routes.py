"""Long runs: start, list, look at, cancel; their results and explanations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response

from api.http.addresses import address_of
from api.http.errors import Problem, declare
from api.runs.answers import body_of, cursor_after, etag, place_of
from api.runs.requesting import NO_SUCH_RUN, cancel_run, request_run
from api.runs.schemas import RunBody, RunPage, RunRequest, RunResult
from api.runs.stored_runs import Run, explanation_of, page_of_runs, result_of, run_of
from api.security.roles import ADMIN, JOB, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import TheService
from api.storage.audit import Actor, Entry
from api.storage.engine import reading

router = APIRouter(prefix="/v1/runs", tags=["runs"])
NO_RESULT = declare("no_result", 409, "This run has no result")
MOST_A_PAGE = 10

Starter = Annotated[Actor, may(PLANNER, TRANSITION, JOB, ADMIN)]
RunId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", examples=["5f0c1d2e3b4a59687786a5b4c3d2e1f0"])]
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,200}$", examples=["monday-0900"])]
PackageId = Annotated[str, Path(pattern=r"^[^\x00-\x1f\x7f]{1,200}$", examples=["N6"])]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]


@router.post("", status_code=202, summary="Start a run")
def start(actor: Starter, service: TheService, asked: RunRequest, idempotency_key: IdempotencyKey, response: Response) -> RunBody:
    """The run waits in the queue; ``Location`` says where it can be followed. The same key and body give the same run again."""
    run = request_run(service.store, actor, idempotency_key, asked.kind, asked.settings.as_kept())
    response.headers["Location"] = address_of("runs", run.run_id)
    return _answer(service, run, response)


@router.get("", summary="Runs, newest first")
def runs(
    _: Starter,
    service: TheService,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int | None, Query(ge=1)] = None,
) -> RunPage:
    """A page of runs. ``limit``: up to ten times the usual size of a page."""
    size = min(limit or service.settings.page_size, MOST_A_PAGE * service.settings.page_size)
    with reading(service.store.engine) as connection:
        found = page_of_runs(connection, None if cursor is None else place_of(cursor), size + 1)
        items = [body_of(connection, run) for run in found[:size]]
    return RunPage(items=items, next_cursor=cursor_after(found[size - 1]) if len(found) > size else None)


@router.get("/{run_id}", summary="How a run is doing", response_model=RunBody, responses={304: {"description": "As it was"}})
def one(
    _: Starter, service: TheService, run_id: RunId, response: Response, if_none_match: IfNoneMatch = None
) -> RunBody | Response:
    """Its status and newest progress. ``ETag`` changes with every event of the run."""
    run = _found(service, run_id)
    if if_none_match == etag(run):
        return Response(status_code=304, headers={"ETag": etag(run)})
    return _answer(service, run, response)


@router.delete("/{run_id}", status_code=202, summary="Cancel a run and keep the best plan so far")
def cancel(actor: Starter, service: TheService, run_id: RunId, response: Response) -> RunBody:
    """A waiting run ends at once. A running one stops searching within a second or so, and ends as ``cancelled`` with the best
    plan that it has. One that has ended stays as it is."""
    return _answer(service, cancel_run(service.store, actor, run_id), response)


@router.get("/{run_id}/result", summary="The plan of a run", response_model=RunResult)
def result(actor: Starter, service: TheService, run_id: RunId) -> Response:
    """Levels with their proofs, figures per area, and a proposal with its reason for every package to decide on."""
    _found(service, run_id)
    service.room.read(Entry(actor, "run.result.read", "runs", run_id))
    with reading(service.store.engine) as connection:
        run, found = run_of(connection, run_id), result_of(connection, run_id)
    if found is None or run is None:
        raise Problem(
            NO_RESULT, "It has not ended, failed, was cancelled before it began, or was destroyed with what it held of a person."
        )
    return Response(found, media_type="application/json", headers={"ETag": f'"{run.row.plan_digest}"'})


@router.get("/{run_id}/explanations/{package_id}", summary="Why a run proposes what it does for a package")
def explanation(actor: Starter, service: TheService, run_id: RunId, package_id: PackageId) -> Response:
    """The engine's record: every contract in the order asked, every rule with the figures compared, what would have to change."""
    _found(service, run_id)
    service.room.read(Entry(actor, "run.explanation.read", "packages", package_id, {"run_id": run_id}))
    with reading(service.store.engine) as connection:
        found = explanation_of(connection, run_id, package_id)
    if found is None:
        raise Problem("not_found", "This run has no explanation of such a package.")
    return Response(found, media_type="application/json")


def _found(service: TheService, run_id: str) -> Run:
    with reading(service.store.engine) as connection:
        run = run_of(connection, run_id)
    if run is None:
        raise Problem("not_found", NO_SUCH_RUN)
    return run


def _answer(service: TheService, run: Run, response: Response) -> RunBody:
    response.headers["ETag"] = etag(run)
    with reading(service.store.engine) as connection:
        return body_of(connection, run)
