"""A folder or a workbook is taken in: what differs is shown, then the same file is sent again with a reason, and written."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem, told_as_problems
from api.http.responses import tag
from api.http.sent_files import SentFile, SentParts, parts_of
from api.http.zipped_folder import unpacked
from api.imports import acts
from api.imports.folder_differences import Wanted
from api.imports.schemas import Synced
from api.imports.spreadsheets_sent import WORKBOOKS, read, workbook_on_disk
from api.pages.administration.admin_tabs import tabs_for
from api.pages.administration.differences_board import differences_board
from api.pages.filled_form import FilledForm
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import dates_in_words

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
MOST_BYTES = 20 * 1024 * 1024
"""Of a file that comes from a browser; larger ones over HTTP."""
SUFFIXES = {PurePath(name).suffix: name for name in WORKBOOKS.values()}
TAKEN = (".zip", *SUFFIXES)
KEPT = ("tidy", "day_first", "end_missing")
ANOTHER = (
    "The county has changed since this list was made, or this is another file. Nothing was written: below is what differs now."
)
REFUSED = ("refused", "not_a_folder", "not_ready", "import_without_reason", "changed_since", "forbidden", "invalid_request")


@router.get("/administration/take-in")
def to_take_in(request: Request, by: Annotated[Caller, may_see(acts.sync)], done: str = "") -> Response:
    """The form."""
    return _page(request, by, FilledForm(), written=done == "taken")


@router.post("/administration/take-in", dependencies=[Depends(sent_from_here)])
async def take_in(request: Request, by: Annotated[Caller, may_see(acts.sync)]) -> Response:
    """What differs; or, with what was seen and a reason, all of it written in one go, or nothing."""
    sent = await parts_of(request, min(MOST_BYTES, by.settings.max_import_bytes))
    return await run_in_threadpool(_taken, request, by, sent)


def _taken(request: Request, by: Caller, sent: SentParts) -> Response:
    form = FilledForm({name: [value] for name, value in sent.fields.items()}, is_sent=True)
    file, writes = sent.files.get("file", SentFile()), form.value("step") == "write"
    faults = {}
    if PurePath(file.name).suffix.lower() not in TAKEN or not file.content:
        faults["file"] = f"Choose a file whose name ends in {', '.join(TAKEN)}"
    if writes and not form.value("reason"):
        faults["reason"] = "Say why"
    if faults:
        return _page(request, by, form.wrong(faults), status=422)
    try:
        if not writes:
            return _page(request, by, form, _synced(by, form, file, dry_run=True))
        _synced(by, form, file, dry_run=False)
    except Problem as problem:
        if problem.code not in REFUSED:
            raise
        if problem.code == "changed_since":
            return _page(request, by, form.wrong({"": ANOTHER}), _synced(by, form, file, dry_run=True), status=409)
        said = [dates_in_words(each) for each in problem.more.get("faults", ()) if isinstance(each, str)]
        wrong = form.wrong({"file": " ".join([dates_in_words(problem.detail), *said[:1]])})
        return _page(request, by, wrong, faults=said, status=KINDS[problem.code].status)
    return see("/administration/take-in?done=taken")


def _synced(by: Caller, form: FilledForm, file: SentFile, *, dry_run: bool) -> Synced:
    suffix = PurePath(file.name).suffix.lower()
    wanted = Wanted(end_missing=bool(form.value("end_missing")), care=False, decisions=False)
    seen = None if dry_run else tag(form.value("seen"))
    stream = io.BytesIO(file.content)
    place = unpacked(stream, MOST_BYTES) if suffix == ".zip" else workbook_on_disk(stream, SUFFIXES[suffix])
    with told_as_problems(), place as folder:
        tidied = suffix != ".zip" or bool(form.value("tidy"))
        reading = read(folder, tidied=tidied, day_first=bool(form.value("day_first")))
        return acts.sync(by, reading, wanted, form.value("reason"), dry_run=dry_run, seen=seen)


def _page(
    request: Request,
    by: Caller,
    form: FilledForm,
    found: Synced | None = None,
    *,
    faults: list[str] | None = None,
    written: bool = False,
    status: int = 200,
) -> Response:
    values = {
        "form": form,
        "board": None if found is None else differences_board(found),
        "seen": "" if found is None else found.digest,
        "kept": {name: form.value(name) for name in KEPT if form.value(name)},
        "faults": faults or [],
        "written": written,
        "taken": ",".join(TAKEN),
        "tabs": tabs_for(by),
    }
    return page(request, "take_in.html.j2", "Take in a folder", values, status=status, wrong=bool(form.faults))
