"""Enhanced home support, as it is answered: the clock, what was said, the draft of the onward request, what a charge needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.enhanced.onward import draft_json, onward_request, start_of
from api.state.state import State
from api.state.stored_records import ENHANCED_SUPPORT, Body
from optimiser.county import NOWHERE
from optimiser.domain.dates import wall_clock
from optimiser.judging.enhanced_support import Support

NOTHING: Body = {"answers": [], "notice": None, "financial_assessment": None}
"""What is recorded of somebody of whom nobody has said anything."""
NEEDED = (("notice", "no notice"), ("financial_assessment", "no financial assessment"))
BOTH = "A notice and a financial assessment are recorded. Whether anything is charged is a person's decision, not made here."


def recorded_of(state: State, package_id: str) -> Body:
    stored = state.get(ENHANCED_SUPPORT, package_id)
    return {"package_id": package_id, **NOTHING} if stored is None else stored.body


def charge_sentence(body: Body) -> str:
    """What is recorded of a charge, in words: without both of what it needs nothing says that one is due."""
    missing = [words for name, words in NEEDED if body[name] is None]
    return f"Nothing says that a charge is due: {' and '.join(missing)} is recorded." if missing else BOTH


def charged_from(state: State) -> dict[str, dt.date]:
    """By package id the day from which a notice and a financial assessment are both recorded, where they are."""
    bodies = {package_id: stored.body for package_id, stored in state.stock[ENHANCED_SUPPORT].items()}
    days = {package_id: [body[name]["on"] for name, _ in NEEDED if body[name]] for package_id, body in bodies.items()}
    return {package_id: dt.date.fromisoformat(max(on)) for package_id, on in days.items() if len(on) == len(NEEDED)}


def charge_json(body: Body) -> dict[str, Any]:
    told = {name: body[name] for name in ("package_id", "notice", "financial_assessment")}
    return told | {"sentence": charge_sentence(body)}


def support_json(state: State, support: Support) -> dict[str, Any]:
    """A line of the list."""
    county, package = state.county, state.county.package_index[support.package_id]
    person, contract = county.packages[package], int(county.running_on[package])
    onward = onward_request(state, support.package_id)
    return {
        "package_id": support.package_id,
        "area_id": person.area_id,
        "priority": person.priority,
        "provider_id": None if contract == NOWHERE else county.provider(contract).provider_id,
        "began_at": _shown(support.began_at),
        "is_first_visit": support.is_first_visit,
        "asks_at": [wall_clock(each).isoformat() for each in support.asks_at],
        "alerts_at": _shown(support.alerts_at),
        "ends_at": _shown(support.ends_at),
        "runs_on": support.runs_on,
        "question_open": support.question_since is not None,
        "wrong": [{"kind": each.kind, "sentence": each.sentence} for each in support.wrong],
        "clock": support.clock,
        "onward_package_id": onward,
        "onward_situation": None if onward is None else state.situation_of(county.package_index[onward]),
        "charge": charge_sentence(recorded_of(state, support.package_id)),
    }


def support_with_draft_json(state: State, support: Support) -> dict[str, Any]:
    """The same with all that was said of it and, while no onward request is there, the draft of one."""
    body = recorded_of(state, support.package_id)
    told = support_json(state, support)
    is_open = told["onward_package_id"] is not None
    return {
        **told,
        "answers": [_said(each) for each in body["answers"]],
        "draft": None if is_open else draft_json(state, support.package_id, start_of(state, support)),
        "notice": body["notice"],
        "financial_assessment": body["financial_assessment"],
    }


def _said(answer: Body) -> dict[str, Any]:
    at = dt.datetime.fromisoformat(answer["answered_at"])
    told = {name: answer[name] for name in ("needed", "onward", "why", "onward_package_id", "said_by")}
    return told | {"said_at": wall_clock(at).isoformat()}


def _shown(moment: dt.datetime | None) -> str | None:
    return None if moment is None else wall_clock(moment).isoformat()
