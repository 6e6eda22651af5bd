"""A record is changed, ended or added in the browser, with a reason; what would follow can be shown before anything is written.

Only what somebody has made another is sent, so that the trail says what they did. Each form carries the version that it showed.
"""

from __future__ import annotations

from typing import Annotated, Any, cast

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Act, Caller
from api.acts.in_browsers import may_see
from api.http.errors import Problem
from api.http.responses import Shown
from api.pages.filled_form import FilledForm
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import area_names, provider_names, records
from api.pages.page_words import address_part
from api.pages.records.record_fields import Pairs, field_of
from api.pages.records.record_form import REASON, Asked, answered_form, seen_by, shown_form
from api.records.acts import DEEDS, Deeds, open_to_change
from api.records.record_kinds import RECORD_KINDS, RecordKind
from api.records.schemas import SCHEMAS, Ended

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
EDITED = ("providers", "contracts", "rates", "restrictions", "offices", "locations")
"""Kinds that are shown with a provider, and kept from its page."""


def add_routes(kind: RecordKind) -> None:
    """The pages of a kind: to change one, to end one, to add one."""
    deeds, at = DEEDS[kind.kind], f"/records/{kind.kind}"

    def to_change(request: Request, record_id: str, by: Caller) -> Response:
        return shown_form(request, _to_change(by, kind, record_id))

    async def change(request: Request, record_id: str, by: Caller) -> Response:
        return await answered_form(request, lambda form: _to_change(by, kind, record_id, form))

    def to_end(request: Request, record_id: str, by: Caller) -> Response:
        return shown_form(request, _to_end(by, kind, record_id))

    async def end(request: Request, record_id: str, by: Caller) -> Response:
        return await answered_form(request, lambda form: _to_end(by, kind, record_id, form))

    def to_add(request: Request, by: Caller, of: str = "") -> Response:
        return shown_form(request, _to_add(by, kind, of))

    async def add(request: Request, by: Caller) -> Response:
        return await answered_form(request, lambda form: _to_add(by, kind, form.value("of")))

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
        return deeds.change(by, record_id, asked, seen_by(form, etag), dry_run)

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
        return deeds.end(by, record_id, asked, seen_by(form, etag), dry_run)

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
        done="ended",
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
        done="added",
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
    contracts = [each["contract_id"] for each in records(by, "contracts", provider_id=provider_id)]
    locations = [(each["location_id"], each["name"]) for each in records(by, "locations", provider_id=provider_id)]
    return {
        "area_id": list(area_names(by).items()),
        "succeeds": [(each, each) for each in contracts],
        "location_id": locations,
    }


def _called(by: Caller, kind: RecordKind, told: Json, provider_id: str) -> str:
    """Which record it is, in words."""
    name = provider_names(by).get(provider_id, "")
    return name if kind.kind == "providers" else f"{told[kind.id_name]}, {name}"


def _same(entered: Any, before: Any) -> bool:
    return entered == before or (entered in (None, []) and before in (None, []))


for _kind in RECORD_KINDS:
    if _kind.kind in EDITED:
        add_routes(_kind)
