"""Everybody who waits as their page shows them: in words, by group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.csv_answers import Cell
from api.pages.page_words import (
    counted,
    day_in_short,
    day_in_words,
    hours_in_words,
    needs_in_words,
    person_in_words,
    time_in_words,
    times_in_words,
)
from optimiser.domain.dates import instant_of

Json = Mapping[str, Any]
GROUPS = {
    "late_first": "Urgent and hospital discharge: past the start date",
    "first": "Urgent and hospital discharge",
    "late": "Others past the start date",
    "others": "Others",
}
SITUATIONS = {"": "Waiting or asked", "waiting": "Nobody asked yet", "pending": "Waiting for an answer", "accepted": "Accepted"}
A_DAY_OF_MINUTES = 1_440
NO_PLAN = "no_plan"
"""What is wrong where nobody has recorded how somebody is safe: most of a list, which says so shortly."""


@dataclass(frozen=True)
class Row:
    """Somebody on the list, in words. ``does``: what is to be done; ``whom``: of which providers."""

    package_id: str
    priority: str
    start_by: str
    late: str
    care: str
    needs: str
    area: str
    waiting: str
    does: str
    whom: str
    more: str
    safe_until: str
    """Empty: nobody has recorded how they are safe."""
    wrong: list[str]
    working: str
    """Who has said that they are working on it."""

    def __repr__(self) -> str:
        return "<Row of somebody who waits>"


@dataclass(frozen=True)
class Board:
    """The page. ``groups``: each with its key, heading and rows."""

    figures: list[tuple[str, str, bool, str]]
    groups: list[tuple[str, str, list[Row]]]
    found: int
    next_cursor: str | None
    shown: int
    """How many of them stand on this page."""


def board_of(told: Json, now: dt.datetime) -> Board:
    """The board of a page of ``/v1/worklist``. ``now`` by London's wall clocks."""
    figures = told["figures"]
    strip = [
        (str(figures["late_first"]), "urgent or discharge past the start date", figures["late_first"] > 0, ""),
        (str(figures["waiting"]), "nobody asked yet", False, "/waiting?where=waiting"),
        (str(figures["pending"]), "waiting for an answer", False, "/offers"),
        (str(figures["accepted"]), "accepted, care to begin", False, "/waiting?where=accepted"),
        (str(figures["alerts"]), "alerts to look at", figures["alerts"] > 0, "/alerts"),
    ]
    groups: dict[str, list[Row]] = {}
    for each in told["items"]:
        groups.setdefault(each["group"], []).append(_row(each, now))
    return Board(
        strip, [(key, GROUPS[key], rows) for key, rows in groups.items()], told["found"], told["next_cursor"], len(told["items"])
    )


def _row(each: Json, now: dt.datetime) -> Row:
    does, whom, more = next_in_words(each, now)
    needs = needs_in_words(each["workers"], each["skills"])
    safe = each["safe"]
    recorded = all(wrong["kind"] != NO_PLAN for wrong in safe["wrong"])
    until = day_in_short(safe["until"], now.date()) if safe["until"] else "not known"
    return Row(
        package_id=each["package_id"],
        priority=each["priority"],
        start_by=day_in_short(each["start_by"], now.date()) if each["start_by"] else "not said",
        late=f"{_days(each['days_late'])} late" if each["days_late"] else "",
        care=f"{hours_in_words(each['hours_per_week'])}, {counted(each['visits_per_week'], 'visit')} a week",
        needs=", ".join(needs),
        area=each["area_name"] or "no area",
        waiting="not said" if each["age_days"] is None else _days(each["age_days"]),
        does=does,
        whom=whom,
        more=more,
        safe_until=until if recorded else "",
        wrong=[wrong["sentence"] for wrong in safe["wrong"] if wrong["kind"] != NO_PLAN],
        working=person_in_words(each["working"]["by"]) if each["working"] else "",
    )


def _days(count: int) -> str:
    return counted(count, "day") if count else "today"


def next_in_words(each: Json, now: dt.datetime) -> tuple[str, str, str]:
    """What is to be done, of whom, and what stands beside it."""
    providers = each["providers"]
    names = _named([provider["name"] for provider in providers])
    offered = each["times_offered"]
    before = "Not offered yet" if not offered else f"Offered {times_in_words(offered)} before"
    if each["situation"] == "accepted":
        return "Accepted by", names, "care to begin"
    if each["situation"] == "pending":
        return _asked_in_words(providers, now)
    if not providers:
        return "Nobody left to ask", "", before
    return f"Ask {each['step']}", names, before


def _asked_in_words(providers: Sequence[Json], now: dt.datetime) -> tuple[str, str, str]:
    """Whose yes is to be placed; else who has said yes, and how long others may still answer; else who is asked."""
    by = [dt.datetime.fromisoformat(provider["answer_by"]) for provider in providers if provider["answer_by"]]
    left = left_in_words(min(by), now) if by else ""
    front = [provider["name"] for provider in providers if provider["put_forward"]]
    if front:
        return "Place with", _named(front), "has said yes, and its turn has come"
    said = [provider["name"] for provider in providers if provider["has_said_yes"]]
    if said:
        others = f"others may still answer: {left}" if left else "it goes ahead once all others of its step have said yes"
        return "Has said yes:" if len(said) == 1 else "Have said yes:", _named(said), others
    return "Asked", _named([provider["name"] for provider in providers]), left


def _named(names: list[str]) -> str:
    """The first, and how many more."""
    if len(names) <= 1:
        return "".join(names)
    return f"{names[0]} and {len(names) - 1} {'other' if len(names) == 2 else 'others'}"


def left_in_words(until: dt.datetime, now: dt.datetime) -> str:
    """How long somebody has to answer; from a day on by the clock instead, as windows of standard care are working hours."""
    minutes = int((instant_of(until) - instant_of(now)).total_seconds() // 60)  # clocks go back and forward
    if minutes < 0:
        return "the time to answer has run out"
    if minutes >= A_DAY_OF_MINUTES:
        return f"answer by {day_in_words(until.date().isoformat())}, {time_in_words(until.time())}"
    hours, rest = divmod(minutes, 60)
    told = [counted(hours, "hour")] if hours else []
    told += [counted(rest, "minute")] if rest or not hours else []
    return f"{' '.join(told)} left"


HEADS = [
    "package_id", "group", "priority", "start_by", "days_late", "hours_per_week", "visits_per_week", "workers", "skills",
    "area_id", "area_name", "age_days", "times_offered", "situation", "step", "providers", "safe_until", "not_safe", "working",
]  # fmt: skip


def cells_of(items: Sequence[Json]) -> Iterator[Sequence[Cell]]:
    """The list for a spreadsheet."""
    for each in items:
        told = dict(each) | {
            "skills": ";".join(each["skills"]),
            "providers": ";".join(provider["name"] for provider in each["providers"]),
            "safe_until": each["safe"]["until"],
            "not_safe": " ".join(wrong["sentence"] for wrong in each["safe"]["wrong"]),
            "working": person_in_words(each["working"]["by"]) if each["working"] else None,
        }
        yield [told[head] for head in HEADS]
