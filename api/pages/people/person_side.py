"""What stands beside a person's step: their needs, visits and wishes, how they are safe, alerts, and the offers so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import (
    DAYS,
    capital,
    counted,
    day_in_words,
    hours_in_words,
    in_plain,
    needs_in_words,
    person_in_words,
    when_in_words,
)
from api.pages.people.person_told import Told
from api.pages.people.step_panel import CHOICES, NO_REASONS
from api.pages.questions.question_board import QuestionRow, question_rows

Json = Mapping[str, Any]
WHERE = {
    "home_alone": "At home, alone",
    "home_with_carer": "At home, with an unpaid carer",
    "hospital": "In hospital",
    "interim_bed": "In an interim bed",
    "elsewhere": "Elsewhere",
}
CARERS = {
    "": "Not recorded",
    "none": "There is none",
    "managing": "Manages",
    "strained": "Is strained",
    "cannot_go_on": "Cannot go on",
}
IF_MISSED = {"red": "Red: serious harm", "amber": "Amber: some harm", "green": "Green: little harm"}
RESPONSES = {"accepted": "yes", "declined": "no", "expired": "no answer in time", "withdrawn": "withdrawn", None: "no answer yet"}


@dataclass(frozen=True)
class ShownVisit:
    """A visit of a week. ``days``: each with its letter, whether it is one of them, and its name."""

    when: str
    more: str
    days: list[tuple[str, bool, str]]
    days_in_words: str


@dataclass(frozen=True)
class Safe:
    """How somebody is safe until care begins. ``wrong``: what is not in order, most harm first."""

    facts: list[tuple[str, str]]
    wrong: list[str]
    clock: str
    recorded: bool


@dataclass(frozen=True)
class OpenAlert:
    """Something that nobody has looked at."""

    alert_id: str
    sentence: str
    at: str


@dataclass(frozen=True)
class Side:
    """What stands beside the step."""

    needs: list[tuple[str, str]]
    visits: list[ShownVisit]
    safe: Safe | None
    alerts: list[OpenAlert]
    offers: list[tuple[str, str]]
    questions: list[QuestionRow]

    def __repr__(self) -> str:
        return f"<Side with {len(self.visits)} visit(s)>"


def side_of(told: Told, now: dt.datetime) -> Side:
    """The side. ``now`` by London's wall clocks."""
    safe = safe_of(told.meanwhile, now) if told.package["status"] == "new" else None
    alerts = [
        OpenAlert(each["alert_id"], each["sentence"], when_in_words(dt.datetime.fromisoformat(each["at"]), now))
        for each in told.alerts
    ]
    offers = [(told.name_of(each["provider_id"]), _offer(each, now)) for each in reversed(told.offers)]
    visits = [_visit(each) for each in told.package["visits"]]
    questions = question_rows(told.questions, told.provider_names, now)
    return Side(needs_of(told.package, told.name_of), visits, safe, alerts, offers, questions)


def needs_of(package: Json, name_of: Callable[[str], str]) -> list[tuple[str, str]]:
    """What care is needed, by whom wished for, and what is recorded of a missed visit."""
    facts = [("Hours", f"{hours_in_words(package['hours_per_week'])} a week"), ("Visits", f"{package['visits_per_week']} a week")]
    needs = needs_in_words(package["workers"], package["skills"])
    facts.append(("Needs", capital(", ".join(needs)) or "No special skills"))
    if package["service"]:
        facts.append(("Service", in_plain(package["service"])))
    if package["protected"]:
        facts.append(("Protected", capital(in_plain(package["protected"]))))
    if package["requested_at"]:
        at = dt.datetime.fromisoformat(package["requested_at"])
        source = f", {in_plain(package['source'])}" if package["source"] else ""
        facts.append(("Requested", f"{day_in_words(at.date().isoformat())}{source}"))
    facts.append(("If a visit is missed", IF_MISSED.get(package["if_missed"], "Not recorded")))
    if package["can_step_in"]:
        facts.append(("Can step in", package["can_step_in"]))
    wishes = [f"{in_plain(package['worker_gender'])} care workers"] if package["worker_gender"] else []
    wishes += [f"speaking {', '.join(package['worker_languages'])}"] if package["worker_languages"] else []
    wishes += [f"rather with {name_of(each)}" for each in package["preferred_provider_ids"]]
    wishes += [f"not with {name_of(each)}" for each in package["excluded_provider_ids"]]
    wishes += ["the same provider as others of the household"] if package["household_id"] else []
    facts.append(("Wishes", capital("; ".join(wishes)) or "None recorded"))
    reads = [in_plain(each) for each in package["formats"]] + ([package["language"]] if package["language"] else [])
    facts.append(("Letters", ", ".join(reads) or "Not recorded how they read"))
    if package["part_of"]:
        facts.append(("A part of", package["part_of"]))
    return facts


def _visit(visit: Json) -> ShownVisit:
    two = ", two care workers" if visit["workers"] > 1 else ""
    needs = f", {', '.join(in_plain(each) for each in visit['needs'])}" if visit["needs"] else ""
    days = [(name[0], each in visit["days"], name) for each, name in DAYS.items()]
    in_words = "every day" if len(visit["days"]) == len(DAYS) else ", ".join(name for _, there, name in days if there)
    when = f"{visit['earliest_start'][:5]} to {visit['latest_start'][:5]}"  # without the seconds
    return ShownVisit(when, f"{counted(visit['duration_minutes'], 'minute')}{two}{needs}", days, in_words)


def safe_of(told: Json, now: dt.datetime) -> Safe:
    """How somebody who waits is safe, in words."""
    wrong = [each["sentence"] for each in told["wrong"]]
    if told["recorded_at"] is None:
        return Safe([], wrong, "", recorded=False)
    facts = [
        ("Where", WHERE.get(told["where"] or "", "Not recorded")),
        ("What holds", told["holds"] or "Not recorded"),
        ("Until", day_in_words(told["holds_until"]) if told["holds_until"] else "Not known"),
        ("Unpaid carer", CARERS[told["carer"] or ""]),
        ("Checks", told["checked_by"] or "Nobody is named"),
        ("Next check", day_in_words(told["next_check"]) if told["next_check"] else "Not said"),
    ]
    if told["choice"]:
        until = f" until {day_in_words(told['choice_until'])}" if told["choice_until"] else ""
        facts.append(("Chosen", f"{CHOICES[told['choice']]}{until}, by {person_in_words(told['chosen_by'] or '')}"))
    facts.append(("Recorded", when_in_words(dt.datetime.fromisoformat(told["recorded_at"]), now)))
    return Safe(facts, wrong, told["clock"] or "", recorded=True)


def _offer(offer: Json, now: dt.datetime) -> str:
    """What came of an offer, in a line."""
    at = capital(when_in_words(dt.datetime.fromisoformat(offer["offered_at"]), now))
    reason = NO_REASONS.get(offer["reason"] or "", "").removeprefix("No: ") or (offer["reason"] or "")
    said = RESPONSES[offer["response"]]
    who = f", {offer['answered_by']}" if offer["answered_by"] else ""
    out = f". Out of order: {offer['out_of_order_reason']}" if offer["out_of_order_reason"] else ""
    return f"{at}: {said}{f', {reason}' if reason else ''}{who}{out}"
