"""One area as its page shows it: its contracts, where its people are, and what stands in the principal's way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.overview.schemas import ContractFigures
from api.pages.areas.areas_board import Range, Standing, standing_of, used_in_words
from api.pages.page_words import (
    NONE,
    NOT_SHOWN,
    count_in_words,
    dates_in_words,
    day_in_words,
    hours_in_short,
    money_in_words,
    share_in_words,
)
from optimiser.domain.dates import days_after
from optimiser.domain.words import percent_in_short

Json = Mapping[str, Any]
TIERS = {
    "principal": "Principal",
    "framework": "Framework",
    "legacy": "Legacy framework",
    "specialist": "Specialist",
    "reserve": "Last resort",
}
PARTS = {
    "principal": "With the principal",
    "framework": "With its framework",
    "legacy": "On the legacy framework",
    "other": "With specialists or providers of last resort",
    "pending": "Somebody is asked",
    "unmet": "Waiting, nobody asked",
}


@dataclass(frozen=True)
class Contract:
    """A contract of the area, in words. ``number``: of its provider on the map; empty: it has no office there."""

    contract_id: str
    provider_id: str
    provider: str
    number: str
    tier: str
    dates: str
    people: str
    hours: str
    share: str
    room: str
    guarantee_used: str
    weekly_cost: str


@dataclass(frozen=True)
class Board:
    """The page. ``parts``: people and hours by who has them; ``contracts``: none where the role sees none."""

    name: str
    standing: Standing
    facts: list[tuple[str, str]]
    principal: list[tuple[str, str]]
    why_short: list[str]
    parts: list[tuple[str, str, str]]
    contracts: list[Contract] | None
    too_few: bool
    hides: bool


def board_of(
    told: Json, share_range: Range, names: Mapping[str, str], dated: Mapping[str, Json], numbers: Mapping[str, str]
) -> Board:
    """The board of an area as ``/v1/areas/{area_id}`` tells it.

    ``names``: providers by their ids; ``dated``: contracts as their file has them, by their ids, where the role reads them;
    ``numbers``: per provider its number on the map.
    """
    low, _, high = share_range
    facts = [
        ("Region", told["region"]),
        ("Went live" if told["live"] else "Goes live", day_in_words(told["go_live"]) if told["go_live"] else "no date yet"),
        ("People", count_in_words(told["people"])),
        ("Hours in four weeks", _hours(told["demand_hours_4w"])),
        ("Cost a week", _money(told["weekly_cost_gbp"])),
        ("Framework providers", count_in_words(told["framework_providers"])),
        ("Wanted share", f"{percent_in_short(low)} to {percent_in_short(high)}"),
    ]
    return Board(
        name=told["name"],
        standing=standing_of(told, share_range),
        facts=facts,
        principal=_principal(told),
        why_short=[dates_in_words(each) for each in (told["principal"] or {}).get("why_short") or ()],
        parts=[
            (said, count_in_words(told[f"{part}_people"]), _hours(told[f"{part}_hours_4w"]))
            for part, said in PARTS.items()
            if part != "other" or told["other_people"] is not None or "other_people" in told["withheld"]
        ],
        contracts=None if told["contracts"] is None else [_contract(each, names, dated, numbers) for each in contracts_of(told)],
        too_few=told["framework_below_three"],
        hides=bool(told["withheld"]),
    )


def contracts_of(told: Json) -> list[ContractFigures]:
    """An area's contracts, those in force first, by tier as they are asked."""
    found = [ContractFigures.model_validate(each) for each in told["contracts"] or ()]
    tiers = list(TIERS)
    return sorted(found, key=lambda each: (not each.in_force, tiers.index(each.tier), each.contract_id))


def _principal(told: Json) -> list[tuple[str, str]]:
    principal = told["principal"]
    if principal is None:
        return []

    def figure(name: str, said: str) -> str:
        return NOT_SHOWN if f"principal.{name}" in told["withheld"] else said

    used, declines = principal["guarantee_used"], principal["declines_below_guarantee"]
    return [
        ("Guarantee used", figure("guarantee_used", used_in_words(used))),
        (
            "Declines in 28 days while the guarantee is not used up",
            figure("declines_below_guarantee", NONE if declines is None else count_in_words(declines)),
        ),
        ("Due to it first", figure("due_first_hours_4w", _hours(principal["due_first_hours_4w"]))),
        ("Short of that by", figure("short_hours_4w", _hours(principal["short_hours_4w"]))),
    ]


def _contract(each: ContractFigures, names: Mapping[str, str], dated: Mapping[str, Json], numbers: Mapping[str, str]) -> Contract:
    return Contract(
        contract_id=each.contract_id,
        provider_id=each.provider_id,
        provider=names.get(each.provider_id, ""),
        number=numbers.get(each.provider_id, ""),
        tier=TIERS[each.tier],
        dates=_dates(each, dated.get(each.contract_id)),
        people=count_in_words(each.people),
        hours=_hours(each.hours_4w),
        share=NONE if each.share_of_area is None else share_in_words(each.share_of_area),
        room=room_in_words(each),
        guarantee_used=used_in_words(each.guarantee_used),
        weekly_cost=_money(each.weekly_cost_gbp),
    )


def room_in_words(each: ContractFigures) -> str:
    """What is left on a contract, or why nothing is."""
    if each.room.startswith("none"):
        return dates_in_words(each.room)
    left = each.headroom_hours_4w
    return "no limit" if left is None else f"{hours_in_short(max(left, 0.0))}, by {each.headroom_set_by}"


def _dates(each: ContractFigures, contract: Json | None) -> str:
    if contract is None:
        return "in force" if each.in_force else "not in force"
    return from_to(contract["starts"], contract["ends"])


def from_to(starts: str | None, ends: str | None) -> str:
    """From when to when something holds, in words: its last day, where the service writes the first that is not covered."""
    begun = f"from {day_in_words(starts)}" if starts else "from the beginning"
    last = None if ends is None else days_after(dt.date.fromisoformat(ends), -1)
    return begun if last is None else f"{begun} to {day_in_words(str(last))}"


def _hours(hours: float | None) -> str:
    return NOT_SHOWN if hours is None else hours_in_short(hours)


def _money(pounds: float | None) -> str:
    return NOT_SHOWN if pounds is None else money_in_words(pounds)


HEADS = (
    "contract_id", "provider", "tier", "in_force_today", "people", "hours_per_four_weeks", "share_of_area",
    "room_hours_per_four_weeks", "room_set_by", "guarantee_used", "cost_gbp_per_week",
)  # fmt: skip


def csv_rows(told: Json, names: Mapping[str, str]) -> list[list[str | int | float | None]]:
    """The contracts as a file has them."""
    return [
        [
            each.contract_id,
            names.get(each.provider_id, ""),
            each.tier,
            each.in_force,
            each.people,
            each.hours_4w,
            each.share_of_area,
            each.headroom_hours_4w,
            each.headroom_set_by,
            each.guarantee_used,
            each.weekly_cost_gbp,
        ]
        for each in contracts_of(told)
    ]
