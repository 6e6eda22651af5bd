"""What lies ahead of a provider by day: contracts that begin, end and follow each other, prices, reviews, assessments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from api.pages.page_words import day_in_words
from api.pages.providers.provider_board import KINDS, contract_called

Json = Mapping[str, Any]


class Ahead(NamedTuple):
    """A day with what is on it. ``is_late``: it should have been; ``iso``: the day as programs write it."""

    day: str
    what: str
    is_late: bool
    iso: str


def days_ahead(
    contracts: Sequence[Json],
    rates: Mapping[str, Sequence[Json]],
    restrictions: Sequence[Json],
    area_names: Mapping[str, str],
    go_lives: Mapping[str, dt.date],
    assessments: Sequence[Json],
    today: dt.date,
) -> list[Ahead]:
    """The calendar, the earliest first. What is late stands in it with its day; all else is from today on.

    ``go_lives``: of areas that are still to go live, by their ids.
    """
    found: list[tuple[dt.date, str, bool]] = []
    after = {each["succeeds"]: each for each in contracts if each["succeeds"]}
    for each in contracts:
        called = f"{contract_called(each, area_names)} ({each['contract_id']})"
        found += _of_contract(each, called, after.get(each["contract_id"]))
        found += [(_day(rate["starts"]), f"Other prices of {called}", False) for rate in rates.get(each["contract_id"], ())]
    for each in restrictions:
        found += _of_restriction(each, today)
    mine = {each["area_id"] for each in contracts if each["area_id"]}
    found += [(day, f"{area_names[area_id]} goes live", False) for area_id, day in go_lives.items() if area_id in mine]
    for each in assessments:
        if each["next"] is not None:
            found.append((_day(each["next"]["due_on"]), f"PAMMS: {each['next']['step']}", each["next"]["days_overdue"] > 0))
    kept = sorted(each for each in found if each[0] >= today or each[2])
    return [Ahead(day_in_words(str(day)), what, late, str(day)) for day, what, late in kept]


def _day(iso: str) -> dt.date:
    return dt.date.fromisoformat(iso)


def _of_contract(each: Json, called: str, after: Json | None) -> list[tuple[dt.date, str, bool]]:
    found = []
    if each["starts"]:
        before = f", and takes over from {each['succeeds']}" if each["succeeds"] else ""
        found.append((_day(each["starts"]), f"{called} begins{before}", False))
    if each["ends"]:
        follows = (
            f"{after['contract_id']} takes over" if after else "nothing of its own takes over; running care stays where it is"
        )
        found.append((_day(each["ends"]), f"{called} has ended by this day: {follows}", False))
    return found


def _of_restriction(each: Json, today: dt.date) -> list[tuple[dt.date, str, bool]]:
    ends = _day(each["ends"]) if each["ends"] else None
    if ends is not None and ends <= today:
        return []
    found = [] if ends is None else [(ends, f"{KINDS[each['kind']]} ends ({each['restriction_id']})", False)]
    if each["review_on"]:
        review = _day(each["review_on"])
        found.append((review, f"{KINDS[each['kind']]} is to be looked at again ({each['restriction_id']})", review < today))
    return found
