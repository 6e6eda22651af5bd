"""A call-off as it is answered: its state follows from its packages, offers and contracts, and is kept nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import orjson

from api.http.conversion import json_of
from api.http.responses import tag_of
from api.packages.answers import standing_json
from api.state.state import State
from api.state.stored_records import CALL_OFFS, Body

Json = dict[str, Any]

BEGUN = ("running", "on_hold")
TAKEN = ("accepted", *BEGUN)


def members(state: State, call_off_id: str) -> tuple[str, ...]:
    """The packages of a call-off that are still there, parts that were divided off them since included."""
    return state.called_off.get(call_off_id, ())


def situations(state: State, call_off_id: str) -> dict[str, str]:
    return {each: state.situation_of(state.county.package_index[each]) for each in members(state, call_off_id)}


def state_of(state: State, call_off_id: str) -> str:
    """Where a call-off stands, in a word."""
    body = state.stock[CALL_OFFS][call_off_id].body
    if body["withdrawn_at"]:
        return "withdrawn"
    if body["kind"] == "volume":
        return _of_a_volume(body)
    return _of_packages(situations(state, call_off_id).values())


def _of_packages(found: Collection[str]) -> str:
    if not found:
        return "ended"
    if all(each in BEGUN for each in found):
        return "placed"
    if all(each in TAKEN for each in found):
        return "accepted"
    if any(each in TAKEN for each in found):
        return "placed_in_part"
    return "asked" if "pending" in found else "waiting"


def _of_a_volume(body: Body) -> str:
    awarded = [bool(each["contract_id"]) for each in body["areas"]]
    if all(awarded):
        return "placed"
    if any(awarded):
        return "placed_in_part"
    said = {each["response"] for each in body["offers"]}
    return "accepted" if "accepted" in said else "asked" if "" in said else "waiting"


def call_off_json(state: State, call_off_id: str) -> Json:
    """A call-off and everything that has come of it."""
    body = state.stock[CALL_OFFS][call_off_id].body
    packages = [_package(state, each, situation) for each, situation in situations(state, call_off_id).items()]
    records = [state.stock["packages"][each["package_id"]].record for each in packages]
    volume = _volume(body) if body["kind"] == "volume" else None
    own = [each for each in records if state.stock["packages"][each.package_id].body.get("call_off_id") == call_off_id]
    hours = volume["areas"] if volume else packages
    return {
        "call_off_id": call_off_id,
        "kind": body["kind"],
        "state": state_of(state, call_off_id),
        "asked_by": body["asked_by"],
        "asked_at": body["asked_at"],
        "area_ids": areas_of(state, call_off_id),
        "service": (body["service"] if volume else next((each.service for each in records), "")) or None,
        "bundle_id": next((each.bundle_id for each in records), "") or None,
        "hours_per_week": sum(each["hours_per_week"] for each in hours),
        "packages": packages,
        "packages_gone": body["packages"] - len(own),
        "volume": volume,
        "withdrawn_by": body["withdrawn_by"] or None,
        "withdrawn_at": body["withdrawn_at"] or None,
    }


def areas_of(state: State, call_off_id: str) -> list[str]:
    """The areas that a call-off is for."""
    body, packages = state.stock[CALL_OFFS][call_off_id].body, state.stock["packages"]
    of_care = {packages[each].record.area_id for each in members(state, call_off_id)}
    return sorted({each["area_id"] for each in body["areas"]} if body["kind"] == "volume" else of_care)


def etag_of(state: State, call_off_id: str) -> str:
    """Made of what is shown: it changes with it and with nothing else."""
    return tag_of(orjson.dumps(call_off_json(state, call_off_id)))


def _package(state: State, package_id: str, situation: str) -> Json:
    stored = state.stock["packages"][package_id]
    record, standing = stored.record, standing_json(state, package_id)
    return {
        "package_id": package_id,
        "part_of": record.part_of or None,
        "situation": situation,
        "hours_per_week": json_of("hours_per_week", stored.body["hours_per_week"]),
        "contract_id": record.contract_id or standing["accepted_contract_id"],
        "care_started": None if record.care_started is None else record.care_started.isoformat(),
        "offers": list(_offers(state, package_id)),
    }


def _offers(state: State, package_id: str) -> Iterable[Json]:
    """The oldest first."""
    for offer in sorted(state.offers_of.get(package_id, ()), key=lambda each: (each.offered_at, each.offer_id)):
        body = state.stock["offers"][offer.offer_id].body
        given = {name: body.get(name) or None for name in ("response", "reason", "answered_by", "how")}
        yield {"offer_id": offer.offer_id, "contract_id": offer.contract_id, "offered_at": body["offered_at"], **given}


def _volume(body: Body) -> Json:
    names = ("areas", "guarantee", "starts", "ends", "tier", "reason", "offers", "withdrawn_reason")
    found = {name: body[name] for name in names}
    found["areas"] = [each | {"contract_id": each["contract_id"] or None} for each in body["areas"]]
    found["offers"] = [{name: value or None for name, value in each.items()} for each in body["offers"]]
    return found | {"ends": body["ends"] or None, "withdrawn_reason": body["withdrawn_reason"] or None}
