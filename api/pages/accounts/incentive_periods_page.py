"""Designated periods for incentives: all of them, opening one, and one with its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem
from api.http.responses import Shown
from api.incentives import acts
from api.incentives.schemas import NewEnd, NewPeriod, PeriodsQuery, Withdrawal
from api.pages.accounts.incentive_board import OCCASIONS, STATES, days_in_words, last_day, period_facts, period_rows
from api.pages.filled_form import FilledForm, faults_of, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import address_part, dates_in_words
from api.pages.people.form_dates import day_of
from optimiser.domain.dates import days_after

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
HERE = "/accounts/incentive-periods"
SAYS = {
    "starts": "Give the first day, such as 27 3 2027",
    "ends": "Give the last day that counts, such as 27 3 2027",
    "occasion": "Choose why it is opened",
    "why": "Say why, in 3 to 500 characters on one line",
}
SINCE = "Somebody has changed this period since you opened this page. Nothing was written: look again."
DONE = {
    "opened": "The period is open for these days.",
    "end": "The period has another end.",
    "withdrawn": "The period is withdrawn.",
}
OF_FIELDS = {"starts": "first", "ends": "last"}
"""Where a fault of a member of the schema stands in the form."""


@router.get(HERE)
def periods(request: Request, by: Annotated[Caller, may_see(acts.list_periods)], after: str = "") -> Response:
    """The newest first, with the form that opens one."""
    return _list(request, by, FilledForm(), after=after)


@router.post(HERE, dependencies=[Depends(sent_from_here)])
async def open_period(request: Request, by: Annotated[Caller, may_see(acts.open_period)]) -> Response:
    """From today on, or later."""
    form = await sent_form(request)
    return await run_in_threadpool(_open, request, by, form)


def _open(request: Request, by: Caller, form: FilledForm) -> Response:
    told = {name: form.value(name) for name in ("occasion", "why")} | {"starts": day_of(form, "first")[0], "ends": _ends(form)}
    try:
        answer = acts.open_period(by, NewPeriod.model_validate(told))
    except ValidationError as error:
        return _list(request, by, form.wrong(faults_of(error, SAYS, OF_FIELDS)), status=422)
    except Problem as problem:
        return _list(request, by, form.wrong(_refused(problem)), status=KINDS[problem.code].status)
    return see(f"{HERE}/{orjson.loads(answer.body)['incentive_period_id']}?done=opened")


def _list(request: Request, by: Caller, form: FilledForm, *, after: str = "", status: int = 200) -> Response:
    told = acts.list_periods(by, PeriodsQuery(cursor=after[:1000] or None))
    values = {
        "form": form,
        "rows": period_rows([orjson.loads(each) for each in told.items]),
        "next_cursor": told.next_cursor,
        "occasions": list(OCCASIONS.items()),
        "today": by.settings.clock.today(),
    }
    return page(
        request, "accounts/incentive_periods.html.j2", "Periods of incentives", values, status=status, wrong=bool(form.faults)
    )


@router.get(HERE + "/{incentive_period_id}")
def period(
    request: Request, incentive_period_id: str, by: Annotated[Caller, may_see(acts.read_period)], done: str = ""
) -> Response:
    """One that was opened, with the forms for its end."""
    return _one(request, by, incentive_period_id, FilledForm(), done=done)


@router.post(HERE + "/{incentive_period_id}/end", dependencies=[Depends(sent_from_here)])
async def change_end(request: Request, incentive_period_id: str, by: Annotated[Caller, may_see(acts.close_period)]) -> Response:
    """Its last day becomes another one."""
    form = await sent_form(request)

    def deed() -> Shown:
        given = NewEnd.model_validate({"ends": _ends(form), "why": form.value("why")})
        return acts.close_period(by, incentive_period_id, given, form.value("seen"))

    return await run_in_threadpool(_changed, request, by, incentive_period_id, form, deed, "end")


@router.post(HERE + "/{incentive_period_id}/withdraw", dependencies=[Depends(sent_from_here)])
async def withdraw(request: Request, incentive_period_id: str, by: Annotated[Caller, may_see(acts.withdraw_period)]) -> Response:
    """It has not begun, and will not."""
    form = await sent_form(request, prefix="withdraw-")

    def deed() -> Shown:
        given = Withdrawal.model_validate({"why": form.value("why")})
        return acts.withdraw_period(by, incentive_period_id, given, form.value("seen"))

    return await run_in_threadpool(_changed, request, by, incentive_period_id, form, deed, "withdrawn")


def _changed(request: Request, by: Caller, period_id: str, form: FilledForm, deed: Callable[[], Shown], done: str) -> Response:
    try:
        deed()
    except ValidationError as error:
        return _one(request, by, period_id, form.wrong(faults_of(error, SAYS, OF_FIELDS)), status=422)
    except Problem as problem:
        if problem.code == "not_found":
            raise
        return _one(request, by, period_id, form.wrong(_refused(problem)), status=KINDS[problem.code].status)
    return see(f"{HERE}/{address_part(period_id)}?done={done}")


def _one(request: Request, by: Caller, period_id: str, form: FilledForm, *, done: str = "", status: int = 200) -> Response:
    found = acts.read_period(by, period_id)
    told: Json = orjson.loads(found.body)
    state, kind = STATES[told["state"]]
    of_withdrawal = bool(form.prefix)
    values = {
        "form": FilledForm() if of_withdrawal else form,
        "withdrawal": form if of_withdrawal else FilledForm(prefix="withdraw-"),
        "summary": form.summary,
        "address": f"{HERE}/{address_part(period_id)}",
        "seen": found.etag,
        "state": state,
        "kind": kind,
        "facts": period_facts(told),
        "notes": told["notes"],
        "last": last_day(told),
        "may_end": told["state"] in ("open", "to_come"),
        "may_withdraw": told["state"] == "to_come",
        "done": DONE.get(done, ""),
    }
    title = f"Incentives, {days_in_words(told)}"
    return page(request, "accounts/incentive_period.html.j2", title, values, status=status, wrong=bool(form.faults))


def _ends(form: FilledForm) -> dt.date | None:
    """The day after the last one; None where none can be read, which the schema refuses."""
    last, _ = day_of(form, "last")
    return None if last is None else days_after(last, 1)


def _refused(problem: Problem) -> dict[str, str]:
    """What the act refused, beside the field that it is about."""
    if problem.code == "changed_since":
        return {"": SINCE}
    members = {said.partition(":")[0] for said in problem.more.get("faults", ())}
    return {OF_FIELDS[each]: FAULTS[each] for each in sorted(members, reverse=True)} or {"last": dates_in_words(problem.detail)}


FAULTS = {
    "starts": "The first day is today at the earliest",
    "ends": "The last day that counts is today at the earliest, not before the first day, and within a year of it",
}
"""The service says when a period no longer counts; the page, which day is the last."""
