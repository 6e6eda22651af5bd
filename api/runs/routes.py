"""Long runs: start, list, look at, follow, cancel; their results and explanations; and a plan's proposals made offers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path, Query, Response
from fastapi.responses import StreamingResponse

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.addresses import address_of
from api.http.responses import is_known
from api.http.responses import one as answered
from api.runs import acts
from api.runs.apply_schemas import ApplyAnswer, ApplyRequest
from api.runs.schemas import CancelledRuns, RunBody, RunLevels, RunPage, RunRequest, RunResult

router = Router(prefix="/v1/runs", tags=["runs"])

RunId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", examples=["5f0c1d2e3b4a59687786a5b4c3d2e1f0"])]
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,200}$", examples=["monday-0900"])]
PackageId = Annotated[str, Path(pattern=r"^[^\x00-\x1f\x7f]{1,200}$", examples=["N6"])]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", pattern=r"^[0-9]{1,12}$", examples=["3"])]
EXAMPLE = 'id: 3\nevent: progress\ndata: {"level":"legacy","value":600,"bound":540,"gap":60,"elapsed_seconds":1.5}\n\n'


@router.post("", status_code=202, summary="Start a run")
def start(
    by: Annotated[Caller, may(acts.start)], asked: RunRequest, idempotency_key: IdempotencyKey, response: Response
) -> RunBody:
    """The run waits in the queue; ``Location`` says where it can be followed. The same key and body give the same run again."""
    made = acts.start(by, idempotency_key, asked)
    response.headers["Location"] = address_of("runs", made.run.run_id)
    response.headers["ETag"] = made.etag
    return made.run


@router.get("", summary="Runs, newest first")
def runs(
    by: Annotated[Caller, may(acts.list_runs)],
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int | None, Query(ge=1)] = None,
    kind: Annotated[list[str] | None, Query(max_length=20, examples=[["transfer"]])] = None,
) -> RunPage:
    """A page of runs. ``limit``: up to ten times the usual size of a page; ``kind``, as often as wanted: of these alone."""
    return acts.list_runs(by, cursor, limit, kind or ())


@router.get("/{run_id}", summary="How a run is doing", response_model=RunBody, responses={304: {"description": "As it was"}})
def one(
    by: Annotated[Caller, may(acts.read)], run_id: RunId, response: Response, if_none_match: IfNoneMatch = None
) -> RunBody | Response:
    """Its status and newest progress. ``ETag`` changes with every event of the run."""
    found = acts.read(by, run_id)
    if is_known(if_none_match, found.etag):
        return Response(status_code=304, headers={"ETag": found.etag})
    response.headers["ETag"] = found.etag
    return found.run


@router.get("/{run_id}/levels", summary="How far each level of a run is closed")
def levels(by: Annotated[Caller, may(acts.read_levels)], run_id: RunId) -> RunLevels:
    """Every level that has been worked on, with its newest value, bound and gap; the events tell the same one by one."""
    return acts.read_levels(by, run_id)


@router.get(
    "/{run_id}/events",
    summary="Follow a run",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE}}}},
)
async def events(
    by: Annotated[Caller, may(acts.follow_run)], run_id: RunId, last_event_id: LastEventId = None
) -> StreamingResponse:
    """Server-sent events from the beginning, or after ``Last-Event-ID``: queued, started, progress, cancelling, interrupted (its
    solver died; it will be tried again), and at the end succeeded, failed or cancelled. Then the stream ends. Of a plan that no
    longer holds out_of_date comes after that. It ends too once the key that it was asked for with opens nothing any more."""
    stream = await acts.follow_run(by, run_id, int(last_event_id or 0))
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.delete("", summary="Cancel all runs of yours that wait")
def cancel_waiting(by: Annotated[Caller, may(acts.cancel_waiting)]) -> CancelledRuns:
    """Those that nobody works on yet end at once. What runs goes on, and so does what others have asked for."""
    return acts.cancel_waiting(by)


@router.delete("/{run_id}", status_code=202, summary="Cancel a run and keep the best plan so far")
def cancel(by: Annotated[Caller, may(acts.cancel)], run_id: RunId, response: Response) -> RunBody:
    """A waiting run ends at once. A running one stops searching within a second or so, and ends as ``cancelled`` with the best
    plan that it has. One that has ended stays as it is."""
    found = acts.cancel(by, run_id)
    response.headers["ETag"] = found.etag
    return found.run


@router.get("/{run_id}/result", summary="The plan of a run", response_model=RunResult)
def result(by: Annotated[Caller, may(acts.read_result)], run_id: RunId) -> Response:
    """Levels with their proofs, figures per area, and a proposal with its reason for every package to decide on."""
    return answered(acts.read_result(by, run_id))


@router.get("/{run_id}/explanations/{package_id}", summary="Why a run proposes what it does for a package")
def explanation(by: Annotated[Caller, may(acts.read_explanation)], run_id: RunId, package_id: PackageId) -> Response:
    """The engine's record: every contract in the order asked, every rule with the figures compared, what would have to change."""
    return answered(acts.read_explanation(by, run_id, package_id))


@router.post("/{run_id}/apply", summary="Make offers of a plan's proposals")
def apply(by: Annotated[Caller, may(acts.apply)], run_id: RunId, asked: ApplyRequest) -> ApplyAnswer:
    """Every proposal is judged again on the county as it is now. What changed since is refused one by one with its reason, the
    rest is done, all in one transaction; sending it again does nothing twice. ``accepted`` records what was agreed already."""
    return acts.apply(by, run_id, asked)
