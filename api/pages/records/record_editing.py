"""A record is changed, ended or added in the browser, with a reason; what would follow can be shown before anything is written.

Only what somebody has made another is sent, so that the trail says what they did. Each form carries the version that it showed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Act, Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem, told_as_problems
from api.http.responses import Shown
from api.overview import acts as overview
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names, records
from api.pages.page_words import address_part, dates_in_words, money_in_words
from api.pages.records.record_fields import Field, Pairs, field_of
from api.pages.whole_lists import every
from api.records.acts import DEEDS, Deeds, open_to_change
from api.records.record_kinds import RECORD_KINDS, RecordKind
from api.records.schemas import SCHEMAS, Ended

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
EDITED = ("providers", "contracts", "rates", "restrictions", "offices", "locations")
"""Kinds that are shown with a provider, and kept from its page."""
REASON = field_of("reason", {})
SEVERAL = ("bands",)
REFUSED = ("changed_since", "still_needed", "not_ahead", "refused", "already_there", "forbidden", "no_such_place", "no_postcodes")
"""What is told above the form, with what was entered kept."""
MEANWHILE = "Somebody has changed this since you opened it. Nothing was written: compare what you entered with how it stands now."


@dataclass(frozen=True)
class Asked:
    """A form that is shown or was sent. ``title``: the page's heading; ``send``: does it, as a trial or for good."""

    title: str
    lead: str
    subject: str
    back: str
    address: str
    save: str
    fields: list[Field]
    values: Mapping[str, Any]
    hidden: Mapping[str, str]
    send: Callable[[Json, bool], Shown]
    ends: bool = False
    changes: bool = False
    now: list[tuple[str, str]] = field(default_factory=list)


def add_routes(kind: RecordKind) -> None:
    """The pages of a kind: to change one, to end one, to add one."""
    deeds, at = DEEDS[kind.kind], f"/records/{kind.kind}"

    async def to_change(request: Request, record_id: str, by: Caller) -> Response:
        return await _shown(request, await run_in_threadpool(_to_change, by, kind, record_id))

    async def change(request: Request, record_id: str, by: Caller) -> Response:
        return await _sent(request, lambda form: _to_change(by, kind, record_id, form))

    async def to_end(request: Request, record_id: str, by: Caller) -> Response:
        return await _shown(request, await run_in_threadpool(_to_end, by, kind, record_id))

    async def end(request: Request, record_id: str, by: Caller) -> Response:
        return await _sent(request, lambda form: _to_end(by, kind, record_id, form))

    async def to_add(request: Request, by: Caller, of: str = "") -> Response:
        return await _shown(request, await run_in_threadpool(_to_add, by, kind, of))

    async def add(request: Request, by: Caller) -> Response:
        return await _sent(request, lambda form: _to_add(by, kind, form.value("of")))

    def route(endpoint: Any, deed: Act[..., Any], method: str, path: str) -> None:
        endpoint.__annotations__ |= {"by": Annotated[Caller, may_see(deed)]}
        guards = [Depends(sent_from_here)] if method == "POST" else []
        router.add_api_route(at + path, endpoint, methods=[method], dependencies=guards)

    if kind.kind != "providers":  # whose offices come with it: from a folder, or over HTTP
        route(to_add, deeds.add, "GET", "/new")
        route(add, deeds.add, "POST", "/new")
    route(to_change, deeds.change, "GET", "/{record_id}/change")
    route(change, deeds.change, "POST", "/{record_id}/change")
    route(to_end, deeds.end, "GET", "/{record_id}/end")
    route(end, deeds.end, "POST", "/{record_id}/end")


def _to_change(by: Caller, kind: RecordKind, record_id: str, form: FilledForm | None = None) -> Asked:
    deeds = DEEDS[kind.kind]
    told, etag = _read(by, deeds, record_id)
    provider_id = _provider_of(by, kind, told)
    references = _references(by, provider_id)
    fields = [field_of(name, references) for name in open_to_change(by, kind)]

    def send(entered: Json, dry_run: bool) -> Shown:
        others = {each.name: entered[each.name] for each in fields if not _same(entered[each.name], told[each.name])}
        asked = SCHEMAS[kind.kind].changes(**others | {"reason": entered["reason"]})
        return deeds.change(by, record_id, asked, _seen(form, etag), dry_run)

    return Asked(
        title=f"Change {_a(kind)}",
        lead="What you leave as it is stays as it is. Running care stays where it is.",
        subject=_called(by, kind, told, provider_id),
        back=f"/providers/{address_part(provider_id)}",
        address=f"/records/{kind.kind}/{address_part(record_id)}/change",
        save="Save",
        fields=[*fields, REASON],
        values={each.name: each.shown(told[each.name]) for each in fields} | {"reason": ""},
        hidden={"seen": etag},
        send=send,
        changes=True,
        now=[(each.label, each.in_words(told[each.name])) for each in fields],
    )


