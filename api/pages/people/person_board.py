"""A person's cascade as their page shows it: the step in a sentence, places as ranked cards, others with what is in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import capital, counted, dates_in_words, day_in_words, hours_in_short, hours_in_words
from optimiser.domain.words import listed

Json = Mapping[str, Any]
SITUATIONS = {
    "waiting": "Nobody is asked",
    "pending": "Waiting for an answer",
    "accepted": "Accepted; care has not begun",
    "running": "Care is running",
    "on_hold": "On hold",
}
WISHES = {
    "worker_gender": "Wish, care workers: ",
    "worker_languages": "Wish, languages: ",
    "preferred_provider": "Wish, rather with: ",
    "same_household": "Wish: the same provider as others of the household",
}
FOLDED_FROM = 3
"""So many cards of the legacy framework are open; a county has a hundred."""


@dataclass(frozen=True)
class Card:
    """A provider that can be asked, or was."""

    rank: int
    provider: str
    tier: str
    says: str
    """Under which framework, and why here in the order."""
    facts: list[tuple[str, str]]
    asked: bool
    is_next: bool


@dataclass(frozen=True)
class Other:
    """A provider that cannot be asked, and what is in the way."""

    provider: str
    tier: str
    in_the_way: list[str]
    free: str = ""
    """What it has told of its free hours; empty: nothing that counts."""


@dataclass(frozen=True)
class Board:
    """Who can be asked and who cannot."""

    situation: str
    facts: list[tuple[str, str]]
    cards: list[Card]
    folded: list[Card]
    others: list[Other]
    next_count: int

    def __repr__(self) -> str:
        return f"<Board with {len(self.cards) + len(self.folded)} who can be asked>"


def board_of(told: Json, area: str = "") -> Board:
    """The board of an answer of ``/v1/packages/{package_id}/cascade``. ``area``: by its name; empty: the person is in none."""
    step = set(told["next_step"]["contract_ids"])
    free = {each["provider_id"]: capital(dates_in_words(each["says"])) for each in told["capacity_told"]}
    cards = [_card(each, each["contract_id"] in step, free.get(each["provider_id"], "")) for each in told["places"]]
    open_: list[Card] = []
    folded: list[Card] = []
    legacy = 0
    for card in cards:
        legacy += card.tier == "legacy"
        (folded if card.tier == "legacy" and legacy > FOLDED_FROM and not (card.asked or card.is_next) else open_).append(card)
    others = [
        Other(
            each["provider"],
            each["tier"],
            [dates_in_words(f["sentence"]) for f in each["failed"]],
            free.get(each["provider_id"], ""),
        )
        for each in told["others"]
    ]
    facts = [
        ("Priority", told["priority"].capitalize()),
        ("Start by", _start_by(told)),
        ("Care", f"{hours_in_words(told['hours_per_week'])} a week"),
        ("Price band", str(told["band"])),
        *([("Area", area)] if area else []),
    ]
    return Board(SITUATIONS[told["situation"]], facts, open_, folded, others, len(step))


def _start_by(told: Json) -> str:
    """The day; of whoever waits for care, how late it is."""
    if not told["start_by"]:
        return "not said"
    late = (dt.date.fromisoformat(told["as_of"]) - dt.date.fromisoformat(told["start_by"])).days
    waits = told["situation"] in ("waiting", "pending", "accepted")
    return day_in_words(told["start_by"]) + (f", {counted(late, 'day')} late" if late > 0 and waits else "")


def notes_in_words(told: Json) -> list[str]:
    """What is to be known before anybody is asked."""
    says = [f"Read first: {each['said']}" for each in told["objections"]]
    if told["asked_with"]:
        says.append(f"Asked for and placed together with {listed(told['asked_with'])}.")
    return says + _wishes(told)


def _wishes(told: Json) -> list[str]:
    """What the person wishes; a provider by its name where it stands on the page."""
    names = {each["provider_id"]: each["provider"] for each in (*told["places"], *told["others"])}
    said = []
    for each in told["wishes"]:
        wanted = listed([names.get(wish, wish) for wish in each["wanted"]])
        said.append(" ".join(filter(None, (f"{WISHES[each['wish']]}{wanted}.", each["lengthens_the_wait"]))))
    return said


def _card(each: Json, is_next: bool, free: str) -> Card:
    room = "no limit" if each["headroom_hours_4w"] is None else f"{hours_in_short(each['headroom_hours_4w'])} in four weeks"
    facts = [
        ("Room", room),
        ("Cost", f"£{each['weekly_cost_gbp']} a week, £{each['rate_gbp']} an hour"),
        ("Nearest office", f"{each['office_miles']:.1f} miles"),
    ]
    if free:
        facts.append(("Free hours", free))
    if each["guarantee"]:
        facts.append(("Guarantee", each["guarantee"]))
    reason = dates_in_words(each["reason"])
    tier = capital(each["tier"])
    says = reason if reason.startswith(tier) else f"{tier}. {reason}"  # it begins with that mostly, and says it once
    return Card(each["place"], each["provider"], each["tier"], says, facts, each["asked"], is_next)
