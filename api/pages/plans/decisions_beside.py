"""Beside each person of a plan: how it stands today with the decision of social work that their move needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.acts.act import Caller
from api.decision_requests import acts as decision_requests
from api.pages.page_words import counted, day_in_words, person_in_words

Json = Mapping[str, Any]
WORDS = {
    "suitable": ("Yes", "done"),
    "not_suitable": ("No", "strong"),
    "asked": ("Asked for", "warm"),
    "not_asked": ("Not asked for yet", "warm"),
    "moved": ("Has moved", "quiet"),
}
"""What stands on the tag, and its kind."""
DECIDED = ("suitable", "not_suitable")
COUNTED = {
    "suitable": "yes",
    "not_suitable": "no",
    "asked": "asked for",
    "not_asked": "not asked for yet",
    "moved": "have moved",
}


@dataclass(frozen=True)
class Beside:
    """A decision in words. ``is_given``: a recorded one that lets the move go ahead, of which a form need not ask where it is."""

    said: str
    tag: str
    more: str
    late: str
    is_given: bool

    def __repr__(self) -> str:
        return f"<Beside a person: {self.said}>"


@dataclass(frozen=True)
class Decisions:
    """Those of one plan. ``of``: by package; empty for whoever may not read them."""

    of: Mapping[str, Beside]
    counts: str

    def __repr__(self) -> str:
        return f"<Decisions about {len(self.of)} moves>"


NONE_READ = Decisions({}, "")


def decisions_beside(by: Caller, run_id: str) -> Decisions:
    """How it stands with everybody whom the plan of a run would move."""
    if decision_requests.of_run.role_of(by.actor) is None:
        return NONE_READ
    told = orjson.loads(decision_requests.of_run(by, run_id).body)["items"]
    return decisions_of(told, by.settings.clock.today())


def decisions_of(told: Sequence[Json], today: dt.date) -> Decisions:
    """Of ``/v1/runs/{run_id}/decisions``."""
    stands = [each["stands"] for each in told]
    counts = [f"{stands.count(name)} {said}" for name, said in COUNTED.items() if name in stands]
    return Decisions({each["package_id"]: _beside(each, today) for each in told}, ", ".join(counts))


def _beside(each: Json, today: dt.date) -> Beside:
    said, tag = WORDS[each["stands"]]
    by = person_in_words(each["decided_by"] or "")
    more = ", ".join(part for part in (by, day_in_words(each["decided_on"]) if each["decided_on"] else "") if part)
    if each["stands"] in DECIDED and not each["decided_on"]:
        more = "as the package itself says"
    if each["valid_to"]:
        more += f"; counts until {day_in_words(each['valid_to'])}"
    late = ""
    if each["decide_by"]:
        asked_by = f", asked for by {person_in_words(each['asked_by'])}" if each["asked_by"] else ""
        more = f"due {day_in_words(each['decide_by'])}{asked_by}"
        days = (today - dt.date.fromisoformat(each["decide_by"])).days
        late = f"{counted(days, 'day')} late" if days > 0 else ""
    return Beside(said, tag, more, late, each["stands"] == "suitable" and bool(each["decided_on"]))
