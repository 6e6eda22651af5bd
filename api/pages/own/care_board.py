"""A provider's own care, rounds and contracts in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.pages.page_words import NONE, counted, day_in_words, hours_in_short, hours_in_words, in_plain, money_in_words

Json = Mapping[str, Any]
STANDINGS = {"running": "Runs", "on_hold": "In hospital", "to_begin": "To begin"}


def care_rows(care: Sequence[Json]) -> list[list[str]]:
    """A line for each person: the record, how it stands, hours, needs, where."""
    return [
        [
            each["package_id"],
            _standing(each),
            f"{hours_in_words(each['hours_per_week'])} in {counted(each['visits_per_week'], 'visit')}",
            ", ".join(in_plain(skill) for skill in each["skills"]) or NONE,
            each["round_id"] or NONE,
            f"{each['latitude']:.5f}, {each['longitude']:.5f}",
        ]
        for each in care
    ]


def _standing(care: Json) -> str:
    told = STANDINGS[care["standing"]]
    if care["standing"] == "on_hold":
        return f"{told}, hours kept until {day_in_words(care['held_until'])}"
    if care["standing"] == "to_begin":
        return f"{told} by {day_in_words(care['start_by'])}" if care["start_by"] else told
    return f"{told} since {day_in_words(care['care_started'])}" if care["care_started"] else told


def round_rows(rounds: Sequence[Json]) -> list[list[str]]:
    """A line for each round: staff, their hours, whose care."""
    return [
        [
            each["round_id"],
            NONE if each["staff"] is None else str(each["staff"]),
            NONE if each["staff_hours_per_week"] is None else hours_in_short(each["staff_hours_per_week"]),
            ", ".join(each["package_ids"]) or NONE,
        ]
        for each in rounds
    ]


def contract_facts(contract: Json) -> list[tuple[str, str]]:
    """One contract, a line each; hours in four weeks."""
    until = f"until {day_in_words(contract['ends'])}" if contract["ends"] else "without an end"
    since = f"from {day_in_words(contract['starts'])} " if contract["starts"] else ""
    bands = [(band, contract[f"rate_band_{band}"]) for band in (1, 2, 3)]
    prices = ", ".join(f"band {band} {money_in_words(rate)}" for band, rate in bands if rate is not None)
    later = [
        f"from {day_in_words(each['starts'])} {', '.join(money_in_words(rate) for rate in each['rates_gbp'])}"
        for each in contract["prices_from"]
    ]
    told = [
        ("Kind", in_plain(contract["tier"]) + ("" if contract["is_current"] else " (not current today)")),
        ("Runs", f"{since}{until}"),
        ("Most hours in four weeks", NONE if contract["max_hours_4w"] is None else hours_in_short(contract["max_hours_4w"])),
        ("Delivered", f"{hours_in_short(contract['running_hours_4w'])}, {contract['people']:,} people"),
        ("To begin", hours_in_short(contract["to_begin_hours_4w"])),
        ("Held by your offers", hours_in_short(contract["held_hours_4w"])),
        ("Prices an hour", "; ".join([prices, *later])),
    ]
    if contract["guaranteed_weekly_gbp"] is not None:
        guaranteed, care = (money_in_words(contract[name]) for name in ("guaranteed_weekly_gbp", "care_weekly_gbp"))
        told.append(("Guaranteed a week", f"{guaranteed}; your care costs {care}"))
    return told
