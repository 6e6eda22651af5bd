"""The step panel of a person: in which state they are, what is to be known in it, and what each of its forms is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from api.pages.fast_start_words import fast_start_in_words
from api.pages.page_words import capital, dates_in_words, day_in_words, in_plain, person_in_words, when_in_words
from api.pages.people.asked_offers import FIRST_WINS, GATHERED, GATHERING, WAYS, AskedOffer, asked_offer, late_offers
from api.pages.people.person_board import notes_in_words
from api.pages.people.person_told import Told
from optimiser.domain.words import listed

Json = Mapping[str, Any]
NO_REASONS = {
    "no_capacity": "No: no capacity",
    "time_of_day": "No: cannot do the times of day",
    "too_far": "No: too far to travel",
    "no_double_handed_run": "No: no double-handed run",
    "cannot_meet_need": "No: cannot meet the needs",
    "other": "No: another reason",
}
ANSWERS = [("accepted", "Yes, it takes the care"), *NO_REASONS.items(), ("withdrawn", "We withdraw the offer")]
"""What may be recorded of an offer: one flat list."""
LATE_ANSWERS = ANSWERS[:-1]
"""The same once its time is over: it is withdrawn no more."""
GIVEN_BY = {
    "self": "The person",
    "attorney": "Their attorney",
    "deputy": "Their deputy",
    "best_interests": "Somebody in their best interests",
}
ADVOCATES = {
    "": "Not recorded",
    "not_needed": "Not needed",
    "offered": "Offered",
    "accepted": "Accepted",
    "declined": "Declined",
}
CHOICES = {
    "part_of_care": "Part of the care now",
    "bridge": "A bridge: the visits that cannot wait",
    "reserve": "A reserve provider",
    "purchase": "Purchase outside the frameworks",
    "direct_payment": "A direct payment",
    "interim_bed": "An interim bed",
}
MOVES = {
    "reoptimise": "To make room for somebody who waits",
    "transfer": "To the area's principal",
    "hand_back": "The contract is handed back",
    "relieve": "The provider can deliver only a part",
}


@dataclass(frozen=True)
class Choosing:
    """What a named person may choose where nobody can be asked: radio options, with what each needs."""

    says: str
    options: list[tuple[str, str, str]]
    recorded: bool
    """Whether it is recorded how the person is safe meanwhile: a choice needs that first."""


@dataclass(frozen=True)
class Panel:
    """The panel. ``kind``: waiting, asked, nobody, accepted, running, on_hold; ``seen``: the tag of the package."""

    kind: str
    heading: str
    says: list[str]
    seen: str
    asked: list[AskedOffer] = field(default_factory=list)
    over: list[AskedOffer] = field(default_factory=list)
    """Offers whose time was over, and which may still be answered late."""
    enough: list[str] = field(default_factory=list)
    choosing: Choosing | None = None
    provider: str = ""
    provider_id: str = ""
    answer_needed: bool = False
    """Whether the person's yes to who has accepted is not recorded yet."""
    answers: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    decided_move: str = "reoptimise"
    """The kind of move that social work has said yes to, where it is one alone."""
    held_until: str = ""
    first_visit: str = ""
    """What is waited for of the first visit; empty: nothing."""
    contract_options: list[tuple[str, str]] = field(default_factory=list)
    """Who else could be asked by name, or whom running care could move to."""

    def __repr__(self) -> str:
        return f"<Panel of the kind {self.kind}>"


def panel_of(told: Told, now: dt.datetime, *, gathers: bool = True) -> Panel:
    """The panel. ``now`` by London's wall clocks; ``gathers``: whether answers of care that can wait are gathered."""
    return replace(
        _panel(told, now, gathers=gathers and told.cascade["priority"] in GATHERED),
        contract_options=_who_else(told.cascade),
        over=late_offers(told, now),
    )


BEYOND = {"own_limit": "beyond its own limit", "decision": "needs a decision of social work"}


