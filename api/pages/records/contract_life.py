"""A contract is extended or ends early, and an area goes live on another day: by somebody's authority, with what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.contract_lives import acts
from api.contract_lives.schemas import EarlyEnd, Extension, GoLive, Withdrawal
from api.http.responses import Shown
from api.overview import acts as overview
from api.pages.filled_form import FilledForm
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names
from api.pages.page_words import address_part, day_in_words
from api.pages.records.record_fields import Field
from api.pages.records.record_form import REASON, Asked, answered_form, seen_by, shown_form
from api.records.acts import DEEDS

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
CONTRACTS: Any = DEEDS["contracts"]
Json = dict[str, Any]
AUTHORITY = (
    Field("authorised_by", "Who decided", "text", (), "A post, never a name."),
    Field("decided_on", "Decided on", "date"),
    Field("reference", "Where it is written down", "text", (), "Such as a minute of the cabinet."),
)
LAST = Field("ends", "First day that is no longer covered", "date")
GIVEN_BY = Field("given_by", "Who ends it", "choice", (("provider", "The provider"), ("council", "The council")))
NOTICE = Field("notice_given_on", "Notice was given on", "date")
SHORTER = "Only where the notice is shorter than it has to be: "
SHORTER_AUTHORITY = tuple(Field(each.name, f"{SHORTER}{each.label.lower()}", each.kind, (), each.hint) for each in AUTHORITY)
TOLD = Field("told_on", "It said so on", "date")
LIVE = Field("go_live", "Goes live on", "date", (), "Leave empty where no day is known any more.")


@router.get("/records/contracts/{contract_id}/extend")
def to_extend(request: Request, contract_id: str, by: Annotated[Caller, may_see(acts.extend)]) -> Response:
    """The form."""
    return shown_form(request, _extension(by, contract_id))


@router.post("/records/contracts/{contract_id}/extend", dependencies=[Depends(sent_from_here)])
async def extend(request: Request, contract_id: str, by: Annotated[Caller, may_see(acts.extend)]) -> Response:
    """The contract runs for longer."""
    return await answered_form(request, lambda form: _extension(by, contract_id, form))


@router.get("/records/contracts/{contract_id}/end-early")
def to_end_early(request: Request, contract_id: str, by: Annotated[Caller, may_see(acts.end_early)]) -> Response:
    """The form."""
    return shown_form(request, _early_end(by, contract_id))


@router.post("/records/contracts/{contract_id}/end-early", dependencies=[Depends(sent_from_here)])
async def end_early(request: Request, contract_id: str, by: Annotated[Caller, may_see(acts.end_early)]) -> Response:
    """The contract ends before its day; nobody's care ends by it."""
    return await answered_form(request, lambda form: _early_end(by, contract_id, form))


@router.get("/records/contracts/{contract_id}/withdraw")
def to_withdraw(request: Request, contract_id: str, by: Annotated[Caller, may_see(acts.withdraw)]) -> Response:
    """The form."""
    return shown_form(request, _withdrawal(by, contract_id))


@router.post("/records/contracts/{contract_id}/withdraw", dependencies=[Depends(sent_from_here)])
async def withdraw(request: Request, contract_id: str, by: Annotated[Caller, may_see(acts.withdraw)]) -> Response:
    """A principal steps back: whoever was to move to it stays."""
    return await answered_form(request, lambda form: _withdrawal(by, contract_id, form))


@router.get("/records/areas/{area_id}/go-live")
def to_move_go_live(request: Request, area_id: str, by: Annotated[Caller, may_see(acts.move_go_live)]) -> Response:
    """The form."""
    return shown_form(request, _go_live(by, area_id))


@router.post("/records/areas/{area_id}/go-live", dependencies=[Depends(sent_from_here)])
async def move_go_live(request: Request, area_id: str, by: Annotated[Caller, may_see(acts.move_go_live)]) -> Response:
    """The area goes live on another day, or on none that is known."""
    return await answered_form(request, lambda form: _go_live(by, area_id, form))


