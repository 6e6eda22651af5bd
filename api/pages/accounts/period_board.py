"""What a period tells beside its statements, in words and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from api.pages.csv_answers import Cell
from api.pages.page_words import NONE, capital, hours_of_an_account, in_plain, money_in_words, share_in_words
from optimiser.accounting.increments import NOT_RECORDED, PLANNED, BothWays
from optimiser.accounting.increments_picture import increments_picture

Json = Mapping[str, Any]
TABLES = {
    "guarantees": "guarantees",
    "delivered-shares": "shares",
    "increments": "increments",
    "short-visits": "short_visits",
    "enhanced-hours": "enhanced",
}
"""By the name of a file the table that is in it."""
ALL_OF_THEM = "All contracts with a guarantee"
GROUPS = {
    "all": "All visits",
    "provider": "By provider",
    "tier": "By tier",
    "area": "By area",
    "length": "By length of the visit",
    "rurality": "By place",
}
BY_WHOM = {
    "person": "the person",
    "family": "the family",
    "council": "the council",
    "health": "health services",
    "provider": "the provider",
}
FOR_WHAT = {
    "persons_wish": "as they wished",
    "family_helped": "family helped",
    "not_needed": "it was not needed",
    "unwell": "somebody was unwell",
    "in_hospital": "in hospital",
    "no_answer": "nobody answered the door",
    "staff_absent": "staff were absent",
    "running_late": "running late",
    "weather": "the weather",
    "other": "another reason",
}
WITHIN = {"below": "below", "within": "as wanted", "above": "above", "": NONE}


def headline(told: Json) -> list[tuple[str, str, bool]]:
    """What stands at the top: what was paid and not used, and what a step would change."""
    unused = sum(each["unused_gbp"] for each in told["guarantees"])
    found = [(money_in_words(unused), "paid by guarantees and not used", bool(unused))] if told["guarantees"] else []
    whole = next((each for each in told["increments"] if each["by"] == "all"), None)
    if whole is not None:
        less = whole["difference_gbp"] < 0
        said = f"{'less' if less else 'more'} in steps of 15 minutes than of 5"
        found.append((money_in_words(abs(whole["difference_gbp"])), said, False))
    outside = sum(each["delivered_within"] in ("below", "above") for each in told["shares"])
    if told["shares"]:
        found.append((f"{outside:,} of {len(told['shares']):,}", "areas delivered outside of the wanted share", bool(outside)))
    return found


def unused_rows(guarantees: Sequence[Json], names: Mapping[str, str], areas: Mapping[str, str]) -> list[list[str]]:
    """A row per guarantee: what it came to."""
    return [
        [
            each["contract_id"] or ALL_OF_THEM,
            names.get(each["provider_id"], each["provider_id"]) or NONE,
            areas.get(each["area_id"], each["area_id"]) or NONE,
            *(hours_of_an_account(each[name]) for name in ("guaranteed_hours", "delivered_hours", "unused_hours")),
            money_in_words(each["unused_gbp"]),
            hours_of_an_account(each["above_maximum_hours"]) if each["above_maximum_hours"] else NONE,
        ]
        for each in guarantees
    ]


def reasons_rows(guarantees: Sequence[Json]) -> list[list[str]]:
    """A row per guarantee of which something was not used: why, as far as it is recorded."""
    reasons = ("not_delivered_hours", "declined_hours", "not_asked_hours", "no_demand_hours")
    return [
        [
            each["contract_id"] or ALL_OF_THEM,
            *(hours_of_an_account(each[name]) if each[name] else NONE for name in reasons),
            money_in_words(each["paid_elsewhere_gbp"]) if each["paid_elsewhere_gbp"] else NONE,
            hours_of_an_account(each["hours_placing_differently_would_use"])
            if each["hours_placing_differently_would_use"]
            else NONE,
        ]
        for each in guarantees
        if each["unused_hours"]
    ]


def share_rows(shares: Sequence[Json], areas: Mapping[str, str]) -> list[list[str]]:
    """A row per area with a principal."""

    def told(share: float | None) -> str:
        return NONE if share is None else share_in_words(share)

    return [
        [
            areas.get(each["area_id"], each["area_id"]),
            told(each["commissioned_share"]),
            told(each["delivered_share"]),
            WITHIN[each["delivered_within"]],
            hours_of_an_account(each["commissioned_hours"]),
            hours_of_an_account(each["delivered_hours"]),
        ]
        for each in shares
    ]


def increments_groups(
    increments: Sequence[Json], names: Mapping[str, str], areas: Mapping[str, str]
) -> list[tuple[str, list[list[str]]]]:
    """Under a heading each what groups of visits come to in both steps."""
    called = {"provider": names, "area": areas}
    found = []
    for by, heading in GROUPS.items():
        rows = [_both(each, called.get(by, {})) for each in increments if each["by"] == by]
        if rows:
            found.append((heading, rows))
    return found


def _both(each: Json, names: Mapping[str, str]) -> list[str]:
    more = each["difference_gbp"]
    sign = "+" if more > 0 else "−" if more < 0 else ""
    return [
        names.get(each["group"], capital(each["group"])),
        f"{each['lines']:,}",
        money_in_words(each["gbp_5_minutes"]),
        money_in_words(each["gbp_15_minutes"]),
        f"{sign}{money_in_words(abs(more))}",
        NONE if each["factor"] is None else f"{each['factor']:.4f}",
    ]


def why_in_words(told: str, kind: str) -> str:
    """Why a visit is short, as far as it is recorded: of one planned so what it is for, else by whom it was cut short and why."""
    if kind == PLANNED or told == NOT_RECORDED:
        return capital(in_plain(told).replace(";", ", "))
    first, _, rest = told.partition(" ")
    who, why = (first, rest) if first in BY_WHOM else ("", told)
    return capital(": ".join(said for said in (BY_WHOM.get(who, ""), FOR_WHAT.get(why, "")) if said))


def short_rows(short: Sequence[Json]) -> list[list[str]]:
    """A row per kind, place and reason of visits under 30 minutes, the most of them first."""
    return [
        [
            why_in_words(each["why"], each["kind"]),
            each["kind"],
            each["rurality"],
            f"{each['lines']:,}",
            money_in_words(each["gbp_5_minutes"]),
            money_in_words(each["gbp_15_minutes"]),
        ]
        for each in sorted(short, key=lambda each: (-each["lines"], each["why"], each["kind"], each["rurality"]))
    ]


def enhanced_rows(enhanced: Sequence[Json], names: Mapping[str, str]) -> list[list[str]]:
    """A row per contract of enhanced home support."""
    return [
        [
            each["contract_id"],
            names.get(each["provider_id"], each["provider_id"]),
            f"{each['people']:,}",
            *(hours_of_an_account(each[name]) for name in ("free_hours", "not_decided_hours", "charged_by_notice_hours")),
        ]
        for each in enhanced
    ]


def picture_of(increments: Sequence[Json], names: Mapping[str, str], period: str) -> bytes:
    """As ``optimiser account`` draws it."""
    groups = [
        BothWays(
            each["by"],
            names.get(each["group"], each["group"]),
            each["lines"],
            int(each["hours"] * 3600),
            *(round(Fraction(str(each[name])) * 100) for name in ("gbp_5_minutes", "gbp_15_minutes")),
        )
        for each in increments
        if each["by"] == "provider"
    ]
    return increments_picture(groups, "Five minutes or fifteen", period)


def table_cells(rows: Sequence[Json]) -> tuple[list[str], list[list[Cell]]]:
    """A table's headings and rows, for a spreadsheet."""
    heads = list(rows[0]) if rows else []
    return heads, [[row[name] for name in heads] for row in rows]