def _who_else(cascade: Json) -> list[tuple[str, str]]:
    """Whoever may be asked and is not yet; and whom nothing bars but its own limit, or a decision that is still to be made."""
    places = [(each, f"£{each['weekly_cost_gbp']} a week") for each in cascade["places"] if not each["asked"]]
    others = [(each, BEYOND[each["barred_by"]]) for each in cascade["others"] if each["barred_by"] in BEYOND]
    return [(each["contract_id"], f"{each['provider']} ({each['tier']}, {more})") for each, more in (*places, *others)]


def _panel(told: Told, now: dt.datetime, *, gathers: bool) -> Panel:
    cascade, seen = told.cascade, told.etag
    says = notes_in_words(cascade)
    if earns := fast_start_in_words(cascade["fast_start"], now, "its provider"):
        says.append(f"{earns}.")
    place = {each["contract_id"]: each["place"] for each in cascade["places"]}
    waiting = [each for each in told.offers if each["response"] is None]
    waiting.sort(key=lambda each: (place.get(each["contract_id"], len(place) + 1), each["offered_at"]))
    if cascade["situation"] == "pending":
        return _asked(told, waiting, says, now, gathers=gathers)
    if cascade["situation"] == "accepted":
        return _accepted(told, says, now)
    if cascade["situation"] in ("running", "on_hold"):
        return _running(told, waiting, says, now)
    step = [each["provider"] for each in cascade["places"] if each["contract_id"] in cascade["next_step"]["contract_ids"]]
    if step:
        return Panel("waiting", f"Next: ask {cascade['next_step']['name']} {listed(step)}", says, seen)
    return _nobody(told, says)


def _asked(told: Told, waiting: Sequence[Json], says: list[str], now: dt.datetime, *, gathers: bool) -> Panel:
    asked = [asked_offer(told, each, now) for each in waiting]
    names = listed([each.provider for each in asked])
    first = ""
    if len(asked) > 1 and any(each.said for each in asked):
        first = "Providers have said yes: once a yes is put forward, place the care with it, then ask the person."
    elif len(asked) > 1:
        first = GATHERING if gathers else FIRST_WINS
    return Panel("asked", f"Asked: {names}", [*filter(None, [first]), *says], told.etag, asked=asked)


def _accepted(told: Told, says: list[str], now: dt.datetime) -> Panel:
    contract_id = told.package["accepted_contract_id"]
    accepted = [each for each in told.offers if each["contract_id"] == contract_id and each["response"] == "accepted"]
    provider_id = accepted[-1]["provider_id"] if accepted else ""
    provider = told.name_of(provider_id)
    answers = answers_in_words(told)
    counts = [each for each in told.answers if each["counts"] and each["provider_id"] == provider_id]
    last = counts[-1] if counts else None
    asked_at = told.package["requested_at"] or ""
    needed = last is None or last["answer"] != "yes" or last["answered_at"] < asked_at
    heading = f"Accepted by {provider}; care has not begun"
    return Panel(
        "accepted",
        heading,
        [*_who_said_so(accepted[-1:], now), *says],
        told.etag,
        provider=provider,
        provider_id=provider_id,
        answer_needed=needed,
        answers=answers,
    )


def _who_said_so(offers: Sequence[Json], now: dt.datetime) -> list[str]:
    """Who at the provider said yes, and how, as far as that was recorded; and whether the yes came after its time."""
    said = []
    for each in offers:
        by = " ".join(filter(None, (each["answered_by"] or "", f"({WAYS[each['how']].lower()})" if each["how"] else "")))
        if by:
            said.append(f"Said by {by}.")
        if each["late_after"]:
            over = when_in_words(dt.datetime.fromisoformat(each["late_after"]), now)
            said.append(f"It answered late: its time was over {over}.")
    return said


