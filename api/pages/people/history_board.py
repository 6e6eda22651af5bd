"""A person's history in words: what each deed was, and what a line of it tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import capital, dates_in_words, in_plain, person_in_words, when_in_words
from api.pages.people.asked_offers import WAYS
from api.pages.people.person_side import CARERS, WHERE
from api.pages.people.step_panel import ADVOCATES, CHOICES, GIVEN_BY, MOVES, NO_REASONS

Json = Mapping[str, Any]
DEEDS = {
    "package.add": "Requested",
    "package.change": "Needs or wishes changed",
    "package.priority_review": "Priority looked at again",
    "package.divide": "Divided",
    "package.rejoin": "A part came back",
    "package.start": "Care began",
    "package.hold": "Put on hold",
    "package.resume": "Care went on",
    "package.restart": "Asked for anew",
    "package.end": "Ended",
    "package.moved": "Moved to another provider",
    "offer.made": "A provider was asked",
    "offer.accepted": "A provider said yes",
    "offer.accepted_in_part": "A provider said yes to some visits",
    "offer.agreed": "A provider said yes; others of its step are waited for",
    "offer.said_yes": "A provider said yes itself: its hours are held",
    "own.answer": "A provider answered itself",
    "offer.declined": "A provider said no",
    "offer.answered_late": "A provider's answer after the time was taken",
    "offer.reminded": "A provider was reminded that an offer waits",
    "offer.answer_by_moved": "The time to answer was moved",
    "offer.withdrawn": "An offer was withdrawn",
    "offer.expired": "A provider did not answer in time",
    "offer.supersede": "A no stands no more: needs have changed",
    "offer.noted": "Something was noted of an offer",
    "answer.record": "The person's answer",
    "county.sync": "Changed by a folder that was taken in",
    "decision.ask": "Social work was asked to decide",
    "decision.record": "Social work decided",
    "decision.lapse": "A decision lapsed: needs have changed",
    "meanwhile.record": "How they are safe meanwhile",
    "meanwhile.check": "Checked",
    "meanwhile.choose": "Chosen where nobody could be asked",
    "meanwhile.approve_price": "A price was approved",
    "first_visit.confirm": "First visit",
    "first_visit.agree": "First visit agreed for another moment",
    "alert.acknowledge": "An alert was looked at",
    "claim.take": "Somebody began to work on it",
    "claim.release": "Somebody stopped working on it",
    "hold.ran_out": "The hours' day has come",
    "hospital.notice": "A hospital's notice",
    "enhanced.answer": "Whether care is still needed after enhanced support",
    "enhanced.for_a_charge": "Something was recorded for a charge",
    "letter.written": "A letter was written",
    "run.apply.refused": "What a run proposed could not be done",
    "rights.record": "A correction or an objection",
    "rights.close": "A correction or an objection was closed",
}
"""What an entry of the trail was, by its action; one that is not here is told by its own words."""
ALERTS = {
    "no_plan": "how they are safe was not recorded",
    "plan_ran_out": "what was to hold has ended",
    "plan_too_short": "what is planned ends before care begins",
    "offer_expired": "a provider did not answer in time",
    "offer_stopped": "an offer was withdrawn by a rule",
    "hold_ran_out": "the hours' day has come",
    "cascade_exhausted": "nobody was left to ask",
    "move_is_off": "a move does not take place",
}
"""What an alert was about, where its kind in plain words does not say it."""
VALUES = {
    "reason": {name: said.removeprefix("No: ") for name, said in NO_REASONS.items()},
    "how": {name: said.lower() for name, said in WAYS.items()},
    "kind": ALERTS,
    "given_by": {name: f"{said[:1].lower()}{said[1:]}" for name, said in GIVEN_BY.items()},
    "advocate": ADVOCATES,
    "choice": CHOICES,
    "move": MOVES,
    "where": WHERE,
    "carer": CARERS,
}
NAMES = {
    "contract_id": "",
    "step": "step:",
    "response": "",
    "out_of_order_reason": "out of order",
    "decision_reference": "decision",
    "answered_by": "said by",
    "given_by": "given by",
    "start_by": "start by",
    "care_started": "on",
    "held_until": "until",
    "choice_until": "until",
    "holds_until": "until",
    "ended_by": "ended by the",
    "new_package_id": "new request",
    "instead_of": "instead of",
    "first_visit_at": "at",
    "said_by": "said by",
}
SILENT = ("response", "need_remains", "contract_id")
"""Told by the deed itself, or by a name."""


@dataclass(frozen=True)
class Line:
    """A deed of somebody's history."""

    when: str
    what: str
    more: str
    by: str

    def __repr__(self) -> str:
        return f"<Line of {self.what}>"


def lines_of(deeds: list[dict[str, Any]], names: Mapping[str, str], now: dt.datetime) -> list[Line]:
    """The lines, in the order in which they come. ``names``: of providers by contract and by their own id."""
    return [_line(each, names, now) for each in deeds]


def _line(deed: Json, names: Mapping[str, str], now: dt.datetime) -> Line:
    told: Mapping[str, str] = deed["told"]
    who = names.get(told.get("contract_id", "")) or names.get(told.get("provider_id", "")) or told.get("contract_id", "")
    said = [who] if who else []
    for name, cell in told.items():
        if name in SILENT or name == "provider_id":
            continue
        words = VALUES.get(name, {}).get(cell, cell if name in ("reason", "found", "out_of_order_reason") else in_plain(cell))
        said.append(f"{NAMES.get(name, '')} {_moment(words)}".strip())
    what = DEEDS.get(deed["action"]) or capital(in_plain(deed["action"].replace(".", ": ")))
    at = capital(when_in_words(dt.datetime.fromisoformat(deed["at"]), now))
    by = "The service" if deed["role"] == "service" else f"{person_in_words(deed['by'])}, {in_plain(deed['role'])}"
    return Line(at, what, "; ".join(said), by)


def _moment(text: str) -> str:
    """A text with its days in words, a moment as its day and time."""
    return dates_in_words(text.replace("T", ", ") if len(text) == len("2026-11-23T08:10:00") and text[10:11] == "T" else text)
