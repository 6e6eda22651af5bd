"""A run is asked for by a form; whoever sends it goes on to follow the run."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem, told_as_problems
from api.overview import acts as overview
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import area_names, provider_names, records
from api.pages.page_words import dates_in_words, in_plain
from api.pages.plans.asking_form import OF_A_TIER, PLACES, REQUIREMENTS, FaultyError, request_of
from api.pages.plans.forms_of_kinds import FORMS, SECONDS, Asking
from api.pages.plans.run_words import to_section
from api.runs import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
LEVEL = "(level "
"""What the rule book says of what a level does."""
REFUSED = ("invalid_request", "idempotency_key_reused", "queue_share", "not_ready", "refused", "no_account_book")
"""What is told above a form that asks for a run, with what was entered kept."""
NO_SUCH_FORM = "There is no such kind of run to ask for."
SENT_BEFORE = (
    "You have sent this form before, with other entries: look at the list of plans. Send it again to ask for this one too."
)


@router.get("/plans/new/{kind}")
def new(request: Request, kind: str, by: Annotated[Caller, may_see(acts.start)]) -> Response:
    """The form of one kind."""
    return _page(request, by, _form_of(kind), FilledForm())


@router.post("/plans/new/{kind}", dependencies=[Depends(sent_from_here)])
async def ask(request: Request, kind: str, by: Annotated[Caller, may_see(acts.start)]) -> Response:
    """The run is in the queue; pressing twice asks for it once."""
    asking, form = _form_of(kind), await sent_form(request, several=("area",), most_fields=400)
    try:
        wanted = request_of(asking, form)
        with told_as_problems():
            made = await run_in_threadpool(acts.start, by, form.value("once")[:200] or secrets.token_hex(16), wanted)
    except FaultyError as faulty:
        return await run_in_threadpool(_page, request, by, asking, form.wrong(faulty.faults), 422)
    except Problem as problem:
        if problem.code not in REFUSED:
            raise
        faults = {f"fault-{number}" if number else "": said for number, said in enumerate(faults_told(problem))}
        return await run_in_threadpool(_page, request, by, asking, form.wrong(faults), KINDS[problem.code].status)
    return see(f"/plans/{made.run.run_id}")


def faults_told(problem: Problem) -> list[str]:
    """Why a run is not begun, in words."""
    if problem.code == "idempotency_key_reused":
        return [SENT_BEFORE]
    faults = [dates_in_words(str(each)) for each in problem.more.get("faults", ())]
    return faults or [problem.detail.partition(" Wait for")[0]]


def _form_of(kind: str) -> Asking:
    if kind not in FORMS:
        raise Problem("not_found", NO_SUCH_FORM)
    return FORMS[kind]


def _page(request: Request, by: Caller, asking: Asking, form: FilledForm, status: int = 200) -> Response:
    today = by.settings.clock.now()
    values: dict[str, Any] = {
        "asking": asking,
        "back": to_section(asking.section),
        "form": form,
        "faults": [(said, field if not field.startswith("fault-") else "") for said, field in form.summary],
        "once": secrets.token_hex(16),
        "seconds": SECONDS,
        "today": today.date(),
        "now": f"{today:%H:%M}",
        "areas": _with_a_principal(by) if "principal_areas" in asking.fields else list(area_names(by).items()),
        "providers": _providers(by) if {"provider", "failing", "scenario"} & set(asking.fields) else [],
        "contracts": _contracts(by) if {"contract", "scenario"} & set(asking.fields) else [],
        "compares_visits": bool({*by.settings.visits_compared_by} & {*by.actor.roles}),
        "billed": _billed(by) if "scenario" in asking.fields else [],
        "requirements": REQUIREMENTS,
        "more": list(enumerate(PLACES, start=1))[1:],
        "levels": _levels(by) if "require" in asking.fields else [],
    }
    return page(
        request, "plans/new.html.j2", asking.title, values, status=status, wrong=bool(form.faults), section=values["back"][0]
    )


def _providers(by: Caller) -> list[tuple[str, str]]:
    found = sorted((name, provider_id) for provider_id, name in provider_names(by).items())
    return [("", "Choose a provider"), *((provider_id, name) for name, provider_id in found)]


def _contracts(by: Caller) -> list[tuple[str, str]]:
    """By their holders' names, with tier and area."""
    names, areas = provider_names(by), area_names(by)
    found = []
    for each in records(by, "contracts"):
        of_area = f", {areas[each['area_id']]}" if each["area_id"] in areas else ""
        found.append((f"{names.get(each['provider_id'], '')}: {each['tier']}{of_area}", each["contract_id"]))
    return [("", "Choose a contract"), *((contract_id, f"{said} ({contract_id})") for said, contract_id in sorted(found))]


def _billed(by: Caller) -> list[tuple[str, str]]:
    """Whose visits may be billed otherwise: everybody's, those under contracts of a tier, or one contract's."""
    tiers = sorted({each["tier"] for each in records(by, "contracts")})
    of_tiers = [(f"{OF_A_TIER}{tier}", f"All {tier} contracts") for tier in tiers]
    return [("", "All contracts"), *of_tiers, *_contracts(by)[1:]]


def _levels(by: Caller) -> list[tuple[str, str]]:
    """Every level of the rule book that is brought down, with its sentence."""
    rules = orjson.loads(overview.read_rules(by).body)["rules"]
    levels = (each for each in rules if LEVEL in each["effect"])
    return [(each["name"], f"{in_plain(each['name']).capitalize()}: {each['sentence']}") for each in levels]


def _with_a_principal(by: Caller) -> list[tuple[str, str]]:
    own = {each["area_id"] for each in records(by, "contracts") if each["tier"] == "principal"}
    return [(area_id, name) for area_id, name in area_names(by).items() if area_id in own]
