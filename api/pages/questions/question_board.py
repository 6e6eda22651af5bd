"""Questions in words: who asked what, by when an answer is owed, and the steps since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.csv_answers import Cell
from api.pages.page_words import capital, person_in_words, when_in_words

Json = Mapping[str, Any]
WHO = {"person": "The person", "family": "Their family", "advocate": "An advocate", "provider": "A provider"}
KINDS = {
    "safety": "Whether somebody is safe",
    "start": "When care begins",
    "visits": "Visits and care workers",
    "change": "A change of provider",
    "money": "Money",
    "reasons": "Why something was decided",
    "other": "Something else",
}
OUTCOMES = {
    "settled": "It was answered, and that is enough",
    "withdrawn": "They ask no more",
    "goes_on_elsewhere": "It goes on elsewhere, such as a complaint",
}
STANDINGS = {"open": "An answer is owed", "answered": "Answered", "closed": "Closed"}
STEPS = {"asked": "Asked", "answered": "Answered", "passed_on": "Passed on", "closed": "Closed"}
HEADS = ["contact_id", "who", "provider_id", "package_id", "kind", "recorded_at", "standing", "post", "answer_by", "overdue"]


@dataclass(frozen=True)
class QuestionRow:
    """A question on a list. ``late``: its answer is overdue."""

    contact_id: str
    what: str
    who: str
    package_id: str
    provider_id: str
    due: str
    late: bool
    post: str

    def __repr__(self) -> str:
        return f"<QuestionRow {self.contact_id}>"


@dataclass(frozen=True)
class StepRow:
    """One step: what was done, when and by whom, and what was said."""

    what: str
    when: str
    by: str
    said: str

    def __repr__(self) -> str:
        return f"<StepRow {self.what}>"


def question_rows(asked: Sequence[Json], names: Mapping[str, str], now: dt.datetime) -> list[QuestionRow]:
    """In the order in which they come: by what is due next."""
    return [
        QuestionRow(
            each["contact_id"],
            KINDS[each["kind"]],
            names.get(each["provider_id"] or "", each["provider_id"]) or WHO[each["who"]],
            each["package_id"] or "",
            each["provider_id"] or "",
            due_in_words(each, now),
            each["overdue"],
            each["post"],
        )
        for each in asked
    ]


def due_in_words(asked: Json, now: dt.datetime) -> str:
    """By when an answer is owed, else how it stands."""
    if asked["answer_by"] is None:
        return STANDINGS[asked["standing"]]
    return capital(when_in_words(dt.datetime.fromisoformat(asked["answer_by"]), now))


def facts_of(asked: Json, names: Mapping[str, str], now: dt.datetime) -> list[tuple[str, str]]:
    """Who asked about what, the post that it lies with, and the clock."""
    provider_id = asked["provider_id"] or ""
    told = [
        ("Asked by", names.get(provider_id, provider_id) or WHO[asked["who"]]),
        ("Who it was", asked["said_by"] or ""),
        ("About", KINDS[asked["kind"]]),
        ("Offer", asked["offer_id"] or ""),
        ("Written down by", person_in_words(asked["recorded_by"])),
        ("Lies with", capital(asked["post"])),
        ("Answer by", due_in_words(asked, now) if asked["answer_by"] else ""),
    ]
    return [(name, said) for name, said in told if said]


def step_rows(asked: Json, now: dt.datetime) -> list[StepRow]:
    """The steps in their order."""
    rows = []
    for each in asked["told"]:
        to = f" to the {each['to_post']}" if each["to_post"] else ""
        outcome = f"{OUTCOMES[each['outcome']]}. " if each["outcome"] else ""
        at = capital(when_in_words(dt.datetime.fromisoformat(each["at"]), now))
        rows.append(StepRow(f"{STEPS[each['what']]}{to}", at, person_in_words(each["by"]), f"{outcome}{each['text']}".strip()))
    return rows


def own_rows(asked: Sequence[Json], now: dt.datetime) -> list[tuple[str, str, str, bool]]:
    """A provider's own: id, what it is about, how it stands, whether the answer is late."""
    return [(each["contact_id"], _own_about(each), due_in_words(each, now), each["overdue"]) for each in asked]


def _own_about(asked: Json) -> str:
    of = f", offer {asked['offer_id']}" if asked["offer_id"] else f", {asked['package_id']}" if asked["package_id"] else ""
    return f"{KINDS[asked['kind']]}{of}"


def own_steps(asked: Json, now: dt.datetime) -> list[StepRow]:
    """The steps as the provider reads them: with posts, and nobody's name."""
    rows = []
    for each in asked["told"]:
        at = capital(when_in_words(dt.datetime.fromisoformat(each["at"]), now))
        by = "You" if each["what"] == "asked" else capital(each["post"])
        what = f"Passed on to the {each['post']}" if each["what"] == "passed_on" else STEPS[each["what"]]
        rows.append(StepRow(what, at, by, each["text"]))
    return rows


def question_cells(asked: Sequence[Json]) -> Iterator[Sequence[Cell]]:
    """The list for a spreadsheet: nothing of what was said."""
    for each in asked:
        yield [each[head] for head in HEADS]
