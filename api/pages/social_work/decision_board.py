"""Whose decision is asked, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.csv_answers import Cell
from api.pages.page_words import capital, counted, day_in_short, day_in_words, in_plain, person_in_words
from api.pages.people.step_panel import ADVOCATES, GIVEN_BY, MOVES

Json = Mapping[str, Any]
HEADS = [
    "package_id", "area_id", "area_name", "move", "from_provider_id", "from_provider", "to_provider_id", "to_provider",
    "moves_on", "decide_by", "overdue", "why", "asked_by",
]  # fmt: skip
DECISIONS = {"suitable": "Yes: this move is right for the person", "not_suitable": "No: the care should stay where it is"}


@dataclass(frozen=True)
class AskedRow:
    """A decision that is asked for."""

    package_id: str
    by: str
    late: str
    move: str
    way: str
    area: str
    why: str

    def __repr__(self) -> str:
        return f"<AskedRow by {self.by}>"


def asked_rows(asked: Sequence[Json], names: Mapping[str, str], now: dt.datetime) -> list[AskedRow]:
    """In the order in which they come, the first due first."""
    return [_row(each, names, now) for each in asked]


def _row(each: Json, names: Mapping[str, str], now: dt.datetime) -> AskedRow:
    days = (now.date() - dt.date.fromisoformat(each["decide_by"])).days
    held, to = (names.get(each[name] or "", each[name]) for name in ("from_provider_id", "to_provider_id"))
    asked = f" Asked for by {person_in_words(each['asked_by'])}." if each["asked_by"] else ""
    on = f" It would be on {day_in_words(each['moves_on'])}." if each["moves_on"] else ""
    return AskedRow(
        package_id=each["package_id"],
        by=day_in_short(each["decide_by"], now.date()),
        late=f"{counted(days, 'day')} late" if days > 0 else "today" if days == 0 else "",
        move=MOVES[each["move"]],
        way=f"{held or 'Nobody'} to {to or 'whoever it is'}",
        area=each["area_name"] or "no area",
        why=f"{each['why'].removesuffix('.')}.{asked}{on}",
    )


def asked_cells(asked: Sequence[Json], names: Mapping[str, str]) -> Iterator[Sequence[Cell]]:
    """The same for a spreadsheet."""
    for each in asked:
        told = dict(each) | {f"{side}_provider": names.get(each[f"{side}_provider_id"] or "", "") for side in ("from", "to")}
        yield [told[head] for head in HEADS]


def decision_rows(decisions: Sequence[Json], names: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """What was decided, the last first: what, of which move and to whom, by whom and until when, and why."""
    rows = []
    for each in reversed(decisions):
        to = f" to {names.get(each['to_provider_id'], each['to_provider_id'])}" if each["to_provider_id"] else ""
        until = day_in_words(each["valid_to"])
        counts = f"counts until {until}" if each["counts_today"] else f"counts no more (until {until})"
        by = f"{person_in_words(each['decided_by'] or '')}, {day_in_words(each['decided_on'])}; {counts}"
        rows.append((capital(in_plain(each["decision"])), f"{MOVES[each['move']]}{to}", by, each["why"] or ""))
    return rows


def answer_rows(answers: Sequence[Json], names: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """What the person has said to providers, the last first: what, by whom, the advocate, and why."""
    return [
        (
            f"{each['answer'].capitalize()} to {names.get(each['provider_id'], each['provider_id'])},"
            f" {day_in_words(each['answered_at'][:10])}{'' if each['counts'] else ' (a later one counts)'}",
            GIVEN_BY[each["given_by"]],
            ADVOCATES[each["advocate"] or ""],
            each["reason"] or "",
        )
        for each in reversed(answers)
    ]
