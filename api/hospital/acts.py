"""A hospital's notice is taken in: assessment, discharge, change or withdrawal, in any order, each once; and cases are read."""

from __future__ import annotations

from typing import Any

import orjson

from api.acts.act import Caller, Size, act, only
from api.hospital.cases import case_of, digest, own_package_id
from api.hospital.heard import Heard, follow
from api.hospital.schemas import CasesQuery, Notice
from api.http.errors import Problem, declare
from api.http.paging import Page
from api.http.places import placed
from api.http.responses import Shown, shown
from api.offers.lapsing import OF_SWEEPS, sweep
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK
from api.state.state import State
from api.state.stored_records import HOSPITAL_CASES, Stored

NOTICE_DIFFERS = declare("notice_differs", 409, "This notice came before and said something else")
ANOTHER_PERSON = declare("another_person", 409, "The hospital's case belongs to another package")
WHO_HEARS = only(PLANNER, SOCIAL_WORK, ADMIN)
FOLLOWS = (
    "package.add", "package.change", "package.end", "offer.supersede", "decision.lapse", *OF_SWEEPS,
)  # fmt: skip
SENTENCES = {
    "asked_for": "Care is asked for.",
    "needs_not_told": "The hospital has not said what care the person needs: ask, so that care can be asked for.",
    "care_runs": "The person's care has begun: what the hospital says is for a person to look at.",
    "withdrawn": "The hospital has withdrawn its notice; nobody is asked. Look whether care is needed all the same.",
    "ended": "The request was ended by a named person.",
}


@act("hospital.notice", WHO_HEARS, writes=("hospital.notice", *FOLLOWS), changes=True, takes=Size.LIST)
def take_in(by: Caller, given: Notice) -> Shown:
    """A hospital's notice is taken in: a case has one request, whatever comes first, and no offer outlives a withdrawal."""
    given = placed(given, by.service.postcodes)
    with by.change() as change:
        state = sweep(change, by.settings)
        said = digest(given.model_dump(mode="json"))
        if (known := _known(state, given.notice_id)) is not None:
            if known["said"] != said:
                raise Problem(NOTICE_DIFFERS, "Send a change as a notice of its own, with an id of its own.")
            return shown(_json(state, known["case_ref"]))
        stored = state.get(HOSPITAL_CASES, given.case_ref)
        body = stored.body if stored else _new_case(state, given)
        if given.package_id not in (None, body["package_id"]):
            raise Problem(ANOTHER_PERSON, f"The case is that of {body['package_id']}.")
        notice = {
            "notice_id": given.notice_id,
            "kind": given.kind,
            "sent_at": given.sent_at,
            "received_at": by.settings.clock.now().isoformat(),
            "needs": None if given.needs is None else given.needs.model_dump(mode="json"),
            "discharge_on": given.discharge_on,
            "said": said,
        }
        before, notices = case_of(body["notices"]), [*body["notices"], notice]
        heard = Heard(
            given.notice_id,
            body["package_id"],
            given.source,
            body["made_here"],
            before,
            case_of(notices),
            others_open=_others_open(state, given.case_ref, body["package_id"]),
        )
        told = {"notice_id": given.notice_id, "case_ref": given.case_ref, "kind": given.kind, "sent_at": given.sent_at}
        change.remember("hospital.notice", "packages", body["package_id"], told)
        kept = follow(change, state, by.settings, heard, body["kept"])
        change.put(HOSPITAL_CASES, given.case_ref, body | {"notices": notices, "kept": kept})
        return shown(_json(change.as_if(), given.case_ref))


@act("hospital.cases", WHO_HEARS, writes=("hospital.read",))
def list_cases(by: Caller, query: CasesQuery) -> Page[bytes]:
    """The hospitals' cases, by their references, and what has come of each."""
    before = by.store.state()
    page = by.page(
        (stored for stored in before.stock[HOSPITAL_CASES].values() if query.situation in (None, _situation(before, stored))),
        lambda stored: (stored.body["case_ref"],),
        query.limit,
        query.cursor,
    )
    seen = {"package_ids": sorted({stored.body["package_id"] for stored in page.items})}
    state = by.read("hospital.read", HOSPITAL_CASES, details=seen)
    still = (case_ref for stored in page.items if state.get(HOSPITAL_CASES, case_ref := stored.body["case_ref"]) is not None)
    return Page([orjson.dumps(_json(state, each)) for each in still], page.next_cursor)


def _known(state: State, notice_id: str) -> dict[str, Any] | None:
    """A notice that has come before, with its case."""
    for stored in state.stock[HOSPITAL_CASES].values():
        for notice in stored.body["notices"]:
            if notice["notice_id"] == notice_id:
                return {**notice, "case_ref": stored.body["case_ref"]}
    return None


def _new_case(state: State, given: Notice) -> dict[str, Any]:
    """A case of nothing yet. Raises the problem ``not_found`` where it names a package that there is not."""
    if given.package_id is not None and state.get("packages", given.package_id) is None:
        raise Problem("not_found", "There is no package of this id: leave package_id out, and the case makes its own request.")
    package_id = given.package_id or own_package_id(given.case_ref)
    return {
        "case_ref": given.case_ref,
        "package_id": package_id,
        "made_here": given.package_id is None,
        "notices": [],
        "kept": {},
    }


def _others_open(state: State, case_ref: str, package_id: str) -> bool:
    bodies = (stored.body for stored in state.stock[HOSPITAL_CASES].values())
    of_the_person = (body for body in bodies if body["package_id"] == package_id and body["case_ref"] != case_ref)
    return any(not case_of(body["notices"]).withdrawn for body in of_the_person)


def _situation(state: State, stored: Stored) -> str:
    case, package = case_of(stored.body["notices"]), state.get("packages", stored.body["package_id"])
    if package is not None and package.record.status == "active":
        return "care_runs"
    if case.withdrawn:
        return "withdrawn"
    if package is not None:
        return "asked_for"
    return "needs_not_told" if case.needs is None else "ended"


def _json(state: State, case_ref: str) -> dict[str, Any]:
    stored = state.stock[HOSPITAL_CASES][case_ref]
    situation, case = _situation(state, stored), case_of(stored.body["notices"])
    notices = sorted(stored.body["notices"], key=lambda each: (each["sent_at"], each["notice_id"]))
    return {
        "case_ref": case_ref,
        "package_id": stored.body["package_id"],
        "situation": situation,
        "sentence": SENTENCES[situation],
        "discharge_on": case.discharge_on,
        "notices": [{name: each[name] for name in ("notice_id", "kind", "sent_at", "received_at")} for each in notices],
    }
