"""A provider's own offers in words: how each stands, what is asked for, and what was said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.fast_start_words import fast_start_in_words
from api.pages.page_words import DAYS, counted, day_in_words, hours_in_words, in_plain, when_in_words
from optimiser.domain.words import listed

Json = Mapping[str, Any]
NO_REASONS = {
    "no_capacity": "No: no free hours",
    "time_of_day": "No: not at these times",
    "too_far": "No: too far",
    "cannot_meet_need": "No: the needs cannot be met",
    "no_double_handed_run": "No: no round of two care workers",
    "other": "No: another reason",
}
STANDINGS = {
    "open": ("Waits for your answer", "warm"),
    "said_yes": ("You said yes: the council places", "plain"),
    "accepted": ("Placed with you", "done"),
    "said_no": ("You said no", "quiet"),
    "time_over": ("The time to answer is over", "quiet"),
    "no_longer_needed": ("No longer needed", "quiet"),
}
PRIORITIES = {"urgent": "Urgent", "discharge": "Discharge from hospital", "standard": "Standard", "planned": "Planned"}


@dataclass(frozen=True)
class OfferRow:
    """A line of the list. ``kind``: the tag's."""

    offer_id: str
    where: str
    care: str
    start: str
    standing: str
    kind: str
    due: str


def offer_rows(offers: Sequence[Json], now: dt.datetime) -> list[OfferRow]:
    """The offers as they come: open ones by the time to answer."""
    return [_row(each, now) for each in offers]


def _row(offer: Json, now: dt.datetime) -> OfferRow:
    care, (standing, kind) = offer["care"], STANDINGS[offer["standing"]]
    due = when_in_words(_moment(offer["answer_by"]), now) if offer["answer_by"] else ""
    if care is None:
        asked = when_in_words(_moment(offer["offered_at"]), now)
        return OfferRow(offer["offer_id"], f"Asked {asked}", "", "", standing, kind, due)
    what = f"{hours_in_words(care['hours_per_week'])} a week in {counted(care['visits_per_week'], 'visit')}"
    start = day_in_words(care["start_by"]) if care["start_by"] else "no day given"
    return OfferRow(offer["offer_id"], care["district"], what, start, standing, kind, due)


def facts_of(offer: Json, now: dt.datetime) -> list[tuple[str, str]]:
    """What is asked for, a line each; nothing once the offer is closed."""
    care = offer["care"]
    if care is None:
        return []
    gender = {"female": "Women alone, if you can", "male": "Men alone, if you can"}
    told = [
        ("Where", care["district"]),
        ("Care", f"{hours_in_words(care['hours_per_week'])} a week in {counted(care['visits_per_week'], 'visit')}"),
        ("Needs", ", ".join(in_plain(each) for each in care["needs"]) or "none recorded"),
        ("Care workers", gender.get(care["worker_gender"] or "", "")),
        ("Languages", ", ".join(care["worker_languages"])),
        ("Priority", PRIORITIES[care["priority"]]),
        ("To begin by", day_in_words(care["start_by"]) if care["start_by"] else "no day given"),
        ("Waits", "not recorded" if care["age_days"] is None else counted(care["age_days"], "day")),
        ("A fast start", fast_start_in_words(offer["fast_start"], now, "you")),
        ("Answer by", when_in_words(_moment(offer["answer_by"]), now) if offer["answer_by"] else ""),
        ("Your contract", offer["contract_id"]),
    ]
    if offer["place"]:
        told.append(("Place", f"{offer['place']['latitude']:.5f}, {offer['place']['longitude']:.5f}"))
    return [(name, said) for name, said in told if said]


def visit_lines(offer: Json) -> list[tuple[int, str]]:
    """Each visit with its number: morning, 45 minutes, 5 times a week, two care workers."""
    care = offer["care"]
    return [] if care is None else [(each["number"], _visit(each)) for each in care["visits"]]


def _visit(visit: Json) -> str:
    times = "once a week" if visit["times_a_week"] == 1 else f"{visit['times_a_week']} times a week"
    two = f", {visit['workers']} care workers" if visit["workers"] > 1 else ""
    return f"{in_plain(visit['part_of_day'])}, {counted(visit['minutes'], 'minute')}, {times}{two}"


def said_in_words(offer: Json, now: dt.datetime) -> str:
    """What was said for the provider, by whom and when; "" where nothing was."""
    own = offer["own_answer"]
    if own is None:
        return ""
    later = f"yes, from {day_in_words(own['from_day'])}" if own["from_day"] else "yes"
    visits = [f"{each}{_on(own['days'].get(str(each), ()))}" for each in own["visits"]]
    part = f"yes to {'visit' if len(visits) == 1 else 'visits'} {listed(visits)} alone"
    reason = NO_REASONS.get(own["reason"] or "", "No: no reason recorded")
    late = (
        f" Your time was over {when_in_words(_moment(offer['late_after']), now)}; the council took your answer late."
        if offer["late_after"]
        else ""
    )
    what = {"yes": "yes", "later": later, "part": part, "no": reason.replace("No: ", "no: ")}[own["answer"]]
    by = f"{own['said_by']} said " if own["said_by"] else "You said "
    at = f" ({when_in_words(_moment(own['said_at']), now)})" if own["said_at"] else ""
    return f"{by}{what}{at}." + (f" “{own['message']}”" if own["message"] else "") + late


def _on(days: Sequence[str]) -> str:
    return f" on {listed([f'{DAYS[each]}s' for each in days])}" if days else ""


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
