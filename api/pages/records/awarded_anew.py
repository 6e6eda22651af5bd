"""Another provider is awarded what a contract covers once it ends, by somebody's authority; what follows is said before."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.contract_lives import acts
from api.contract_lives.schemas import Award
from api.http.responses import Shown
from api.pages.areas.area_board import TIERS
from api.pages.filled_form import FilledForm
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import area_names, records
from api.pages.page_words import address_part, day_in_words
from api.pages.records.contract_life import AUTHORITY, asked_of_contract, authority_of, contract_seen
from api.pages.records.record_fields import Field, Pairs, field_of
from api.pages.records.record_form import REASON, Asked, answered_form, seen_by, shown_form

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
OF_STAFF = "shorter_staff_notice"
LATER = "Only where the staff are told later than they have to be: "
STAFF_AUTHORITY = tuple(replace(each, name=f"{OF_STAFF}_{each.name}", label=f"{LATER}{each.label.lower()}") for each in AUTHORITY)
ELSEWHERE = ("extra", "location_id", "reason", "authority", OF_STAFF)
"""Members of an award that have no field under their own name: a location is of a provider that is yet to be chosen."""


@router.get("/records/contracts/{contract_id}/award-anew")
def to_award_anew(request: Request, contract_id: str, by: Annotated[Caller, may_see(acts.award_anew)]) -> Response:
    """The form."""
    return shown_form(request, _award(by, contract_id))


@router.post("/records/contracts/{contract_id}/award-anew", dependencies=[Depends(sent_from_here)])
async def award_anew(request: Request, contract_id: str, by: Annotated[Caller, may_see(acts.award_anew)]) -> Response:
    """The new contract is written down; nobody is moved by it."""
    return await answered_form(request, lambda form: _award(by, contract_id, form))


def _award(by: Caller, contract_id: str, form: FilledForm | None = None) -> Asked:
    told, etag = contract_seen(by, contract_id)
    fields = _fields(by, told)

    def send(entered: Json, dry_run: bool) -> Shown:
        given = {each.name: entered[each.name] for each in fields if entered[each.name] not in (None, [])}
        by_staff = {each.name.removeprefix(f"{OF_STAFF}_"): entered[each.name] for each in STAFF_AUTHORITY}
        decided = {"authority": authority_of(entered), OF_STAFF: by_staff if any(by_staff.values()) else None}
        asked = Award.model_validate({"rate_band_1": None, "reason": entered["reason"]} | given | decided)
        return acts.award_anew(by, contract_id, asked, seen_by(form, etag), dry_run)

    where = area_names(by).get(told["area_id"] or "", "the whole county")
    ends = f"It ends on {day_in_words(told['ends'])}." if told["ends"] else "It has no end: end it first, with notice."
    lead = f"In place of a contract of the tier {TIERS[told['tier']].lower()}, {where}. {ends} Nobody is moved by the award."
    address = f"/records/contracts/{address_part(contract_id)}/award-anew"
    asked_for = [*fields, *AUTHORITY, *STAFF_AUTHORITY, REASON]
    begins_with = {"starts": told["ends"]}
    return asked_of_contract(
        "Award a contract anew",
        lead,
        told,
        by,
        address,
        "Award it",
        asked_for,
        etag,
        send,
        begins_with=begins_with,
        done="awarded",
    )


def _fields(by: Caller, old: Json) -> list[Field]:
    """The new contract's own columns, each with what the one before it has."""
    names = [name for name in Award.model_fields if name not in ELSEWHERE]
    found = [field_of(name, {"provider_id": _others(by, old)}) for name in names]
    return [_beside_the_old_one(each, old) for each in found]


def _others(by: Caller, old: Json) -> Pairs:
    """Providers that go on working for the council, but for the one that has it."""
    others = [each for each in records(by, "providers") if each["provider_id"] != old["provider_id"] and each["ends"] is None]
    return sorted(((each["provider_id"], each["name"]) for each in others), key=lambda each: each[1].casefold())


def _beside_the_old_one(field: Field, old: Json) -> Field:
    if field.name == "provider_id":
        return replace(field, label="New provider", options=[("", "Choose one"), *field.options[1:]])
    if field.name == "contract_id":
        return replace(field, label="New contract's id")
    if field.name == "starts":
        return replace(field, hint="On which it takes the place of the other.")
    if old[field.name] in (None, []):
        return field
    return replace(field, hint=f"{field.hint} Of the one before: {field.in_words(old[field.name])}.".strip())