def answers_in_words(told: Told) -> list[str]:
    """What the person has said to providers, the last first."""
    found = []
    for each in reversed(told.answers):
        advocate = f"; advocate: {ADVOCATES[each['advocate']].lower()}" if each["advocate"] else ""
        reason = f": “{each['reason']}”" if each["reason"] else ""
        old = "" if each["counts"] else " (a later answer counts)"
        day = day_in_words(each["answered_at"][:10])
        name, who = told.name_of(each["provider_id"]), GIVEN_BY[each["given_by"]].lower()
        found.append(f"{each['answer'].capitalize()} to {name}, {day}, said by {who}{advocate}{reason}{old}")
    return found


def _running(told: Told, waiting: Sequence[Json], says: list[str], now: dt.datetime) -> Panel:
    cascade, package = told.cascade, told.package
    provider = told.name_of(told.runs_with)
    held = package["held_until"]
    kind = "on_hold" if cascade["situation"] == "on_hold" else "running"
    if kind == "on_hold":
        heading = f"On hold: {provider} keeps the hours until {day_in_words(held)}"
    else:
        since = f" since {day_in_words(package['care_started'])}" if package["care_started"] else ""
        heading = f"Care is running{f' with {provider}' if provider else ''}{since}"
    return Panel(
        kind,
        heading,
        says,
        told.etag,
        asked=[asked_offer(told, each, now) for each in waiting],
        provider=provider,
        decisions=decisions_in_words(told),
        decided_move=_decided_move(told),
        held_until=held or "",
        first_visit=_first_visit(told, now),
        answers=answers_in_words(told),
    )


def decisions_in_words(told: Told) -> list[str]:
    """What social work has decided about moves of this person and counts today."""
    found = []
    for each in told.decisions:
        if each["counts_today"]:
            to = f" to {told.name_of(each['to_provider_id'])}" if each["to_provider_id"] else ""
            by, until = person_in_words(each["decided_by"] or ""), day_in_words(each["valid_to"])
            fit = in_plain(each["decision"])
            move = MOVES[each["move"]].lower()
            found.append(f"{capital(fit)}{to} ({move}), decided by {by}, counts until {until}: {each['why']}")
    return found


def _decided_move(told: Told) -> str:
    yes = {each["move"] for each in told.decisions if each["counts_today"] and each["decision"] == "suitable"}
    return yes.pop() if len(yes) == 1 else Panel.decided_move


def _first_visit(told: Told, now: dt.datetime) -> str:
    due = told.first_visit
    if due is None:
        return ""
    due_at, provider = dt.datetime.fromisoformat(due["due_at"]), told.name_of(due["provider_id"])
    at = when_in_words(due_at, now)
    if due_at > now:
        return f"The first visit is due {at}. {provider} says whether somebody came."
    late = " It is late: ask the provider now." if due["late"] else ""
    return f"The first visit was due {at}, and {provider} has not said that anybody came.{late}"


def _nobody(told: Told, says: list[str]) -> Panel:
    choosing = told.cascade["choosing"]
    made = None
    if choosing is not None:
        late = "was due" if choosing["overdue"] else "is due"
        since, by = day_in_words(choosing["nobody_since"]), day_in_words(choosing["choose_by"])
        said = f"Nobody can be asked since {since}. A choice of a named person {late} by {by}."
        options = [
            (each["choice"], CHOICES[each["choice"]] + ("" if each["open"] else " (not open today)"), each["needs"])
            for each in choosing["choices"]
        ]
        made = Choosing(said, options, told.meanwhile["recorded_at"] is not None)
    enough = [dates_in_words(each["sentence"]) for each in (told.unmet or {}).get("changes", [])]
    return Panel("nobody", "Nobody left to ask", [*_chosen(told), *says], told.etag, enough=enough, choosing=made)


def _chosen(told: Told) -> list[str]:
    """What a named person has chosen already."""
    safe = told.meanwhile
    if not safe["choice"]:
        return []
    until = f" until {day_in_words(safe['choice_until'])}" if safe["choice_until"] else ""
    reason = f": {safe['choice_reason']}" if safe["choice_reason"] else ""
    return [f"Chosen by {person_in_words(safe['chosen_by'] or '')}: {CHOICES[safe['choice']].lower()}{until}{reason}"]
