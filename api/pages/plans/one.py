"""One run: while it waits or works, how far it is; then its plan."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response, StreamingResponse

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import Problem
from api.pages.assets import address_of
from api.pages.frame import HEADERS, WITH_SCRIPT, page, templates
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import counted
from api.pages.plans.list_board import progress_of, row_of
from api.pages.plans.plan_page import plan_page
from api.pages.plans.run_words import back_to
from api.runs import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
RunId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Json = dict[str, Any]
DONE = {"stopped": "It is being stopped, and keeps the best plan that it has."}


@router.get("/plans/{run_id}")
def one(
    request: Request,
    run_id: RunId,
    by: Annotated[Caller, may_see(acts.read)],
    done: str = "",
    made: str = "",
    area: str = "",
    after: str = "",
    offers: str = "",
) -> Response:
    """A run that has ended well is read with its plan, which stands in the audit trail; any other with how it is doing."""
    run = acts.read(by, run_id).run.model_dump(mode="json")
    if run["plan_digest"] is not None and acts.read_result.role_of(by.actor) is not None:
        begins = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0
        return plan_page(request, by, run, area=area[:100], after=begins, offers=bool(offers), done=_what_was_done(done, made))
    return _running_page(request, by, run, done)


def _what_was_done(done: str, made: str) -> str:
    """Of the two words and the number that an address may say after an act."""
    if done not in ("offers", "accepted") or not (made.isascii() and made.isdigit() and len(made) < 6):
        return ""
    if int(made) == 0:
        return "All of these were offers already: nothing was doubled."
    count = counted(int(made), "proposal")
    return f"Offers were made of {count}, and hold their hours." if done == "offers" else f"{count} recorded as agreed."


def _running_page(request: Request, by: Caller, run: Json, done: str) -> Response:
    row = row_of(run)
    open_, back = run["status"] in ("queued", "running"), back_to(row.kind)
    values = {
        "run": run,
        "row": row,
        "open": open_,
        "back": back,
        "progress": _progress(by, run) if open_ else None,
        "done": DONE.get(done, ""),
        "may_stop": acts.cancel.role_of(by.actor) is not None and not run["cancel_requested"],
        "script": address_of("following.js"),
    }
    headers = WITH_SCRIPT if open_ else None
    return page(request, "plans/running.html.j2", row.kind, values, headers=headers, section=back[0])


def _progress(by: Caller, run: Json) -> Any:
    return progress_of(run, acts.read_levels(by, run["run_id"]).model_dump(mode="json")["levels"])


@router.get("/plans/{run_id}/levels")
def levels(run_id: RunId, by: Annotated[Caller, may_see(acts.read_levels)]) -> Response:
    """How far it is, as the part of its page that the script puts in place of what stands there."""
    run = acts.read(by, run_id).run.model_dump(mode="json")
    told = templates().get_template("plans/levels.html.j2").render(progress=_progress(by, run))
    return HTMLResponse(told, headers=HEADERS)


@router.get("/plans/{run_id}/events")
async def events(run_id: RunId, by: Annotated[Caller, may_see(acts.follow_run)]) -> Response:
    """What happens to the run, as it happens, as long as the session lasts."""
    stream = await acts.follow_run(by, run_id, 0)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/plans/{run_id}/stop", dependencies=[Depends(sent_from_here)])
async def stop(run_id: RunId, by: Annotated[Caller, may_see(acts.cancel)]) -> Response:
    """It stops searching, and keeps the best plan that it has."""
    await run_in_threadpool(acts.cancel, by, run_id)
    return see(f"/plans/{run_id}?done=stopped")


@router.get("/plans/{run_id}/paper")
def paper(run_id: RunId, by: Annotated[Caller, may_see(acts.read_result)]) -> Response:
    """The report of a run as one file that opens without a network and prints."""
    told = orjson.loads(acts.read_result(by, run_id).body)
    page = told["result"].get("page")
    if page is None:
        raise Problem("not_found", "The plan of this run is no page to print.")
    name = f"{told['result'].get('command') or 'report'}-{told['result']['as_of']}.html"
    return HTMLResponse(page, headers={**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'})
