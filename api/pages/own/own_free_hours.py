"""A provider tells its own free hours: in a form, or with the monthly export that it makes for the national capacity tracker."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.capacity_returns import acts
from api.capacity_returns.schemas import ReturnTold
from api.capacity_returns.sent_returns import alone_on_disk
from api.http.errors import KINDS, Problem, told_as_problems
from api.http.sent_files import SentFile, SentParts, parts_of
from api.http.zipped_folder import unpacked
from api.pages.filled_form import FilledForm, faults_of, sent_form
from api.pages.frame import page
from api.pages.free_hours_form import HOURS, MOST_FIELDS, free_in, rows_of
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import capital, dates_in_words, day_in_words
from api.pages.providers.free_hours_board import PARTS

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
ADDRESS = "/own/free-hours"
MOST_BYTES = 1024 * 1024
TAKEN = (".csv", ".zip")
TOLD_SINCE = "Somebody has told other hours since you opened this page. Nothing was sent: look again."
DONE = {
    "told": "Your free hours are told.",
    "same": "Your file says what you had told already.",
    "older": "You have told something since the day of this file: that stays.",
}
Json = dict[str, Any]


@router.get(ADDRESS)
def free_hours(request: Request, by: Annotated[Caller, may_see(acts.tell_own)], done: str = "") -> Response:
    """The form, with what was told last, and where own declines disagree with it."""
    return _page(request, by, FilledForm(), done=DONE.get(done, ""))


@router.post(ADDRESS, dependencies=[Depends(sent_from_here)])
async def tell(request: Request, by: Annotated[Caller, may_see(acts.tell_own)]) -> Response:
    """All that is free, as of today."""
    form = await sent_form(request, most_fields=MOST_FIELDS)
    return await run_in_threadpool(_tell, request, by, form)


@router.post(ADDRESS + "/file", dependencies=[Depends(sent_from_here)])
async def send_file(request: Request, by: Annotated[Caller, may_see(acts.take_own_file)]) -> Response:
    """The same from a file, of the provider's own places alone; whole, or not at all."""
    sent = await parts_of(request, MOST_BYTES)
    return await run_in_threadpool(_take, request, by, sent)


def _tell(request: Request, by: Caller, form: FilledForm) -> Response:
    free, faults = free_in(form)
    if faults:
        return _page(request, by, form.wrong(faults), status=422)
    try:
        acts.tell_own(by, ReturnTold.model_validate({"free": free}), form.value("seen"))
    except ValidationError as error:
        return _page(request, by, form.wrong(faults_of(error, {"free": HOURS}, {"free": "hours-1"})), status=422)
    except Problem as problem:
        if problem.code == "changed_since":
            return _page(request, by, form.wrong({"": TOLD_SINCE}), status=409)
        if problem.code != "refused":
            raise
        wrong = form.wrong({"": " ".join(problem.more["faults"])})
        return _page(request, by, wrong, status=KINDS[problem.code].status)
    return see(f"{ADDRESS}?done=told")


def _take(request: Request, by: Caller, sent: SentParts) -> Response:
    file = sent.files.get("file", SentFile())
    suffix = PurePath(file.name).suffix.lower()
    if suffix not in TAKEN or not file.content:
        wrong = FilledForm().wrong({"file": f"Choose a file whose name ends in {' or '.join(TAKEN)}"})
        return _page(request, by, wrong, status=422)
    try:
        done = _taken(by, file, suffix)
    except Problem as problem:
        if problem.code not in ("refused", "not_a_folder"):
            raise
        said = [dates_in_words(each) for each in problem.more.get("faults", ()) if isinstance(each, str)]
        wrong = FilledForm().wrong({"file": " ".join([dates_in_words(problem.detail), *said[:1]])})
        return _page(request, by, wrong, faults=said, status=KINDS[problem.code].status)
    return see(f"{ADDRESS}?done={done}")


def _taken(by: Caller, file: SentFile, suffix: str) -> str:
    """What came of a file: told, same, or older."""
    stream = io.BytesIO(file.content)
    with told_as_problems():
        if suffix == ".zip":
            with unpacked(stream, MOST_BYTES) as folder:
                return str(orjson.loads(acts.take_own_file(by, folder).body)["came_of_it"])
        with alone_on_disk(stream) as folder:
            return str(orjson.loads(acts.take_own_file(by, folder).body)["came_of_it"])


def _page(
    request: Request, by: Caller, form: FilledForm, *, faults: list[str] | None = None, done: str = "", status: int = 200
) -> Response:
    answer = acts.read_own(by)
    told: Json = orjson.loads(answer.body)
    last = told["last"]
    values = {
        "form": form,
        "seen": answer.etag,
        "told": "" if last is None else f"{capital(dates_in_words(last['says']))}.",
        "ask_again": last is not None and last["ask_again"],
        "until": "" if last is None else day_in_words(last["counts_until"]),
        "declined": [(each["offer_id"], each["area_id"], day_in_words(each["declined_on"])) for each in told["declined"]],
        "rows": rows_of(form, [] if last is None else last["free"]),
        "areas": [("", "Any area"), *((each["area_id"], each["name"]) for each in told["areas"])],
        "parts": [("", "Any part of the day"), *PARTS.items()],
        "taken": ",".join(TAKEN),
        "faults": faults or [],
        "done": done,
    }
    return page(request, "own/free_hours.html.j2", "Your free hours", values, status=status, wrong=bool(form.faults))
