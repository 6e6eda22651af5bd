"""What is done with a transfer's plan beside reading it: people with their decisions and letters, and who has said no since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import day_in_words
from api.pages.plans.decisions_beside import Beside

Json = Mapping[str, Any]
LETTERS = {"consultation": "asks what they think", "change": "tells of the change", "stays": "says that they stay"}
"""What each kind of letter does."""


@dataclass(frozen=True)
class Person:
    """Somebody in a round that moves. ``decision``: how it stands with it; ``letter``: what it is for, empty: none."""

    package_id: str
    round_id: str
    moves_on: str
    leaves: str
    to: str
    decision: Beside | None
    letter: str

    def __repr__(self) -> str:
        return "<Person in a round that moves>"


@dataclass(frozen=True)
class Board:
    """Whoever would move, by the day; and the rounds that would, each with its words, as choices of a form."""

    people: list[Person]
    round_choices: list[tuple[str, str]]
    no_letters: str

    def __repr__(self) -> str:
        return f"<Board of {len(self.people)} people who would move>"


def board_of(result: Json, names: Mapping[str, str], decisions: Mapping[str, Beside]) -> Board:
    """Of a transfer's result. ``names``: of providers; ``decisions``: by package, as they stand today."""
    moving = [each for each in result["people"] if each["decision"] == "transfer"]
    people = [
        Person(
            each["package_id"],
            each["round_id"],
            day_in_words(each["then_from"]),
            names.get(each["served_by_provider_id"], each["served_by_provider_id"]),
            names.get(each["then_by_provider_id"], each["then_by_provider_id"]),
            decisions.get(each["package_id"]),
            "" if result.get("no_letters") else LETTERS.get(each["letter"], each["letter"]),
        )
        for each in sorted(moving, key=lambda each: (each["then_from"], each["round_id"], each["package_id"]))
    ]
    rounds = [each for each in result["transfers"] if each["decision"] == "transfer"]
    choices = [
        (each["round_id"], f"{each['round_id']}, {day_in_words(each['date'])}")
        for each in sorted(rounds, key=lambda each: (each["date"], each["round_id"]))
    ]
    return Board(people, choices, result.get("no_letters", ""))


def moving_of(result: Json, names: Mapping[str, str], decisions: Mapping[str, Beside]) -> list[Person]:
    """Whoever goes to another provider by the plan of a contract that is handed back, by the day."""
    going = [each for each in result["hand_back"] if each["to_provider_id"]]
    return [
        Person(
            each["package_id"],
            each["round_id"],
            day_in_words(each["then_from"]),
            "",
            names.get(each["to_provider_id"], each["to_provider_id"]),
            decisions.get(each["package_id"]),
            "",
        )
        for each in sorted(going, key=lambda each: (each["then_from"], each["package_id"]))
    ]


def replan_settings(settings: Json, result: Json, refused: list[str], agreed: list[str]) -> dict[str, Any]:
    """The settings of a plan that stays close to one where it can. ``refused``: packages; ``agreed``: rounds of it."""
    days = {each["round_id"]: each["date"] or None for each in result["transfers"]}
    before = settings.get("transfer") or {}
    areas = before.get("area_ids") or [each["area_id"] for each in result["areas"]]
    return {
        **settings,
        "transfer": {
            **before,
            "area_ids": areas,
            "earlier": days,
            "refused": sorted({*before.get("refused", ()), *refused}),
            "agreed": {**before.get("agreed", {}), **{each: days[each] for each in agreed if days.get(each)}},
        },
    }
