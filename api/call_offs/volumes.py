"""A volume: a block of hours for areas, asked for, offered to named providers, and awarded: it is contracts then.

An award is judged whole as any contract is, by the same lines. Whoever is given no new work today is neither offered one nor
awarded one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from api.call_offs.schemas import Award, AwardedArea, CallOffVolume, OfferVolume, VolumeAnswer
from api.http.errors import Problem
from api.offers.problems import ALREADY_ANSWERED, ALREADY_ASKED, ALREADY_PLACED, MAY_NOT_BE_ASKED, NOT_IN_THIS_STATE
from api.records.lifecycle import add_inside
from api.records.record_kinds import RECORD_KINDS
from api.records.schemas import SCHEMAS
from api.reserve.acts import refuse_unknown
from api.state.incremental_state import with_bodies
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import CALL_OFFS, VOLUMES, Body
from optimiser.explaining.area_figures import bars_new_work

CONTRACT_KIND = next(kind for kind in RECORD_KINDS if kind.kind == "contracts")
WEEKS = 4


def volume_body(state: State, asked: CallOffVolume) -> Body:
    """What is kept of a volume. Raises the problem ``refused`` with every fault."""
    refuse_unknown(state, [each.area_id for each in asked.areas], _faults(asked))
    return {
        "areas": [each.model_dump() | {"contract_id": ""} for each in sorted(asked.areas, key=lambda each: each.area_id)],
        "guarantee": asked.guarantee,
        "starts": asked.starts,
        "ends": asked.ends or "",
        "tier": asked.tier,
        "service": asked.service or "",
        "reason": asked.reason,
        "offers": [],
        "withdrawn_reason": "",
    }


def _faults(asked: CallOffVolume) -> Iterable[str]:
    ids = [each.area_id for each in asked.areas]
    for area_id in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"{area_id}: an area is named once, with all of its hours."
    if asked.ends is not None and dt.date.fromisoformat(asked.ends) <= dt.date.fromisoformat(asked.starts):
        yield f"ends: a day after it starts, {asked.starts}; it is {asked.ends}."
    if (asked.tier == "specialist") is (asked.service is None):
        yield "service: specialist contracts have one and no others do."


def offer_volume(change: Change, call_off_id: str, asked: OfferVolume, now: str) -> Body:
    """Offer a volume to named providers, all or none; the call-off's body then. Raises a problem with every fault."""
    state, body = change.state, _open(change.state, call_off_id)
    wanted = sorted({*asked.provider_ids})
    found = [why for provider_id in wanted if (why := _hindrance(state, body, provider_id))]
    if found:
        first = next((code for code in ("refused", MAY_NOT_BE_ASKED) if code in {each for each, _ in found}), ALREADY_ASKED)
        raise Problem(first, f"{len(found)} fault(s); nobody was asked.", faults=[told for _, told in found])
    answer_by = "" if asked.answer_by is None else asked.answer_by.isoformat()
    made = [
        {
            "provider_id": provider_id,
            "offered_at": now,
            "offered_by": change.actor.name,
            "answer_by": answer_by,
            **dict.fromkeys(("response", "responded_at", "reason", "answered_by", "how"), ""),
        }
        for provider_id in wanted
    ]
    change.remember("call_off.offer", VOLUMES, call_off_id, {"provider_ids": wanted, "answer_by": answer_by})
    return body | {"offers": [*body["offers"], *made]}


def _hindrance(state: State, body: Body, provider_id: str) -> tuple[str, str] | None:
    """Why a volume cannot be offered to a provider: the code of the problem and a sentence; None where it can."""
    said = _latest(body, provider_id)
    if state.get("providers", provider_id) is None:
        return "refused", f"{provider_id}: there is no such provider."
    if said is not None and not said["response"]:
        return ALREADY_ASKED, f"{provider_id}: it is asked already, and has not answered yet."
    why = _barred(state, body, provider_id, _open_areas(body))
    return (MAY_NOT_BE_ASKED, f"{provider_id}: {why}.") if why else None


def answer_volume(change: Change, call_off_id: str, provider_id: str, given: VolumeAnswer, now: str) -> Body:
    """Write down what a provider says; the call-off's body then, the same where it says so already."""
    body = _open(change.state, call_off_id)
    latest = _latest(body, provider_id)
    if latest is None:
        raise Problem("not_found", "This volume was not offered to this provider.")
    said = {name: getattr(given, name) or "" for name in ("response", "reason", "answered_by", "how")}
    if latest["response"]:
        if all(latest[name] == value for name, value in said.items()):
            return body
        raise Problem(ALREADY_ANSWERED, "Offer it again for another answer.", response=latest["response"])
    answered = latest | said | {"responded_at": now}
    change.remember("call_off.answer", VOLUMES, call_off_id, {"provider_id": provider_id, **said})
    return body | {"offers": [answered if each is latest else each for each in body["offers"]]}


