"""What somebody has to look at: kept until a named person says that they have."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Body
from optimiser.judging import safe_meanwhile
from optimiser.judging.enhanced_support import CARE_STILL_NEEDED, SUPPORT_ENDS_SOON, SUPPORT_RUNS_ON
from optimiser.judging.first_visits import FIRST_VISIT_NOT_CONFIRMED

OFFER_EXPIRED = "offer_expired"
OFFER_STOPPED = "offer_stopped"
HOLD_RAN_OUT = "hold_ran_out"
CASCADE_EXHAUSTED = "cascade_exhausted"
YES_PUT_FORWARD = "yes_put_forward"
ACCEPTANCE_STOPPED = "acceptance_stopped"
MOVE_IS_OFF = "move_is_off"
PERSON_SAID_NO = "person_said_no"
HOSPITAL_WITHDREW = "hospital_withdrew"
HOSPITAL_CHANGED = "hospital_changed"
HOSPITAL_NEEDS_NOT_TOLD = "hospital_needs_not_told"
CORRECTION_ASKED = "correction_asked"
PERSON_OBJECTED = "person_objected"
RIGHTS_REQUEST_LATE = "rights_request_late"
QUESTION_OF_SAFETY = "question_of_safety"
QUESTION_OVERDUE = "question_overdue"

SENTENCES = {
    OFFER_EXPIRED: "The provider has not answered in time; ask again or go on down the cascade.",
    OFFER_STOPPED: "A rule no longer allows the provider to be asked; its offer was withdrawn.",
    HOLD_RAN_OUT: "The date until which the hours are kept has come; nothing was ended: resume, restart, hold on or end.",
    CASCADE_EXHAUSTED: "Nobody is left whom the rules allow to ask; see what stands in the way of each in the cascade.",
    YES_PUT_FORWARD: "A provider has said yes, and its turn has come: place the care with it, then record the person's answer.",
    ACCEPTANCE_STOPPED: "The provider that had accepted has withdrawn before care began: nobody has it now; ask others today.",
    MOVE_IS_OFF: "A move that was written about does not take place on its day; care stays: send the letter that puts it right.",
    safe_meanwhile.NO_PLAN: "It is not recorded how somebody who waits is safe until care begins: agree it with them.",
    safe_meanwhile.PLAN_RAN_OUT: "What was to hold until care begins has ended: agree with the person what holds now.",
    safe_meanwhile.PLAN_TOO_SHORT: "What is planned ends before care is to begin: agree with the person what holds then.",
    safe_meanwhile.CARER_CANNOT_GO_ON: "The unpaid carer of somebody who waits cannot go on: see to it today.",
    safe_meanwhile.CHECK_OVERDUE: "Somebody who waits was to be checked and was not, or nobody is named who checks.",
    safe_meanwhile.CHOICE_OVERDUE: "Nobody can be asked, and no named person has chosen in time what is done instead.",
    PERSON_SAID_NO: "The person has said no to a provider that was asked or had accepted; its offers have ended: ask others.",
    HOSPITAL_WITHDREW: "The hospital has withdrawn its notice; nobody is asked now. Look whether care is needed all the same.",
    HOSPITAL_CHANGED: "The hospital says something else than what was asked for, or runs: look whether that still fits.",
    FIRST_VISIT_NOT_CONFIRMED: "A first visit was due, and the provider has not said that anybody came: ask now.",
    SUPPORT_ENDS_SOON: "Enhanced home support is about to end: see whether onward care begins in time.",
    SUPPORT_RUNS_ON: "Enhanced home support runs on, which nobody has decided: end it by name, or find onward care.",
    CARE_STILL_NEEDED: "Is care still needed after enhanced home support? Confirm the draft of the onward request, or drop it.",
    HOSPITAL_NEEDS_NOT_TOLD: "A hospital will send somebody home and has not said what care they need: ask, today.",
    CORRECTION_ASKED: "A person says that something held of them is wrong: whoever is asked looks, puts it right and says so.",
    PERSON_OBJECTED: "A person objects to how their data is used: read it before anything is planned, and decide by name.",
    RIGHTS_REQUEST_LATE: "A correction or an objection has no answer, and its day has passed: see to it today.",
    QUESTION_OF_SAFETY: "Somebody asks whether a person is safe: read the question and answer it now.",
    QUESTION_OVERDUE: "A question has no answer, and its time has passed: answer it, or pass it on to the next post.",
}


OF_RUNNING_CARE = (FIRST_VISIT_NOT_CONFIRMED, SUPPORT_RUNS_ON, SUPPORT_ENDS_SOON, CARE_STILL_NEEDED)
"""Of care that ends they say nothing any more."""
OUTLIVES_CARE = (MOVE_IS_OFF, HOSPITAL_NEEDS_NOT_TOLD, QUESTION_OF_SAFETY, QUESTION_OVERDUE)
"""What is to be looked at whether care has ended or not: an untrue letter, somebody whom a hospital will send home, and whoever
is owed an answer."""
OF_CARE = tuple(kind for kind in SENTENCES if kind not in OUTLIVES_CARE)
"""What a named person answers who ends the care, or says that it is no longer asked for."""
OF_SAFETY = (FIRST_VISIT_NOT_CONFIRMED, QUESTION_OF_SAFETY, SUPPORT_RUNS_ON, SUPPORT_ENDS_SOON, *safe_meanwhile.KINDS)


def turn_of(kind: str) -> int:
    """Which alerts stand before others: first that nobody may have come, then that somebody may not be safe, then others."""
    return 0 if kind == FIRST_VISIT_NOT_CONFIRMED else 1 if kind in OF_SAFETY else 2


@dataclass(frozen=True)
class Occasion:
    """What happened to which package; ``about``: the offer, or the date."""

    kind: str
    package_id: str
    about: str

    @cached_property
    def alert_id(self) -> str:
        """The same for the same occasion: nobody is alerted twice."""
        return hashlib.sha256(f"{self.kind}\x1f{self.package_id}\x1f{self.about}".encode()).hexdigest()[:16]


def alert(change: Change, occasion: Occasion) -> None:
    """Alert the planners, once for an occasion."""
    if occasion.alert_id in change.state.stock["alerts"]:
        return
    body = {
        "alert_id": occasion.alert_id,
        "kind": occasion.kind,
        "package_id": occasion.package_id,
        "about": occasion.about,
        "at": change.clock.now().isoformat(),
        "acknowledged_by": None,
        "acknowledged_at": None,
    }
    change.put("alerts", occasion.alert_id, body)


def acknowledge(change: Change, alert_id: str, body: Body) -> Body:
    """Whoever makes the change has looked at an alert; the first who has is recorded."""
    if body["acknowledged_by"]:
        return body
    looked = body | {"acknowledged_by": change.actor.name, "acknowledged_at": change.clock.now().isoformat()}
    change.put("alerts", alert_id, looked)
    subject_kind = "packages" if body["package_id"] else "alerts"  # a provider may ask about nobody's care
    told = {"alert_id": alert_id, "kind": body["kind"]}
    change.remember("alert.acknowledge", subject_kind, body["package_id"] or alert_id, told)
    return looked


def look_at_put_forward(change: Change, state: State, package_id: str) -> None:
    """Whoever places the care has looked at every yes to it that was put forward, the one that was overtaken by another too."""
    for offer in state.offers_of.get(package_id, ()):
        alert_id = Occasion(YES_PUT_FORWARD, package_id, offer.offer_id).alert_id
        stored = state.stock["alerts"].get(alert_id)
        if stored is not None:
            acknowledge(change, alert_id, stored.body)


def look_at_all(change: Change, package_id: str, kinds: Collection[str], still: Collection[str] = ()) -> None:
    """The alerts of a person that a deed has answered count as looked at by whoever does it; those that ``still`` hold stay."""
    for alert_id, stored in sorted(change.as_if().stock["alerts"].items()):
        body = stored.body
        if body.get("package_id") == package_id and body["kind"] in kinds and alert_id not in still:
            acknowledge(change, alert_id, body)
