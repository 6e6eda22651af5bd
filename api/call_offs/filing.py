"""A call-off is filed, whatever its kind, and withdrawn: by the very acts that write packages, divide them and end them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from difflib import get_close_matches
from fractions import Fraction
from itertools import chain

from api.call_offs.answers import TAKEN, situations
from api.call_offs.schemas import (
    CallOffBundle,
    CallOffPackage,
    CallOffPart,
    CallOffSpecialist,
    CallOffVolume,
    SharedVisit,
)
from api.call_offs.volumes import volume_body
from api.care.ending import end_care
from api.care.schemas import End
from api.http.errors import ALREADY_THERE, Problem, declare
from api.meanwhile.alerting import look_at_answered
from api.offers.problems import NOT_IN_THIS_STATE
from api.packages.acts import add_package, add_packages
from api.packages.answers import written_notes
from api.packages.dividing import Portion, Share, divide, take_back
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import CALL_OFF_ID, CALL_OFFS, VOLUMES, Body

ALREADY_WITHDRAWN = declare("already_withdrawn", 409, "The call-off was withdrawn already")
CARE_AGREED = declare("care_agreed", 409, "A provider has accepted some of it, or delivers it: a withdrawal ends no care")

AnyCallOff = CallOffPackage | CallOffBundle | CallOffPart | CallOffSpecialist | CallOffVolume


def file(change: Change, asked: AnyCallOff, settings: Settings) -> str:
    """Write what is asked for, all of it or nothing; returns the call-off's id. Raises a ``Problem`` or ``InputRefusedError``."""
    call_off_id, now = asked.call_off_id or f"C-{secrets.token_hex(8)}", settings.clock.now().isoformat()
    if change.was_ever(CALL_OFFS, call_off_id) or _is_a_bundle(change.state, call_off_id):
        raise Problem(ALREADY_THERE, "A call-off with this call_off_id is there already.")
    body: Body = {"call_off_id": call_off_id, "kind": asked.kind, "asked_by": change.actor.name, "asked_at": now}
    body |= {"packages": 0, "withdrawn_by": "", "withdrawn_at": ""}
    if isinstance(asked, CallOffVolume):
        body |= volume_body(change.state, asked)
        told = {name: value for name, value in body.items() if name not in ("offers", "withdrawn_by", "withdrawn_at")}
        subject_kind = VOLUMES
    else:
        package_ids = _file_care(change, asked, settings, now, call_off_id)
        body |= {"packages": len(package_ids)}
        told, subject_kind = {"kind": asked.kind, "package_ids": package_ids}, CALL_OFFS
    change.put(CALL_OFFS, call_off_id, body)
    change.remember("call_off.add", subject_kind, call_off_id, told)
    return call_off_id


def _is_a_bundle(state: State, bundle_id: str) -> bool:
    return any(package.bundle_id == bundle_id for package in state.snapshot.packages)


def _file_care(
    change: Change,
    asked: CallOffPackage | CallOffBundle | CallOffPart | CallOffSpecialist,
    settings: Settings,
    now: str,
    call_off_id: str,
) -> list[str]:
    """Write the packages; their ids."""
    by = {CALL_OFF_ID: call_off_id}
    if isinstance(asked, CallOffPart):
        return [divide(change, asked.package_id, _portion(asked), settings.double_assist_service, now, **by)]
    if isinstance(asked, CallOffBundle):
        add_packages(change, asked.packages, now, bundle_id=call_off_id, service=asked.service or "", **by)
        return [package.package_id for package in asked.packages]
    service = {"service": asked.service} if isinstance(asked, CallOffSpecialist) else {}
    add_package(change, asked.package, now, **service, **by)
    return [asked.package.package_id]


def _portion(asked: CallOffPart) -> Portion:
    minutes = int(Fraction(str(asked.hours_per_week or 0)) * 60)
    return Portion([_share(visit) for visit in asked.visits], minutes, asked.visits_per_week or 0)


def _share(visit: SharedVisit) -> Share:
    return Share(visit.visit_id, tuple(visit.days), visit.workers)


def notes_of(state: State, package_ids: Iterable[str]) -> list[str]:
    """What is probably mistyped of packages: their skills and dates, and a service that nobody offers."""
    packages = [state.stock["packages"][each].record for each in package_ids]
    notes = [*chain.from_iterable(written_notes(state, each) for each in packages)]
    offered = {contract.service for contract in state.snapshot.contracts if contract.service}
    for service in sorted({package.service for package in packages} - offered - {""}):
        near = get_close_matches(service, sorted(offered), n=1)
        notes.append(f"No contract offers the service {service!r}" + (f" (nearest: {near[0]!r})." if near else "."))
    return list(dict.fromkeys(notes))


def withdraw_care(change: Change, call_off_id: str, reason: str, now: str) -> Body:
    """Take back what was asked for of people's care; the call-off's body then.

    A part's care goes back to the package that it was divided from; other packages are no longer asked for, as when a named
    person ends them. Raises the problems ``already_withdrawn``, ``care_agreed`` and ``not_in_this_state``: then nothing is done.
    """
    state = change.state
    body = state.stock[CALL_OFFS][call_off_id].body
    found = situations(state, call_off_id)
    if taken := sorted(each for each, situation in found.items() if situation in TAKEN):
        told = [f"{each}: {'accepted' if found[each] == 'accepted' else 'its care runs'}." for each in taken]
        raise Problem(CARE_AGREED, "What nobody needs any more is ended at its own address.", faults=told)
    if not found:
        raise Problem(NOT_IN_THIS_STATE, "Nothing of it is there any more.")
    if body["kind"] == "part":
        for package_id in found:
            take_back(change, package_id, reason, now)
    else:
        wholes = [each for each in found if not state.stock["packages"][each].record.part_of]
        for package_id in found.keys() - {*wholes}:
            end_care(change, state, package_id, End(reason=reason))
        after = change.as_if()  # without those parts: what is left of a package that ends would go on
        for package_id in wholes:
            end_care(change, after, package_id, End(reason=reason))
    for package_id in sorted(found):
        look_at_answered(change, package_id)
    change.remember("call_off.withdraw", CALL_OFFS, call_off_id, {"package_ids": sorted(found), "reason": reason})
    return body