def _to_end(by: Caller, kind: RecordKind, record_id: str, form: FilledForm | None = None) -> Asked:
    deeds = DEEDS[kind.kind]
    told, etag = _read(by, deeds, record_id)
    provider_id = _provider_of(by, kind, told)
    day = field_of("ends", {})

    def send(entered: Json, dry_run: bool) -> Shown:
        asked = Ended(ends=entered["ends"], reason=entered["reason"] or "")
        return deeds.end(by, record_id, asked, _seen(form, etag), dry_run)

    return Asked(
        title=f"End {_a(kind)}",
        lead=kind.ending,
        subject=_called(by, kind, told, provider_id),
        back=f"/providers/{address_part(provider_id)}",
        address=f"/records/{kind.kind}/{address_part(record_id)}/end",
        save=f"End this {kind.one}",
        fields=[day, REASON],
        values={"ends": None, "reason": ""},
        hidden={"seen": etag},
        send=send,
        ends=True,
    )


def _to_add(by: Caller, kind: RecordKind, of: str) -> Asked:
    """``of``: the provider that it is of, or of a dated price the contract."""
    deeds, schema = DEEDS[kind.kind], SCHEMAS[kind.kind].new
    owner = "contract_id" if kind.kind == "rates" else "provider_id"
    provider_id = _provider_of(by, kind, {owner: of})
    names = provider_names(by)
    if provider_id not in names:
        raise Problem("not_found", "There is no provider of this id.")
    references = _references(by, provider_id)
    allowed = {*kind.fixed, *open_to_change(by, kind), "postcode"} - {owner, "reason", "succeeds", "location_id"}
    own_id = {kind.id_name} & schema.model_fields.keys()
    fields = [field_of(name, references) for name in schema.model_fields if name in allowed | own_id]

    def send(entered: Json, dry_run: bool) -> Shown:
        given = {name: value for name, value in entered.items() if value not in (None, [])}
        return deeds.add(by, schema(**{"reason": "", **_empty(schema), **given, owner: of}), dry_run)

    return Asked(
        title=f"Add {_a(kind)}",
        lead="",
        subject=names[provider_id],
        back=f"/providers/{address_part(provider_id)}",
        address=f"/records/{kind.kind}/new",
        save=f"Add this {kind.one}",
        fields=[*fields, REASON],
        values={each.name: each.shown(None) for each in fields} | {"reason": ""},
        hidden={"of": of},
        send=send,
    )


def _a(kind: RecordKind) -> str:
    """A contract, an office."""
    return f"{kind.a[0].lower()}{kind.a[1:]}"


def _empty(schema: Any) -> Json:
    """What has to be said and may be null, where a form leaves it empty."""
    fields = {name: part for name, part in schema.model_fields.items() if part.is_required()}
    return {name: None for name, part in fields.items() if any(getattr(each, "may_be_null", False) for each in part.metadata)}


def _read(by: Caller, deeds: Deeds, record_id: str) -> tuple[Json, str]:
    if deeds.read is None:
        raise Problem("not_found", "There is nothing here.")
    found = deeds.read(by, record_id)
    return orjson.loads(found.body), found.etag


def _provider_of(by: Caller, kind: RecordKind, told: Json) -> str:
    """Whose page a record is kept from."""
    if kind.kind != "rates":
        return cast(str, told["provider_id"])
    contract, _ = _read(by, DEEDS["contracts"], told["contract_id"])
    return cast(str, contract["provider_id"])


def _references(by: Caller, provider_id: str) -> dict[str, Pairs]:
    areas = sorted((each["name"], each["area_id"]) for each in every(lambda query: overview.list_areas(by, query)))
    contracts = [each["contract_id"] for each in records(by, "contracts", provider_id=provider_id)]
    locations = [(each["location_id"], each["name"]) for each in records(by, "locations", provider_id=provider_id)]
    return {
        "area_id": [(area_id, name) for name, area_id in areas],
        "succeeds": [(each, each) for each in contracts],
        "location_id": locations,
    }


def _called(by: Caller, kind: RecordKind, told: Json, provider_id: str) -> str:
    """Which record it is, in words."""
    name = provider_names(by).get(provider_id, "")
    return name if kind.kind == "providers" else f"{told[kind.id_name]}, {name}"


