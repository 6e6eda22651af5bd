"""What is done from the step panel: asking, answers of providers and of the person, care that begins, is held, moves and ends."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.answers import acts as answers
from api.care import acts as care
from api.care.schemas import End, Hold, Start
from api.decision_requests import acts as decision_requests
from api.decision_requests.schemas import NewDecisionRequest
from api.first_visits import acts as first_visits
from api.first_visits.schemas import Confirmation
from api.http.errors import Problem
from api.meanwhile import acts as meanwhile
from api.meanwhile.schemas import Choice
from api.offers import acts as offers
from api.offers.schemas import Answer, Ask
from api.pages.filled_form import FilledForm, sent_form
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import address_part
from api.pages.people import persons_answer
from api.pages.people.form_dates import day_of, moment_of
from api.pages.people.person import does_or_says, prefix_of, wrong_fields
from api.pages.people.step_panel import NO_REASONS

router = APIRouter(
    prefix="/people/{package_id}", include_in_schema=False, dependencies=[Depends(asked_for_now), Depends(sent_from_here)]
)
Json = dict[str, Any]
FIRST_VISIT = "Give the day and time of the first visit"
OF_FIRST_VISITS = {"first_visit_at": FIRST_VISIT, "said_by": "Say who said so, in 3 characters or more"}
OUT_OF_TURN = "Another provider that has said yes comes first. If the person prefers this one, say why"
OTHERS_WAIT = "Others have been asked since, and may still answer. If the person prefers this provider, say why"
STILL_GATHERING = "Others may still answer. If the person prefers this provider, say why"
NOT_NOW = "A rule does not allow this provider now. Care that runs needs a social work decision for this kind of move first."


@router.post("/ask")
async def ask(request: Request, package_id: str, by: Annotated[Caller, may_see(offers.ask)]) -> Response:
    """Those whom the page named as the next step are asked, and nobody else: where they are the next step no more, it says so."""
    form = await sent_form(request)
    wanted = _named_in(form.value("seen"))

    def does() -> str:
        offers.ask(by, package_id, wanted)
        return "asked"

    return await does_or_says(request, by, package_id, "ask", form, does, {})


def _named_in(seen: str) -> Ask:
    """The contracts that a form names. Raises the problem ``malformed``."""
    try:
        named = Ask(contract_ids=orjson.loads(seen))
    except ValueError:  # of JSON and of what it holds alike
        named = Ask()
    if not named.contract_ids:  # whoever names nobody would ask a step that they have not seen
        raise Problem("malformed", "The form does not say who is asked. Open the page again.")
    return named


@router.post("/ask-named")
async def ask_named(request: Request, package_id: str, by: Annotated[Caller, may_see(offers.ask)]) -> Response:
    """One provider is asked out of order, or to take over care that runs; the reason is recorded."""
    form = await sent_form(request, prefix=prefix_of("named"))
    running = form.value("move") != ""
    faults = {}
    if not form.value("contract_id"):
        faults["contract_id"] = "Choose whom to ask"
    if not form.value("reason"):
        faults["reason"] = "Say why" if running else "Say why out of order"
    if faults:
        return await wrong_fields(request, by, package_id, "named", form, faults)

    def does() -> str:
        wanted: Json = {"contract_ids": [form.value("contract_id")], "reason": form.value("reason")}
        wanted |= {"move": form.value("move")} if running else {}
        wanted |= {"decision_reference": form.value("reference")} if form.value("reference") else {}
        offers.ask(by, package_id, Ask.model_validate(wanted))
        return "asked"

    says = {"reason": "Say why, in at most 2,000 characters", "decision_reference": "Say where the decision is recorded"}
    fields = {"decision_reference": "reference", "contract_ids": "contract_id"}
    about = {"decision_needed": ("reference", ""), "reason_needed": ("reason", ""), "may_not_be_asked": ("contract_id", NOT_NOW)}
    return await does_or_says(request, by, package_id, "named", form, does, says, fields, about)


@router.post("/ask-social-work")
async def ask_social_work(request: Request, package_id: str, by: Annotated[Caller, may_see(decision_requests.ask)]) -> Response:
    """Social work is asked whether a move is right for the person, and by when it is to say so."""
    form = await sent_form(request, prefix=prefix_of("decision"))
    day, faults = day_of(form, "by")
    if day is None:
        faults.setdefault("by", "Give the day by which a decision is needed")
    if not form.value("why"):
        faults["why"] = "Say what the move is for"
    if faults:
        return await wrong_fields(request, by, package_id, "decision", form, faults)

    def does() -> str:
        told: Json = {"move": form.value("move"), "why": form.value("why"), "decide_by": str(day)}
        told |= {name: form.value(name) or None for name in ("request_id", "to_provider_id")}
        decision_requests.ask(by, package_id, NewDecisionRequest.model_validate(told))
        return "asked-social-work"

    says = {"move": "Say what the move is for", "why": "Say what the move is for, in at most 2,000 characters"}
    return await does_or_says(request, by, package_id, "decision", form, does, says, {"decide_by": "by"})


@router.post("/offers/{offer_id}")
async def answer_offer(
    request: Request, package_id: str, offer_id: str, by: Annotated[Caller, may_see(offers.answer)]
) -> Response:
    """A provider's answer, as the planner records it, or a withdrawal."""
    key = f"offer-{offer_id}"
    form = await sent_form(request, prefix=prefix_of(key))
    said = form.value("answer")
    late = form.value("late") == "yes"
    if said not in ("accepted", *(() if late else ("withdrawn",)), *NO_REASONS):
        return await wrong_fields(request, by, package_id, key, form, {"answer": "Choose what the provider says"})
    response = said if said in ("accepted", "withdrawn") else "declined"

    def does() -> str:
        done = offers.answer(by, offer_id, _answer_of(form, response, said), form.value("seen")).offer
        return "heard" if response == "accepted" and done.response is None and done.said is not None else response

    says = {
        "raise_provider_limit": "Give the new limit in hours and who agreed, when and how",
        "answered_by": "Say who answered in at most 120 characters",
    }
    fields = {"raise_provider_limit": "limit"}
    about = {"beyond_provider_limit": ("limit", ""), "not_a_rise": ("limit", "")}
    about |= {"out_of_turn": ("person_prefers", OUT_OF_TURN), "still_gathering": ("person_prefers", STILL_GATHERING)}
    about |= {"others_wait": ("person_prefers", OTHERS_WAIT)}
    return await does_or_says(request, by, package_id, key, form, does, says, fields, about)


