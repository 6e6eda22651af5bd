"""One provider: ratings, restrictions, limits and their use, contracts, prices, what lies ahead, answers to offers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Act, Caller
from api.acts.in_browsers import may_see
from api.assessments import acts as assessments
from api.assessments.schemas import AssessmentsQuery
from api.capacity_returns import acts as capacity_returns
from api.capacity_returns.schemas import ReturnsQuery
from api.contacts import acts as contacts
from api.contacts.schemas import ContactsQuery
from api.contract_lives import acts as contract_lives
from api.http.whole_lists import every
from api.on_call import acts as on_call
from api.overview import acts as overview
from api.pages.csv_answers import csv_answer
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.names import MOST, area_names, reads, records
from api.pages.on_call_form import in_words
from api.pages.page_words import day_in_words, in_plain, moment_in_words
from api.pages.providers.assessment_steps import steps_open
from api.pages.providers.days_ahead import days_ahead
from api.pages.providers.free_hours_board import FreeHours, free_hours_of
from api.pages.providers.on_call_page import declared_in_words
from api.pages.providers.provider_board import board_of, rating_in_words
from api.pages.questions.question_board import QuestionRow, question_rows
from api.pages.records.record_editing import EDITED
from api.records.acts import DEEDS
from api.statements import acts as statements

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
PROVIDERS: Any = DEEDS["providers"]
RESTRICTIONS: Any = DEEDS["restrictions"]
HEADS_OF_RESTRICTIONS = (
    "restriction_id", "kind", "area_id", "location_id", "starts", "ends", "new_hours_4w", "reason", "review_on", "owner",
    "improvement_plan",
)  # fmt: skip
DONE = {
    "told": "Its free hours are written down.",
    "on-call": "Its hours on call are written down, and count for offers from now on.",
    "not-confirmed": "What it declared does not count. It reads why not.",
    "changed": "It is changed.",
    "ended": "It has an end now.",
    "added": "It is added.",
    "awarded": "It is awarded. Nobody is moved by it: how care comes to the new provider is planned as a transfer.",
    "assessed": "The step is recorded.",
}
Json = dict[str, Any]


@router.get("/providers/{provider_id}")
def provider(
    request: Request, provider_id: str, by: Annotated[Caller, may_see(overview.read_provider_figures)], done: str = ""
) -> Response:
    """A provider with what this role sees of it, and what it may change."""
    figures = orjson.loads(overview.read_provider_figures(by, provider_id).body)
    return _page(request, by, provider_id, figures, done)


@router.get("/providers/{provider_id}/contact")
def provider_contact(request: Request, provider_id: str, by: Annotated[Caller, may_see(PROVIDERS.read)]) -> Response:
    """The same without figures, for roles that read none: whom to call, and how it is rated."""
    return _page(request, by, provider_id, None, "")


@router.get("/providers/{provider_id}/contracts.csv")
def provider_contracts_csv(provider_id: str, by: Annotated[Caller, may_see(overview.read_provider_figures)]) -> Response:
    """Its contracts with their figures, for a spreadsheet."""
    figures = orjson.loads(overview.read_provider_figures(by, provider_id).body)
    heads = list(dict.fromkeys(name for each in figures["contracts"] for name in each))
    return csv_answer("contracts-of-provider", heads, [[each[name] for name in heads] for each in figures["contracts"]])


@router.get("/providers/{provider_id}/ahead.csv")
def provider_ahead_csv(provider_id: str, by: Annotated[Caller, may_see(overview.read_provider_figures)]) -> Response:
    """What lies ahead of it, for a spreadsheet."""
    PROVIDERS.read(by, provider_id)  # of one that is not there nothing lies ahead
    contracts = records(by, "contracts", provider_id=provider_id)
    restrictions = records(by, "restrictions", provider_id=provider_id)
    today, assessed = by.settings.clock.today(), _assessments(by, provider_id)
    ahead = days_ahead(contracts, _rates(by), restrictions, area_names(by), _go_lives(by), assessed, today)
    return csv_answer("days-ahead-of-provider", ("day", "what", "late"), [(each.iso, each.what, each.is_late) for each in ahead])


@router.get("/providers/{provider_id}/restrictions.csv")
def provider_restrictions_csv(provider_id: str, by: Annotated[Caller, may_see(RESTRICTIONS.list)]) -> Response:
    """Its restrictions as their file has them, for a spreadsheet."""
    PROVIDERS.read(by, provider_id)
    found = records(by, "restrictions", provider_id=provider_id)
    heads = [name for name in HEADS_OF_RESTRICTIONS if not found or name in found[0]]
    return csv_answer("restrictions-of-provider", heads, [[each[name] for name in heads] for each in found])


def _go_lives(by: Caller) -> Mapping[str, dt.date]:
    return overview.go_lives(by) if _may(by, overview.go_lives) else {}


def _rates(by: Caller) -> dict[str, list[Json]]:
    """Dated prices by contract."""
    rates: dict[str, list[Json]] = {}
    for each in records(by, "rates"):
        rates.setdefault(each["contract_id"], []).append(each)
    return rates


def _page(request: Request, by: Caller, provider_id: str, figures: Json | None, done: str) -> Response:
    told: Json = orjson.loads(PROVIDERS.read(by, provider_id).body)
    contracts = records(by, "contracts", provider_id=provider_id)
    restrictions = records(by, "restrictions", provider_id=provider_id)
    names = area_names(by)
    assessed, rates = _assessments(by, provider_id), _rates(by)
    today = by.settings.clock.today()
    values = {
        "board": board_of(told, figures, restrictions, contracts, rates, names, today),
        "provider_id": provider_id,
        "locations": [
            (each["name"], rating_in_words(each["cqc_rating"]), each["location_id"])
            for each in records(by, "locations", provider_id=provider_id)
        ],
        "offices": [each["office_id"] for each in told["offices"]],
        "ahead": days_ahead(contracts, rates, restrictions, names, _go_lives(by), assessed, today),
        "assessments": None if not _may(by, assessments.list_assessments) else [_assessment(by, each) for each in assessed],
        "may_assess": _may(by, assessments.open_assessment),
        "may_tell_free_hours": _may(by, capacity_returns.tell),
        "tells_free_hours": _may(by, capacity_returns.list_returns),
        "free_hours": _free_hours(by, provider_id, names),
        "questions": _questions(by, provider_id, told["name"]),
        "on_call": _on_call(by, provider_id),
        "may_declare_on_call": _may(by, on_call.declare_hours),
        "tells_restrictions": reads(by, "restrictions"),
        "tells_figures": figures is not None,
        "tells_contracts": reads(by, "contracts"),
        "may": {kind: _may_keep(by, kind) for kind in EDITED},
        "may_extend": _may(by, contract_lives.extend),
        "may_end_early": _may(by, contract_lives.end_early),
        "may_award": _may(by, contract_lives.award_anew),
        "may_withdraw": _may(by, contract_lives.withdraw),
        "reads_statements": _may(by, statements.list_statements),
        "done": DONE.get(done, ""),
        "as_of": f"As of {moment_in_words(by.settings.clock.now())}",
    }
    return page(request, "provider.html.j2", told["name"], values)


def _questions(by: Caller, provider_id: str, name: str) -> list[QuestionRow] | None:
    """What it has asked, as far as this role is told of it; None: not at all."""
    if not _may(by, contacts.list_contacts):
        return None
    asked = contacts.list_contacts(by, ContactsQuery(provider_id=provider_id))
    now = by.settings.clock.now()
    return question_rows([orjson.loads(each) for each in asked.items], {provider_id: name}, now)


def _free_hours(by: Caller, provider_id: str, names: dict[str, str]) -> FreeHours | None:
    if not _may(by, capacity_returns.list_returns):
        return None
    query, told = ReturnsQuery(provider_id=provider_id), []
    if _may(by, capacity_returns.list_disagreements):
        told = [orjson.loads(each) for each in capacity_returns.list_disagreements(by, query).items]
    return free_hours_of([orjson.loads(each) for each in capacity_returns.list_returns(by, query).items], told, names)


def _on_call(by: Caller, provider_id: str) -> tuple[list[tuple[str, str]], str] | None:
    """When it is on call, a line for each kind of day, and whether something else waits to be confirmed."""
    if not _may(by, on_call.read):
        return None
    told: Json = orjson.loads(on_call.read(by, provider_id).body)
    return in_words(told["hours"]), declared_in_words(told, by.settings.clock.now())


def _assessments(by: Caller, provider_id: str) -> list[Json]:
    if not _may(by, assessments.list_assessments):
        return []
    query = AssessmentsQuery(provider_id=provider_id, limit=MOST)
    return every(lambda each: assessments.list_assessments(by, query.model_copy(update={"cursor": each.cursor})))


def _assessment(by: Caller, each: Json) -> tuple[str, str, str, str, list[tuple[str, str]], str]:
    """In words, with the steps that it may take and its id."""
    rating = each["rating"] or each["draft_rating"]
    said = f"{rating_in_words(rating)}{'' if each['rating'] else ', a draft'}" if rating else "no rating yet"
    due = each["next"]
    late = f", {due['days_overdue']} days late" if due and due["days_overdue"] else ""
    step = f"{due['step']} by {day_in_words(due['due_on'])}{late}" if due else "nothing"
    return (
        f"Visited {day_in_words(each['visited_on'])}",
        in_plain(each["state"]).capitalize(),
        said,
        step,
        steps_open(by, each),
        each["assessment_id"],
    )


def _may(by: Caller, act: Act[..., Any] | None) -> bool:
    return act is not None and act.role_of(by.actor) is not None


def _may_keep(by: Caller, kind: str) -> dict[str, bool]:
    deeds = DEEDS[kind]
    return {"add": _may(by, deeds.add), "change": _may(by, deeds.change), "end": _may(by, deeds.end)}