def _extension(by: Caller, contract_id: str, form: FilledForm | None = None) -> Asked:
    told, etag = contract_seen(by, contract_id)
    furthest = told["extension_until"]

    def send(entered: Json, dry_run: bool) -> Shown:
        asked = Extension(ends=entered["ends"], authority=authority_of(entered), reason=entered["reason"])
        return acts.extend(by, contract_id, asked, seen_by(form, etag), dry_run)

    lead = f"It allows to be extended to {day_in_words(furthest)}." if furthest else "How far it may be extended is not recorded."
    address = f"/records/contracts/{address_part(contract_id)}/extend"
    return asked_of_contract("Extend a contract", lead, told, by, address, "Extend it", [LAST, *AUTHORITY, REASON], etag, send)


def _early_end(by: Caller, contract_id: str, form: FilledForm | None = None) -> Asked:
    told, etag = contract_seen(by, contract_id)

    def send(entered: Json, dry_run: bool) -> Shown:
        shorter = authority_of(entered) if any(entered[each.name] for each in AUTHORITY) else None
        names = ("ends", "notice_given_on", "given_by", "reason")
        asked = EarlyEnd(**{name: entered[name] for name in names}, shorter_notice=shorter)
        return acts.end_early(by, contract_id, asked, seen_by(form, etag), dry_run)

    lead = "Nobody's care ends by it: whoever runs on it stays until somebody else has them."
    address = f"/records/contracts/{address_part(contract_id)}/end-early"
    fields = [LAST, NOTICE, GIVEN_BY, *SHORTER_AUTHORITY, REASON]
    return asked_of_contract("End a contract early", lead, told, by, address, "End it early", fields, etag, send, ends=True)


def _withdrawal(by: Caller, contract_id: str, form: FilledForm | None = None) -> Asked:
    told, etag = contract_seen(by, contract_id)

    def send(entered: Json, dry_run: bool) -> Shown:
        asked = Withdrawal(told_on=entered["told_on"], reason=entered["reason"])
        return acts.withdraw(by, contract_id, asked, seen_by(form, etag), dry_run)

    lead = "Nobody moves to it as planned any more, letters are put right, a new plan is asked for. Nobody's care ends by it."
    address = f"/records/contracts/{address_part(contract_id)}/withdraw"
    return asked_of_contract(
        "A principal withdraws", lead, told, by, address, "Record that it withdraws", [TOLD, REASON], etag, send
    )


def _go_live(by: Caller, area_id: str, form: FilledForm | None = None) -> Asked:
    found = overview.read_area(by, area_id)
    told: Json = orjson.loads(found.body)

    def send(entered: Json, dry_run: bool) -> Shown:
        asked = GoLive(go_live=entered["go_live"], authority=authority_of(entered), reason=entered["reason"])
        return acts.move_go_live(by, area_id, asked, seen_by(form, found.etag), dry_run)

    fields = [LIVE, *AUTHORITY, REASON]
    return Asked(
        title="Move the day on which an area goes live",
        lead=f"Now: {day_in_words(told['go_live']) if told['go_live'] else 'no day yet'}.",
        subject=told["name"],
        back=f"/areas/{address_part(area_id)}",
        address=f"/records/areas/{address_part(area_id)}/go-live",
        save="Move it",
        fields=fields,
        values={each.name: each.shown(None) for each in fields},
        hidden={"seen": found.etag},
        send=send,
        back_text="Back to the area",
    )


def contract_seen(by: Caller, contract_id: str) -> tuple[Json, str]:
    """A contract as it is now, with its version."""
    found = CONTRACTS.read(by, contract_id)
    return orjson.loads(found.body), found.etag


def authority_of(entered: Json) -> Any:
    """Whose decision it is, as it was entered."""
    return {each.name: entered[each.name] for each in AUTHORITY}


def asked_of_contract(
    title: str,
    lead: str,
    told: Json,
    by: Caller,
    address: str,
    save: str,
    fields: list[Field],
    etag: str,
    send: Callable[[Json, bool], Shown],
    *,
    ends: bool = False,
    begins_with: Json | None = None,
    done: str = "changed",
) -> Asked:
    """A form on the life of a contract. ``begins_with``: values of the service's in fields that do not begin empty."""
    return Asked(
        title=title,
        lead=lead,
        subject=f"{told['contract_id']}, {provider_names(by).get(told['provider_id'], '')}",
        back=f"/providers/{address_part(told['provider_id'])}",
        address=address,
        save=save,
        fields=fields,
        values={each.name: each.shown((begins_with or {}).get(each.name)) for each in fields},
        hidden={"seen": etag},
        send=send,
        ends=ends,
        done=done,
    )