def _answer_of(form: FilledForm, response: str, said: str) -> Answer:
    """What a form says of an offer. Raises ``ValidationError``."""
    told: Json = {"response": response} | ({"late": True} if form.value("late") == "yes" else {})
    if response == "declined":
        told["reason"] = said
    if response != "withdrawn":
        told |= {"answered_by": form.value("answered_by") or None, "how": form.value("how") or None}
    if response == "accepted" and (form.value("limit") or form.value("agreed")):
        told["raise_provider_limit"] = {"max_hours_4w": _number(form.value("limit")), "evidence": form.value("agreed")}
    if response == "accepted" and form.value("person_prefers").strip():
        told["person_prefers"] = form.value("person_prefers").replace("\r\n", "\n")
    return Answer.model_validate(told)


def _number(text: str) -> float | str:
    """A figure as somebody types it, 1,250.5 too; what is none stays as it is, for the schema to refuse."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return text


@router.post("/says")
async def person_says(request: Request, package_id: str, by: Annotated[Caller, may_see(answers.record)]) -> Response:
    """The person's own yes or no to a provider, and who gave it."""
    form = await sent_form(request, prefix=prefix_of("says"))

    def does() -> str:
        answers.record(by, package_id, persons_answer.answer_in(form))
        return "answered"

    return await does_or_says(request, by, package_id, "says", form, does, persons_answer.SAYS)


@router.post("/start")
async def start(request: Request, package_id: str, by: Annotated[Caller, may_see(care.start)]) -> Response:
    """Care has begun, with its first visit where the provider has said so."""
    form = await sent_form(request, prefix=prefix_of("start"))
    day, faults = day_of(form, "on", "Give the day on which care began, such as 27 3 2027")
    if day is None and not faults:
        faults["on"] = "Give the day on which care began"
    first, wrong = moment_of(form, "first", f"{FIRST_VISIT}, such as 8:10")
    faults |= wrong
    if (first is None) != (not form.value("said_by")) and not faults:
        faults["said_by" if first else "first"] = "Give the first visit with who at the provider said so, or leave both out"
    if faults:
        return await wrong_fields(request, by, package_id, "start", form, faults)

    def does() -> str:
        told: Json = {"care_started": None if day is None else day.isoformat()}
        if first is not None:
            told |= {"first_visit_at": first.isoformat(), "said_by": form.value("said_by"), "how": form.value("how") or None}
        care.start(by, package_id, Start.model_validate(told), form.value("seen"))
        return "started"

    return await does_or_says(request, by, package_id, "start", form, does, OF_FIRST_VISITS, {"first_visit_at": "first"})


