"""What whoever sees counts alone reads of a period: rounded, and nothing of few people."""

from __future__ import annotations

from typing import Any

from api.period_figures.what_a_period_tells import counts_json, figures_json

GUARANTEE = {
    "contract_id": "P-ELM", "provider_id": "ELM", "area_id": "A1", "unused_hours": "16.00", "unused_gbp": "349.99",
    "declined_packages": "3",
}  # fmt: skip
SHARE = {"area_id": "A1", "commissioned_share": "", "delivered_share": "0.648", "delivered_within": "below"}
BOTH = {"by": "all", "group": "all", "lines": "44", "gbp_5_minutes": "50.00", "difference_gbp": "-151.00", "factor": "1.018223"}
BODY: dict[str, Any] = {
    "period_starts": "2026-10-26", "period_ends": "2026-11-23", "counted_by": "Fred", "counted_at": "2026-11-24T09:00:00",
    "people": 7, "people_by_area": {"A1": 5, "A2": 2}, "guarantees": [GUARANTEE, GUARANTEE],
    "shares": [SHARE, SHARE | {"area_id": "A2"}],
    "increments": [BOTH, BOTH | {"by": "provider"}, BOTH | {"by": "tier", "lines": "4"}], "short_visits": [{"lines": "3"}],
}  # fmt: skip


def counts(smallest: int) -> dict[str, Any]:
    return counts_json(BODY, 0.65, 0.75, smallest, overtaken=False)


def test_figures_are_numbers_and_words_stay_words() -> None:
    told = figures_json(BODY, 0.65, 0.75, overtaken=True)
    assert told["guarantees"][0] == GUARANTEE | {"unused_hours": 16.0, "unused_gbp": 349.99, "declined_packages": 3}
    assert told["shares"][0] == SHARE | {"commissioned_share": None, "delivered_share": 0.648}
    assert (told["overtaken"], told["share_wanted_to"], "people" in told) == (True, 0.75, False)


def test_sums_are_rounded_and_name_nobody() -> None:
    """Two guarantees of 16 hours and £349.99: 32 and £699.98, told as 30 and £700; six declines as 10."""
    told = counts(5)
    (whole,) = told["guarantees"]
    assert whole == {
        "contract_id": "", "provider_id": "", "area_id": "", "unused_hours": 30.0, "unused_gbp": 700.0, "declined_packages": 10,
    }  # fmt: skip
    assert [(each["area_id"], each["delivered_share"]) for each in told["shares"]] == [("A1", 0.65)], "two people are too few"
    (both,) = told["increments"]
    assert (both["by"], both["gbp_5_minutes"], both["difference_gbp"], both["factor"]) == ("all", 0.0, -200.0, 1.02)
    assert (told["short_visits"], told["counted_by"]) == ([], None)


def test_of_few_people_nothing_is_told() -> None:
    told = counts(8)
    assert [told[name] for name in ("guarantees", "shares", "increments", "short_visits")] == [[], [], [], []]
