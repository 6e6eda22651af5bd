"""A form as somebody filled it in: what was entered, and what is wrong with it, by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fastapi import Request
from pydantic import ValidationError

from api.http.errors import Problem
from api.http.sent_forms import fields_of


@dataclass(frozen=True)
class FilledForm:
    """What macros of fields ask. ``faults``: by the name of a field, "" where it is of none; ``prefix``: before ids of fields."""

    entered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    is_sent: bool = False

    def __repr__(self) -> str:
        return f"<FilledForm with {len(self.faults)} fault(s)>"

    def value(self, name: str, otherwise: object = "") -> str:
        """What was entered; before the form is sent, ``otherwise``."""
        return "".join(self.entered.get(name, ())[:1]) if self.is_sent else str(otherwise)

    def chosen(self, name: str, otherwise: Sequence[str] = ()) -> list[str]:
        """The boxes that are ticked; before the form is sent, ``otherwise``."""
        return list(self.entered.get(name, ()) if self.is_sent else otherwise)

    def date(self, name: str) -> dt.date | None:
        """The date in three boxes; None: all three are empty. Raises ``ValueError`` for what is no date."""
        parts = [self.value(f"{name}-{part}") for part in ("year", "month", "day")]
        if not any(parts):
            return None
        if not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4:
            raise ValueError("no date")
        return dt.date(*map(int, parts))

    def fault(self, name: str) -> str:
        """What is wrong with a field; empty: nothing."""
        return self.faults.get(name, "")

    def wrong(self, faults: Mapping[str, str]) -> FilledForm:
        """The same form with further faults."""
        return replace(self, faults={**self.faults, **faults})

    def anew(self) -> FilledForm:
        """What is wrong, over a form as it is before it is sent: what was entered was about something that is so no more."""
        return replace(self, entered={}, is_sent=False)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Each fault with the id of its field, for the top of the page."""
        return [(said, f"{self.prefix}{name}" if name else "") for name, said in self.faults.items()]


async def sent_form(request: Request, *, several: Sequence[str] = (), prefix: str = "", most_fields: int = 200) -> FilledForm:
    """What the form of a page has sent; fields of ``several`` may be sent more than once. Raises a ``Problem``."""
    return FilledForm(await fields_of(request, several=several, most_fields=most_fields), prefix=prefix, is_sent=True)


def faults_of(error: ValidationError, says: Mapping[str, str], fields: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a schema finds wrong, by field.

    ``says``: a sentence for each member of the schema; ``fields``: the field of a member, where its name is another.
    What the schema says itself is for programs: a member without a sentence is told by its name alone, never with its value.
    """
    found: dict[str, str] = {}
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        member = str(each["loc"][0]) if each["loc"] else ""
        name = (fields or {}).get(member, member)
        found.setdefault(name, says.get(member) or (f"Look at {member.replace('_', ' ')} again" if member else each["msg"]))
    return found


def refused(problem: Problem, says: Mapping[str, str] | None = None, field_of: str = "") -> dict[str, str]:
    """What an act refused, as a fault of one field, or of none. ``says``: a sentence of this page's for a code."""
    return {field_of: (says or {}).get(problem.code) or problem.detail}