@router.post("/first-visit")
async def first_visit(request: Request, package_id: str, by: Annotated[Caller, may_see(first_visits.confirm)]) -> Response:
    """The provider says that somebody came for the first time."""
    form = await sent_form(request, prefix=prefix_of("visit"))
    at, faults = moment_of(form, "first", f"{FIRST_VISIT}, such as 8:10")
    if at is None and not faults:
        faults["first"] = FIRST_VISIT
    if not form.value("said_by"):
        faults["said_by"] = "Say who at the provider said so"
    if faults:
        return await wrong_fields(request, by, package_id, "visit", form, faults)

    def does() -> str:
        told = {"first_visit_at": at and at.isoformat(), "said_by": form.value("said_by"), "how": form.value("how") or None}
        first_visits.confirm(by, package_id, Confirmation.model_validate(told))
        return "visited"

    return await does_or_says(request, by, package_id, "visit", form, does, OF_FIRST_VISITS, {"first_visit_at": "first"})


@router.post("/hold")
async def hold(request: Request, package_id: str, by: Annotated[Caller, may_see(care.hold)]) -> Response:
    """A stay in hospital: contract and hours are kept until a day, or until a later one."""
    form = await sent_form(request, prefix=prefix_of("hold"))
    day, faults = day_of(form, "until")
    if day is None:
        faults.setdefault("until", "Give the day until which the hours are kept")
        return await wrong_fields(request, by, package_id, "hold", form, faults)

    def does() -> str:
        care.hold(by, package_id, Hold.model_validate({"held_until": day.isoformat()}).held_until, form.value("seen"))
        return "held"

    return await does_or_says(request, by, package_id, "hold", form, does, {"held_until": "Give a day"}, {"held_until": "until"})


@router.post("/restart")
async def restart(request: Request, package_id: str, by: Annotated[Caller, may_see(care.restart)]) -> Response:
    """Care on hold goes on as it was, or is asked for anew from a day on."""
    form = await sent_form(request, prefix=prefix_of("restart"))
    resumes = form.value("how") == "resumes"
    day, faults = day_of(form, "from")
    if form.value("how") not in ("resumes", "anew"):
        faults["how"] = "Choose whether care goes on as it was or is asked for anew"
    if faults:
        return await wrong_fields(request, by, package_id, "restart", form, faults)

    def does() -> str:
        care.restart(by, package_id, None if resumes else day, resumes=resumes, if_match=form.value("seen"))
        return "resumed" if resumes else "restarted"

    return await does_or_says(request, by, package_id, "restart", form, does, {})


@router.post("/end")
async def end(request: Request, package_id: str, by: Annotated[Caller, may_see(care.end)]) -> Response:
    """Care ends, by a named person's act; where the need remains it is asked for anew in the same act."""
    form = await sent_form(request, prefix=prefix_of("end"))
    day, faults = day_of(form, "from")
    remains = {"yes": True, "no": False}.get(form.value("remains"))
    if not form.value("reason"):
        faults["reason"] = "Say why care ends"
    if form.value("asks_whether") and remains is None:
        faults["remains"] = "Say whether care is still needed"
    if faults:
        return await wrong_fields(request, by, package_id, "end", form, faults)
    told: Json = {"reason": form.value("reason"), "ended_by": form.value("ended_by") or None, "need_remains": remains}
    told |= {"start_by": day.isoformat()} if day is not None and remains else {}
    opened: list[str] = []

    def does() -> str:
        ended = care.end(by, package_id, End.model_validate(told), form.value("seen"))
        opened.extend(filter(None, [ended.new_package_id]))
        return "opened"

    says = {"reason": "Say why care ends, in at most 2,000 characters", "ended_by": "Choose who ends it"}
    answer = await does_or_says(request, by, package_id, "end", form, does, says)
    if answer.status_code != 303:
        return answer
    return see(f"/people/{address_part(opened[0])}?done=opened" if opened else "/waiting?done=ended")


@router.post("/choose")
async def choose(request: Request, package_id: str, by: Annotated[Caller, may_see(meanwhile.choose)]) -> Response:
    """What is done where nobody can be asked, chosen by whoever is signed in."""
    form = await sent_form(request, prefix=prefix_of("choose"))
    day, faults = day_of(form, "until")
    if not form.value("choice"):
        faults["choice"] = "Choose what is done"
    if not form.value("reason"):
        faults["reason"] = "Say why"
    if faults:
        return await wrong_fields(request, by, package_id, "choose", form, faults)

    def does() -> str:
        told: Json = {"choice": form.value("choice"), "reason": form.value("reason"), "wish": form.value("wish") or None}
        told["choice_until"] = None if day is None else day.isoformat()
        meanwhile.choose(by, package_id, Choice.model_validate(told), form.value("seen"))
        return "chosen"

    says = {"choice": "Choose what is done", "reason": "Say why, on one line or a few", "wish": "Say what the person said"}
    about = {"wish_needed": ("wish", ""), "not_approved": ("choice", ""), "reserve_not_open": ("choice", "")}
    return await does_or_says(request, by, package_id, "choose", form, does, says, {"choice_until": "until"}, about)
