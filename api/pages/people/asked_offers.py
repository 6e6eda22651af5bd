"""Offers that wait for their answer on a person's page, or may still be answered late; each with its clock and what was said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import counted, day_in_words, when_in_words
from api.pages.people.person_told import Told
from api.pages.waiting_board import left_in_words

Json = Mapping[str, Any]
WAYS = {
    "": "Not said",
    "telephone": "Telephone",
    "e_mail": "E-mail",
    "portal": "Portal",
    "letter": "Letter",
    "in_person": "In person",
    "other": "Another way",
}
GATHERED = ("standard", "planned")
"""The priorities whose answers are gathered."""
GATHERING = (
    "Record what each says. A yes keeps its hours; once all have answered, or their time is over, the first in order is taken."
)
FIRST_WINS = "Record what each says. The first yes gets the care and withdraws the others."
BY_RUN = "run"
"""The step of an offer that a run proposed: of these some go ahead together, and none is answered late."""


@dataclass(frozen=True)
class AskedOffer:
    """An offer that waits for its answer. ``key``: that of its form; ``agreed``: it goes ahead with others."""

    offer_id: str
    key: str
    provider: str
    clock: str
    left: str
    seen: str
    agreed: str
    said: str = ""
    """What the provider has said itself, and whether its yes is the one to be placed now."""
    put_forward: bool = False
    moved: str = ""
    """Why a named person has moved the time to answer."""


def late_offers(told: Told, now: dt.datetime) -> list[AskedOffer]:
    """The last offer to each provider of this request, where it was not answered in time and nobody has accepted since."""
    if told.cascade["situation"] not in ("waiting", "pending"):
        return []
    last = {each["provider_id"]: each for each in told.offers if each["offered_at"] >= (told.package["requested_at"] or "")}
    return [asked_offer(told, each, now) for each in last.values() if each["response"] == "expired" and each["step"] != BY_RUN]


def asked_offer(told: Told, offer: Json, now: dt.datetime) -> AskedOffer:
    """An offer as the page shows it. ``now`` by London's wall clocks."""
    asked_at, until = (dt.datetime.fromisoformat(offer[name]) for name in ("offered_at", "expires_at"))
    due = "Answer was due" if offer["response"] else "Answer due"
    clock = f"Asked {when_in_words(asked_at, now)}. {due} {when_in_words(until, now)}"
    agreed = ""
    if offer["agreed_at"]:
        at = when_in_words(dt.datetime.fromisoformat(offer["agreed_at"]), now)
        agreed = f"It said yes {at}; it goes ahead once every provider of its step has."
    return AskedOffer(
        offer_id=offer["offer_id"],
        key=f"offer-{offer['offer_id']}",
        provider=told.name_of(offer["provider_id"]),
        clock=clock,
        left="" if offer["response"] else _left_in_short(until, now),
        seen=told.offer_etags[offer["offer_id"]],
        agreed=agreed,
        said=_said(told, offer, now),
        put_forward=bool(offer.get("put_forward")),
        moved=offer["answer_by_reason"] or "",
    )


def _said(told: Told, offer: Json, now: dt.datetime) -> str:
    """The yes of a provider that waits for its turn, in words; "" where it has said nothing."""
    said = offer.get("said")
    if not said:
        return ""
    later = f"yes, from {day_in_words(said['from_day'])}" if said["from_day"] else "yes"
    days = ", on some days" if said["days"] else ""
    what = f"yes to {counted(len(said['visits']), 'visit')}{days} alone" if said["answer"] == "part" else later
    at = when_in_words(dt.datetime.fromisoformat(said["said_at"]), now)
    turn = "Its turn has come: place the care with it" if offer["put_forward"] else "It waits for its turn, and keeps the hours"
    if offer["put_forward"] and said["answer"] == "part":
        turn = "Its turn has come: record which visits it takes, which divides the care"
    message = f" “{said['message']}”" if said["message"] else ""
    who = said["said_by"] or told.name_of(offer["provider_id"])
    typed = f", {WAYS[said['how']].lower()}" if said["typed"] and said["how"] else ""
    return f"{who} said {what} ({at}{typed}).{message} {turn}."


def _left_in_short(until: dt.datetime, now: dt.datetime) -> str:
    """3 hours 59 minutes left; from 24 hours on 2 days left."""
    days = (until - now) // dt.timedelta(days=1)
    return f"{counted(days, 'day')} left" if days >= 1 else left_in_words(until, now)