def _same(entered: Any, before: Any) -> bool:
    return entered == before or (entered in (None, []) and before in (None, []))


def _seen(form: FilledForm | None, etag: str) -> str:
    """The version that the form showed; nobody is asked for one that they were not shown."""
    return (form.value("seen") if form else "") or etag


async def _shown(
    request: Request, asked: Asked, form: FilledForm | None = None, follows: list[str] | None = None, status: int = 200
) -> Response:
    form = form or FilledForm()
    values = {
        "form": form,
        "subject": asked.subject,
        "lead": asked.lead,
        "back": asked.back,
        "back_text": "Back to the provider",
        "address": asked.address,
        "hidden": asked.hidden,
        "fields": asked.fields,
        "values": asked.values,
        "save": asked.save,
        "ends": asked.ends,
        "may_try": True,
        "follows": follows,
        "now": asked.now if form.fault("") == MEANWHILE else [],
    }
    return await run_in_threadpool(page, request, "record.html.j2", asked.title, values, status=status, wrong=bool(form.faults))


async def _sent(request: Request, ask: Callable[[FilledForm], Asked]) -> Response:
    form = await sent_form(request, several=SEVERAL)
    asked = await run_in_threadpool(ask, form)
    entered, faults = _entered(asked, form)
    if faults:
        return await _shown(request, asked, form.wrong(faults), status=422)
    trial = form.value("step") == "try"
    try:
        done = await run_in_threadpool(_done, asked, entered, trial)
    except ValidationError as error:
        return await _shown(request, asked, form.wrong(_faults_of(error, asked)), status=422)
    except Problem as problem:
        if problem.code not in REFUSED:
            raise
        said = MEANWHILE if problem.code == "changed_since" else " ".join([dates_in_words(problem.detail), *_more(problem)])
        status = 409 if problem.code == "changed_since" else KINDS[problem.code].status
        return await _shown(request, asked, form.wrong({"": said}), status=status)
    if trial:
        return await _shown(request, asked, form, _follows(orjson.loads(done.body)))
    return see(f"{asked.back}?done={'ended' if asked.ends else 'changed' if asked.changes else 'added'}")


def _done(asked: Asked, entered: Json, trial: bool) -> Shown:
    with told_as_problems():
        return asked.send(entered, trial)


def _entered(asked: Asked, form: FilledForm) -> tuple[Json, dict[str, str]]:
    entered, faults = {}, {}
    for each in asked.fields:
        try:
            entered[each.name] = each.read(form)
        except ValueError as error:
            faults[each.name] = str(error)
    if not faults and not entered["reason"]:
        faults["reason"] = "Say why"
    if asked.ends and not faults and entered["ends"] is None:
        faults["ends"] = "Enter the first day that is no longer covered"
    if asked.changes and not faults and all(entered[each.name] == _as_entered(each, asked) for each in asked.fields[:-1]):
        faults[""] = "Nothing is another than it was"
    return entered, faults


def _as_entered(each: Field, asked: Asked) -> Any:
    """What a field says that nobody has touched."""
    value = asked.values[each.name]
    if isinstance(value, dt.date):
        return str(value)
    several = list(value) if each.kind == "several" else [str(value or "")]
    return each.read(FilledForm({each.name: several} if each.kind != "date" else {}, is_sent=True))


def _faults_of(error: ValidationError, asked: Asked) -> dict[str, str]:
    """What the schema finds wrong, in words; its sentences tell what was expected, and never a value."""
    labels = {each.name: each.label for each in asked.fields}
    found: dict[str, str] = {}
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        name = str(each["loc"][0]) if each["loc"] else ""
        said = "enter it" if each["type"] == "missing" else dates_in_words(each["msg"])
        found.setdefault(name if name in labels else "", f"{labels.get(name, '')}: {said}".removeprefix(": "))
    return found


def _more(problem: Problem) -> list[str]:
    return [dates_in_words(each) for each in problem.more.get("faults", ()) if isinstance(each, str)]


def _follows(told: Json) -> list[str]:
    """What follows from writing it, in sentences."""
    said = [dates_in_words(each) for each in told["notes"]]
    prices = told["prices"]
    if prices is not None and prices["people"]:
        more = prices["weekly_change_gbp"]
        who = "1 person's weekly price" if prices["people"] == 1 else f"{prices['people']:,} people's weekly price"
        said.append(f"{who} becomes another: in all {money_in_words(abs(more))} a week {'more' if more >= 0 else 'less'}.")
    return said or ["Nothing else: only the record is another."]


for _kind in RECORD_KINDS:
    if _kind.kind in EDITED:
        add_routes(_kind)
