"""What a provider is told of a transfer's plan, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import counted, day_in_words, hours_in_words, share_in_words
from optimiser.domain.words import people

Json = Mapping[str, Any]
WHY_STAYS = {
    "moves_whole": "A round moves whole or not at all, and for this one that cannot be. Whom that is for is told to nobody.",
    "part_moves": "A part of it moves, as is told above; the others stay with you.",
    "own_limit": "No more of your hours may leave you within a year.",
    "no_room": "There is no room for it, or not in time.",
}


@dataclass(frozen=True)
class ToldBoard:
    """``moves`` and ``stays``: a line for each round; ``facts``: what leaves within a year, and what may."""

    moves: list[list[str]]
    stays: list[list[str]]
    facts: list[tuple[str, str]]
    talk: bool


def told_board(told: Json) -> ToldBoard:
    """The board of one provider's statement."""
    agreed = f", as was agreed with you: {told['agreed_because']}" if told["agreed_because"] else ""
    facts = [
        ("All your care today", f"{hours_in_words(told['hours_per_week'])} a week"),
        ("Moves by this plan", f"{hours_in_words(told['hours_that_move'])} a week"),
        ("Most that leaves you within a year", share_in_words(told["largest_share_in_a_year"])),
        ("Most that may", f"{share_in_words(told['most_share_in_a_year'])}{agreed}"),
    ]
    moves = [[*_round(each), f"moves on {day_in_words(each['date'])} to {each['to']}{_part(each)}"] for each in told["moves"]]
    return ToldBoard(
        moves, [[*_round(each), WHY_STAYS[each["why"]]] for each in told["stays"]], facts, told["talk_about_viability"]
    )


def _round(each: Json) -> list[str]:
    staff = "" if each["staff"] is None else f", {each['staff']} staff"
    return [each["round_id"], f"{people(each['people'])}, {hours_in_words(each['hours_per_week'])} a week{staff}"]


def _part(each: Json) -> str:
    if each["part_of"] is None:
        return ""
    by = f", if you agree to it by {day_in_words(each['agreement_by'])}" if each["agreement_by"] else ""
    return f"; it is a part of {each['part_of']}{by}"


def how_many(told: Json) -> str:
    """``1 round moves, 2 stay``."""
    move, stay = len(told["moves"]), len(told["stays"])
    return f"{counted(move, 'round')} {'moves' if move == 1 else 'move'}, {stay} {'stays' if stay == 1 else 'stay'}"
