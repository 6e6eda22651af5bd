"""Runs, levels and figures of plans as the pages say them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from api.pages.page_words import NONE, hours_in_short, in_plain, instant_in_words, share_in_words
from optimiser.domain.words import hours_in_words, people, percent, rounded

Json = Mapping[str, Any]

KINDS = {
    "allocate": "Allocation",
    "reoptimise": "Re-optimisation",
    "relieve": "Relief",
    "transfer": "Transfer",
    "bridge": "Bridge",
    "tonight": "Tonight",
    "stress": "Stress",
    "nightly": "Night",
    "compare": "Side by side",
    "feasible": "Can these hold together?",
    "frontier": "Other limits of transfers",
}
"""What a run of each kind is called."""
NIGHT = "Night"
HAND_BACK = "Hand-back"
STATUSES = {
    "queued": "Waiting for its turn",
    "running": "At work",
    "succeeded": "Ready",
    "failed": "Failed",
    "cancelled": "Stopped",
}
TAGS = {"queued": "quiet", "running": "plain", "succeeded": "done", "failed": "strong", "cancelled": "warm"}
STOPPED = {
    "no": "",
    "work": "The search ended at the work it was given; more might find better.",
    "wall": "The clock ended the search: another run may find something else.",
    "cancelled": "Somebody stopped the search: this is the best plan that it had found.",
}
METRES_IN_A_MILE = Fraction(1_609_344, 1_000)


def kind_in_words(kind: str, settings: Json) -> str:
    """Allocation, Hand-back; of a kind that these pages do not know, its name."""
    if kind == "transfer" and (settings.get("transfer") or {}).get("hand_back_of"):
        return HAND_BACK
    if kind == "reoptimise" and "nightly" in settings:
        return NIGHT  # kept by the command that makes a night's report
    return KINDS.get(kind) or in_plain(kind).capitalize()


SECTIONS = {"plans": "Plans", "night": "Night and tonight", "transfers": "Transfers", "what-if": "What if"}
"""The pages on which runs are listed: the last part of their addresses, and what they are called."""
LISTED = {
    "night": ("nightly", "tonight"),
    "transfers": ("transfer",),
    "what-if": ("stress", "compare", "feasible", "frontier"),
}
"""Kinds that are listed with what belongs to them; all others: with all plans."""
SECTION_OF = {KINDS[kind]: section for section, kinds in LISTED.items() for kind in kinds}


def back_to(kind: str) -> tuple[str, str]:
    """The address and the name of the list that a run stands on. ``kind``: as ``kind_in_words`` has it."""
    return to_section(SECTION_OF.get(kind, "plans"))


def to_section(section: str) -> tuple[str, str]:
    """The address and the name of a page of runs."""
    return f"/{section}", SECTIONS[section]


def moment(utc: str | None) -> str:
    """Monday 23 November 2026, 10:20am; of what has not been, nothing."""
    return "" if utc is None else instant_in_words(dt.datetime.fromisoformat(utc))


def amount(value: int | str, unit: str) -> str:
    """A level's value as people say it: hours for minutes, pounds for pence, miles for metres, a percentage for a part of one."""
    if isinstance(value, str):
        return percent(Fraction(value))
    if unit == "pence a week":
        return f"£{value / 100:,.0f} a week"
    if unit == "minutes a week":
        return f"{hours_in_words(value)} a week"
    if unit == "weighted minutes a week":
        return f"{hours_in_words(value)} a week, weighted"
    if unit == "metres a week":
        return f"{rounded(float(value / METRES_IN_A_MILE))} miles a week"
    return people(value) if unit == "people" else f"{value:,} {unit}"


def proven(level: Json) -> str:
    """Whether nothing better can be, in words."""
    if level["proven"]:
        return "Proven"
    if level["bound"] is None:
        return "Not asked"
    gap = Fraction(level["gap"])
    return f"Open by {percent(gap)}" if gap >= Fraction(1, 1000) else "Open by less than 0.1%"


def share(text: str | float | None) -> str:
    """66.8%; of an area without one, a dash."""
    return NONE if text is None else share_in_words(float(text))


def hours_4w(text: str | None) -> str:
    """1,234 h of a figure that a result writes as text."""
    return NONE if text is None else hours_in_short(float(text))
