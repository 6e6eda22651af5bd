"""What is stored, in words: the names of things, and a record as lines of what and what it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from api.http.forms import FORMS
from api.security.roles import SERVICE
from api.subject_access.third_parties import LEFT_OUT, OF_SOMEBODY_ELSE, SOMEBODY, is_finding, of_staff, staff_shown
from optimiser.io.record_cells import EXTRA

TITLES = {
    "packages": "The care that is asked for, or given",
    "visits": "Its visits",
    "offers": "Providers that were asked",
    "meanwhile": "How you are safe until care begins",
    "decisions": "Decisions about moving your care",
    "answers": "What you said to providers",
    "alerts": "What somebody was to look at",
    "call_offs": "The request that it came with",
    "letters": "Letters that put an earlier letter right",
    "hospital_cases": "What a hospital told",
    "first_visits": "First visits",
    "enhanced_support": "Enhanced home support",
    "claims": "Who was working on your care",
    "decision_requests": "When social work was asked to decide about a move",
    "line_queries": "What a provider asked about the bill for your visits",
    "deliveries": "What records of your visits said that somebody should look at",
    "rights_requests": "What you asked about your data",
    "contacts": "What was asked about your care, and the answers",
}
"""Titles of the kinds of record that are about one person. Any other record that names them is told under the next title."""
ELSEWHERE = "Where records of others name you"
ROLES_IN_WORDS = {
    "viewer": "a viewer",
    "planner": "a planner",
    "transition": "the transition team",
    "contracts": "a contract officer",
    "quality": "a quality officer",
    "finance": "a finance officer",
    "social_work": "a social worker",
    "auditor": "an auditor",
    "job": "a program of the council's",
    "admin": "an administrator",
    "provider": "somebody at a provider",
    SERVICE: "the service by itself",
}
_WORDS = {
    "if_missed": "what a missed visit would do (red, amber or green)",
    "wish": "what you said of the choice",
    "holds": "what holds until care begins",
    "holds_until": "the first day on which it no longer holds",
    "held_until": "hours are kept for you until",
    "valid_to": "the first day on which it no longer counts",
    "start_by": "care is to begin by",
    "hours_per_week": "hours a week",
    "visits_per_week": "visits a week",
    "workers": "care workers at a visit",
    "protected": "protected from a move because",
    "excluded_provider_ids": "providers you do not want",
    "preferred_provider_ids": "providers you would rather have",
    "worker_gender": "gender of care workers that you wish",
    "worker_languages": "languages of care workers that you wish",
    "if_match": "version read",
    EXTRA: "in the council's own columns",
}
CODED = {"enum", "format", "pattern"}
"""What the form of a column says of it where no words of one's own can stand in it."""
SENTENCE = 4
"""So many words are a sentence that somebody wrote, wherever it stands."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[\d:.]*")


class Fact(NamedTuple):
    """One line: what it is, and what is held."""

    what: str
    held: str
    own_words: bool
    """Whether somebody wrote it in words of their own, so that it may name anybody."""


def words_of(name: str) -> str:
    return _WORDS.get(name, name.removesuffix("_id").removesuffix("_ids").replace("_", " ").replace(".", " "))


def facts(value: Any, staff: str, name: str = "", before: str = "") -> Iterator[Fact]:
    """Plain JSON data as lines. ``staff``: the setting ``subject_staff_names``. What is empty is not told."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from facts(each, staff, key, _joined(before, words_of(key)))
    elif isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value):
        for number, each in enumerate(value, start=1):
            yield from facts(each, staff, name, _joined(before, str(number)))
    elif isinstance(value, list):
        if is_finding(value):
            yield _fact(before, name, str(value[-1]))
        elif value:
            yield _fact(before, name, ", ".join(_said(each) for each in value))
    elif value not in (None, ""):
        yield _fact(before, name, _shown(name, value, staff))


def _fact(what: str, name: str, held: str) -> Fact:
    form = FORMS.get(name)
    free = form is not None and form.shape == "text" and not name.endswith("_id") and not CODED & form.schema.keys()
    covered = held in (LEFT_OUT, SOMEBODY)
    return Fact(what, held, not covered and (free or words_of(EXTRA) in what or len(held.split()) >= SENTENCE))


def _joined(before: str, more: str) -> str:
    return f"{before}: {more}" if before else more


def _shown(name: str, value: Any, staff: str) -> str:
    if name in OF_SOMEBODY_ELSE:
        return LEFT_OUT
    if isinstance(value, str) and of_staff(name) and not _DAY.fullmatch(value):
        return staff_shown(name, value, staff)
    return _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if _MOMENT.fullmatch(text):
        return f"{dt.datetime.fromisoformat(text):%Y-%m-%d %H:%M}"
    return {"true": "yes", "false": "no"}.get(text, text)
