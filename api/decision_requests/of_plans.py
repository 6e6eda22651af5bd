"""Whom a plan would move, and how it stands with the decision that each move needs: given, refused, asked for, or not yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.decision_requests.open_questions import Question
from api.state.state import State
from optimiser.county import NOWHERE
from optimiser.domain.person_records import HAND_BACK, TRANSFER

NOT_ASKED, ASKED, MOVED = "not_asked", "asked", "moved"
Json = Mapping[str, Any]


@dataclass(frozen=True)
class MoveOfPlan:
    """Somebody whose running care a plan would move. ``on`` None: as soon as the provider accepts."""

    package_id: str
    move: str
    to_provider_id: str
    on: dt.date | None = None

    def __repr__(self) -> str:
        return f"<MoveOfPlan for a {self.move}>"


def moves_of(told: Json, move: str) -> Iterator[MoveOfPlan]:
    """Of a run's stored result. ``move``: what its kind moves people for, but for care that is handed back."""
    result = told["result"]
    is_transfer = move == TRANSFER and result.get("command") != "hand-back"  # which tells of people as a number
    for each in result.get("people", ()) if is_transfer else ():
        if each["decision"] == TRANSFER:
            yield MoveOfPlan(each["package_id"], move, each["then_by_provider_id"], dt.date.fromisoformat(each["then_from"]))
    for each in result.get("hand_back", ()):
        if each["to_provider_id"]:
            yield MoveOfPlan(each["package_id"], HAND_BACK, each["to_provider_id"], dt.date.fromisoformat(each["then_from"]))
    for each in told.get("proposals", ()) if move != TRANSFER else ():
        if each["moved"]:
            yield MoveOfPlan(each["package_id"], move, each["provider_id"])


def stands_of(state: State, moves: Iterable[MoveOfPlan], asked: Iterable[Question]) -> Iterator[dict[str, Any]]:
    """How it stands with each; not with whose care has ended or runs no more."""
    open_: dict[tuple[str, str, str], Question] = {}
    for question in asked:
        open_.setdefault((question.package_id, question.move, question.to_provider_id), question)
    county = state.county
    for each in moves:
        package = county.package_index.get(each.package_id)
        if package is None or county.running_on[package] == NOWHERE:
            continue
        moved = county.provider(int(county.running_on[package])).provider_id == each.to_provider_id
        day = max(each.on or state.as_of, state.as_of)
        decided = county.decisions.of_person(county.packages[package], each.move, each.to_provider_id, day)
        found = county.decisions.latest(each.package_id, each.move, each.to_provider_id, day) if decided else None
        to = (each.to_provider_id, "")  # to this provider, else to whoever it is
        asked_for = next((open_[key] for key in ((each.package_id, each.move, name) for name in to) if key in open_), None)
        waits = None if decided or moved else asked_for
        yield {
            "package_id": each.package_id,
            "move": each.move,
            "to_provider_id": each.to_provider_id,
            "moves_on": None if each.on is None else each.on.isoformat(),
            "stands": MOVED if moved else decided or (ASKED if waits else NOT_ASKED),
            "decided_by": found.decided_by if found else None,
            "decided_on": found.decided_on.isoformat() if found else None,
            "valid_to": found.valid_to.isoformat() if found else None,
            "decide_by": waits.decide_by.isoformat() if waits else None,
            "overdue": bool(waits and waits.decide_by < state.as_of),
            "asked_by": (waits.asked_by or None) if waits else None,
        }