def award_volume(change: Change, call_off_id: str, asked: Award) -> Body:
    """A volume becomes contracts in some of its areas; the call-off's body then. Raises a problem with every fault."""
    body = _open(change.state, call_off_id)
    _refuse_award(change.state, body, asked)
    wanted = {each["area_id"]: each["hours_per_week"] for each in body["areas"]}
    made = add_inside(change, CONTRACT_KIND, [_contract(body, asked, each, wanted[each.area_id]) for each in asked.areas])
    given = {"provider_id": asked.provider_id, "contract_ids": made, "reason": asked.reason}
    change.remember("call_off.award", VOLUMES, call_off_id, given)
    become = {each.area_id: each.contract_id for each in asked.areas}
    return body | {"areas": [each | {"contract_id": become.get(each["area_id"], each["contract_id"])} for each in body["areas"]]}


def _refuse_award(state: State, body: Body, asked: Award) -> None:
    """Raises a problem where an area is not of the volume or is awarded already, or the provider is not to have it."""
    become = {each["area_id"]: each["contract_id"] for each in body["areas"]}
    chosen = {each.area_id for each in asked.areas}
    faults = [f"{each}: the volume is not for this area." for each in sorted(chosen - become.keys())]
    if len(chosen) < len(asked.areas):
        faults.append("areas: each is named once.")
    if faults:
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=faults)
    if done := [f"{each}: it is contract {become[each]} already." for each in sorted(chosen) if become[each]]:
        raise Problem(ALREADY_PLACED, "Nothing was written.", faults=done)
    said = _latest(body, asked.provider_id)
    if said is not None and said["response"] != "accepted":
        told = f"its answer was {said['response']}" if said["response"] else "it has not answered yet"
        raise Problem(NOT_IN_THIS_STATE, f"{asked.provider_id} has not said yes: {told}.")
    if state.get("providers", asked.provider_id) and (why := _barred(state, body, asked.provider_id, chosen)):
        raise Problem(MAY_NOT_BE_ASKED, f"{asked.provider_id} is given no new contract: {why}.")


def _contract(body: Body, asked: Award, area: AwardedArea, hours_per_week: float) -> Any:
    """The new contract of an area, as it would be sent to be added. Columns that nothing is said of are empty."""
    of_volume = {name: body[name] or None for name in ("tier", "starts", "ends", "service", "guarantee")}
    said = {name: getattr(asked, name) for name in asked.model_fields_set if name != "areas"}
    maximum = int(hours_per_week * WEEKS)  # a week's are quarter hours
    empty = dict.fromkeys(name for name in CONTRACT_KIND.columns if name != "bands")
    return SCHEMAS["contracts"].new(**empty | of_volume | said | area.model_dump() | {"max_hours_4w": maximum})


def withdraw_volume(change: Change, call_off_id: str, reason: str) -> Body:
    """What is not awarded yet is no longer asked for; the call-off's body then."""
    body = _open(change.state, call_off_id)
    change.remember("call_off.withdraw", VOLUMES, call_off_id, {"reason": reason})
    return body | {"withdrawn_reason": reason}


def _open(state: State, call_off_id: str) -> Body:
    """The body of a volume that is still to be awarded. Raises a problem."""
    body = state.stock[CALL_OFFS][call_off_id].body
    if body["kind"] != "volume":
        raise Problem(
            NOT_IN_THIS_STATE, "Only a volume is offered and awarded here: packages are offered at their own addresses."
        )
    if body["withdrawn_at"]:
        raise Problem(NOT_IN_THIS_STATE, "It was withdrawn: file another one.")
    if not _open_areas(body):
        raise Problem(ALREADY_PLACED, "All of it is contracts already: those end at their own addresses.")
    return body


def _open_areas(body: Body) -> list[str]:
    return [each["area_id"] for each in body["areas"] if not each["contract_id"]]


def _latest(body: Body, provider_id: str) -> dict[str, str] | None:
    """The last offer of a volume to a provider."""
    return next((each for each in reversed(body["offers"]) if each["provider_id"] == provider_id), None)


def _barred(state: State, body: Body, provider_id: str, area_ids: Collection[str]) -> str:
    """Why a provider is given no new work in one of these areas, asked of a contract as it would be; empty where nothing bars."""
    cells = dict.fromkeys(CONTRACT_KIND.columns, "") | {"provider_id": provider_id, "tier": body["tier"], "rate_band_1": "0"}
    cells |= {"service": body["service"]}
    trial = {f"trial {n}": cells | {"area_id": area_id} for n, area_id in enumerate(sorted(area_ids))}
    after = with_bodies(state, {("contracts", name): each | {"contract_id": name} for name, each in trial.items()})
    found = (bars_new_work(after.county, after.rules, after.county.contract_index[name]) for name in trial)
    return next(filter(None, found), "")
