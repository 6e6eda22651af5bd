"""Which decisions are asked for and not made yet: those that somebody asks for by name, and those that a plan needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from api.contract_lives.plans_made import PlanMade
from api.settings import Settings
from api.state.state import State
from api.state.stored_records import DECISION_REQUESTS
from optimiser.county import NOWHERE
from optimiser.domain.dates import days_after
from optimiser.domain.person_records import NOT_SUITABLE, SUITABLE, TRANSFER

DECIDED = (SUITABLE, NOT_SUITABLE)
PLANS = "The plan of a transfer to the area's principal moves their round."


@dataclass(frozen=True)
class Question:
    """A decision that is asked for. ``asked_by`` empty: by a plan."""

    package_id: str
    move: str
    to_provider_id: str
    decide_by: dt.date
    why: str
    request_id: str = ""
    asked_by: str = ""
    run_id: str = ""
    moves_on: dt.date | None = None

    def __repr__(self) -> str:
        return f"<Question about a {self.move}>"


def questions(state: State, settings: Settings, plans: Iterable[PlanMade]) -> list[Question]:
    """All that are open; a person is asked about once for a move to a provider, by name before by a plan."""
    found: dict[tuple[str, str, str], Question] = {}
    for each in (*_by_name(state), *_by_plans(state, settings, plans)):
        found.setdefault((each.package_id, each.move, each.to_provider_id), each)
    return list(found.values())


def _by_name(state: State) -> Iterator[Question]:
    for request_id, stored in sorted(state.stock[DECISION_REQUESTS].items()):
        body = stored.body
        if _runs(state, body["package_id"]) and not _decided_since(state, body):
            yield Question(
                body["package_id"],
                body["move"],
                body["to_provider_id"],
                dt.date.fromisoformat(body["decide_by"]),
                body["why"],
                request_id=request_id,
                asked_by=body["asked_by"],
            )


def _decided_since(state: State, body: dict[str, Any]) -> bool:
    """Whether a decision that was made since still counts: about this move, to this provider or to whomever it is."""
    known = set(body["known"])
    return any(
        stored.record.package_id == body["package_id"]
        and stored.record.move == body["move"]
        and stored.record.to_provider_id in ("", body["to_provider_id"])
        and decision_id not in known
        and stored.record.valid_to > state.as_of
        for decision_id, stored in state.stock["decisions"].items()
    )


def _by_plans(state: State, settings: Settings, plans: Iterable[PlanMade]) -> Iterator[Question]:
    """Whoever a plan that still stands would move on a day to come, and about whom nothing is decided for it."""
    for plan in plans:
        for move in plan.moves:
            if move.on <= state.as_of or not _runs(state, move.package_id):
                continue
            person = state.county.packages[state.county.package_index[move.package_id]]
            decided = state.county.decisions.of_person(person, TRANSFER, move.to_provider_id, move.on)
            if person.protected or decided in DECIDED or person.contract_id == move.contract_id:
                continue
            by = max(days_after(move.on, -settings.decision_days), state.as_of)
            yield Question(move.package_id, TRANSFER, move.to_provider_id, by, PLANS, run_id=plan.run.run_id, moves_on=move.on)


def _runs(state: State, package_id: str) -> bool:
    index = state.county.package_index.get(package_id)
    return index is not None and bool(state.county.running_on[index] != NOWHERE)
