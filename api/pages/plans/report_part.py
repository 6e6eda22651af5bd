"""A report that a run keeps as a page of its own, within one of the service's: links to people, names for ids, dates in words,
and tables that are lists on a phone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from api.pages.page_words import address_part, dates_in_words
from api.pages.plans.report_tables import as_lists

TAG = re.compile(r"(<[^>]*>)")
NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
"""What may be an id: letters, digits, hyphens, and dots within."""
HEADING = re.compile(r"<h1\b.*?</h1>", re.DOTALL)
WITHIN = re.compile(r"<main\b[^>]*>(.*)</main>", re.DOTALL)
NO_LINKS = ("svg", "a", "caption", "summary", "h2", "h3")
"""Elements whose text holds no link to a person."""
KEPT = 16
"""So many reports are kept as they were shown last: of some hundred KB each."""


@dataclass
class _Place:
    """Where a report is being read: how deep within elements whose text holds no links."""

    depth: int = 0

    def step(self, tag: str) -> None:
        name = tag.strip("</>").split()[0].lower() if len(tag) > 2 else ""
        if name in NO_LINKS and not tag.endswith("/>"):
            self.depth += -1 if tag.startswith("</") else 1


def report_part(page: str, people: Collection[str], names: Mapping[str, str]) -> Markup:
    """The main part of a page of the engine's, whose texts are escaped. ``people``: ids of packages; ``names``: of ids."""
    return _part(page, frozenset(people), frozenset(names.items()))


@lru_cache(maxsize=KEPT)
def _part(page: str, people: frozenset[str], named: frozenset[tuple[str, str]]) -> Markup:
    """Kept, as a report never changes and is opened again and again; names may become others."""
    names = dict(named)
    found = WITHIN.search(page)
    place, parts = _Place(), []
    for part in TAG.split(as_lists(HEADING.sub("", found[1] if found else ""))):
        if part.startswith("<"):
            place.step(part)
            parts.append(part)
        else:
            parts.append(_in_words(part, people, names, links=not place.depth))
    return Markup("".join(parts))


def _in_words(text: str, people: Collection[str], names: Mapping[str, str], *, links: bool) -> str:
    def told(match: re.Match[str]) -> str:
        if match[0] in names and not text[: match.start()].endswith("("):  # behind its name, an id may stand
            return str(escape(names[match[0]]))
        if links and match[0] in people:
            return f'<a href="/people/{address_part(match[0])}">{match[0]}</a>'
        return match[0]

    return NAME.sub(told, dates_in_words(text))
