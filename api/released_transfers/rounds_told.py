"""What one provider is told of a transfer's plan: which of its own rounds move and when, which stay and why, what leaves it.

Why a round stays is told as one of few kinds. Whose protection, decision, wish or refusal keeps one is never told, nor that it is
one of these and not a rule about the principal: the provider knows who is in its rounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.runs.kinds.transfer import IN_THE_WAY
from api.state.state import State

Json = dict[str, Any]
MOVES_WHOLE, PART_MOVES, OWN_LIMIT, NO_ROOM = "moves_whole", "part_moves", "own_limit", "no_room"
WHY_STAYS = (MOVES_WHOLE, PART_MOVES, OWN_LIMIT, NO_ROOM)
"""Not everybody in it may move, and a round moves whole or not at all; a part of it moves, and the others stay; no more of its
provider's hours may leave it within a year; there is no room for it elsewhere, or not in time."""
ITS_YEAR = "destabilisation"
"""The kind of limit that is the provider's own: what leaves it within twelve months."""


def is_transfer(result: Mapping[str, Any]) -> bool:
    """Whether a result is a plan of rounds that move, and not one of care that is handed back."""
    return "transfers" in result and "impact" in result


def statements_of(state: State, result: Mapping[str, Any]) -> dict[str, Json]:
    """Per provider whose rounds the plan looked at what it is told."""
    return {row["provider_id"]: _statement(state, result, row) for row in result["impact"]}


def _statement(state: State, result: Mapping[str, Any], impact: Mapping[str, str]) -> Json:
    provider_id = impact["provider_id"]
    mine = [row for row in result["transfers"] if row["from_provider_id"] == provider_id]
    stored = state.get("providers", provider_id)
    agreed = next((each for each in result.get("agreed_limits", ()) if each["provider_id"] == provider_id), None)
    return {
        "provider_id": provider_id,
        "provider": provider_id if stored is None else stored.record.name,
        "plan_as_of": result["as_of"],
        "moves": [_move(state, row) for row in mine if row["decision"] == "transfer"],
        "stays": [_stay(result, row) for row in mine if row["decision"] != "transfer"],
        "hours_per_week": float(impact["hours_before"]),
        "hours_that_move": float(impact["hours_moved"]),
        "largest_share_in_a_year": float(impact["largest_year_share"]),
        "most_share_in_a_year": float(agreed["share"] if agreed else result["settings"]["destabilisation_limit"]),
        "agreed_because": agreed and agreed["reason"],
        "talk_about_viability": impact["warning"] == "true",
    }


def _round(row: Mapping[str, str]) -> Json:
    return {
        "round_id": row["round_id"],
        "area_id": row["area_id"],
        "people": int(row["people"]),
        "hours_per_week": float(row["hours_per_week"]),
        "staff": int(row["staff"]) if row["staff"] else None,
    }


def _move(state: State, row: Mapping[str, str]) -> Json:
    contract = state.get("contracts", row["to_contract_id"])
    holder = None if contract is None else state.get("providers", contract.record.provider_id)
    return {
        **_round(row),
        "part_of": row["recut_of"] or None,
        "date": row["date"],
        "to": row["to_contract_id"] if holder is None else holder.record.name,
        "agreement_by": row["agreement_by"] or None,
    }


def _stay(result: Mapping[str, Any], row: Mapping[str, str]) -> Json:
    return {**_round(row), "why": _why(result, row["round_id"])}


def _why(result: Mapping[str, Any], round_id: str) -> str:
    if any(each["recut_of"] == round_id and each["decision"] == "transfer" for each in result["transfers"]):
        return PART_MOVES
    in_the_way = result.get(IN_THE_WAY, {})
    if round_id not in in_the_way:
        return MOVES_WHOLE
    return OWN_LIMIT if ITS_YEAR in in_the_way[round_id] else NO_ROOM
