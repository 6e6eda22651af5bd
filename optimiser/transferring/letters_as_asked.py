"""Each letter as its person asked for it: in large print, easy read, plain text, or ready to be translated; to whom they name.

The words are those of the letter: easy read and what is to be translated have a sentence a line, and nothing is left out. Of whom
no format or no language is recorded is listed before anything goes, so that somebody asks; nothing is sent by the software.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from optimiser.county import County
from optimiser.domain.person_records import Reads
from optimiser.domain.records import Package
from optimiser.domain.words import people
from optimiser.io.spreadsheets import spreadsheet
from optimiser.transferring.letters import WIDTH, Letter, letter_files, once_a_person, to_print
from optimiser.transferring.templates import rendered

LARGE_PRINT, EASY_READ, PLAIN_TEXT, EASY_TO_TRANSLATE = "large_print", "easy_read", "plain_text", "easy_to_translate"
ENGLISH = "english"
TO_CHECK = ("package_id", "kind", "format", "language")
NOT_RECORDED = "not recorded"
AS_ASKED_FILE, TO_CHECK_FILE = "letters-as-asked.html", "letters-to-check.csv"


@dataclass(frozen=True)
class AsAsked:
    """One letter in one way of being made. ``write_to`` and ``language`` empty: the person, and English as far as is known."""

    letter: Letter
    made: str
    write_to: str
    language: str

    def __repr__(self) -> str:
        return f"<AsAsked of {self.letter!r}>"

    @property
    def sentences(self) -> tuple[tuple[str, ...], ...]:
        """The paragraphs, each by its sentences."""
        return tuple(tuple(re.split(r"(?<=[.?!])\s+", paragraph)) for paragraph in self.letter.paragraphs)

    def text(self) -> str:
        """The words alone, as a terminal shows them, with whom they are for."""
        return "\n\n".join([*self._for_whom(), *self._body()])

    def whole_text(self) -> str:
        """The letter as plain text, with its reference and subject."""
        head = [f"Your reference: {self.letter.package_id}", self.letter.subject.upper(), "Hello,"]
        return "\n\n".join([*self._for_whom(), *head, *self._body()]) + "\n"

    def _for_whom(self) -> list[str]:
        head = [f"To: {self.write_to}"] * bool(self.write_to)
        if self.made == EASY_TO_TRANSLATE:
            head.append(f"For the translator: {f'into {self.language}, please' if self.language else 'ask which language'}.")
        return head

    def _body(self) -> list[str]:
        if self.made in (EASY_READ, EASY_TO_TRANSLATE):
            return ["\n".join(part) for part in self.sentences]
        return [textwrap.fill(part, WIDTH, break_on_hyphens=False) for part in self.letter.paragraphs]


def ways_of(person: Package | Reads) -> tuple[str, ...]:
    """How a person's letter is made. Who reads another language than English has it made ready to be translated, too."""
    translated = (EASY_TO_TRANSLATE,) if person.language and person.language.casefold() != ENGLISH else ()
    return tuple(dict.fromkeys((*person.formats, *translated)))


def as_asked(county: County, letters: Sequence[Letter]) -> list[AsAsked]:
    """The letters of whoever has asked for something, in each way that they asked for."""
    found = []
    for letter in letters:
        person = county.packages[county.package_index[letter.package_id]]
        if ways_of(person) or person.write_to:
            found += made_for(person, letter)
    return found


def made_for(person: Package | Reads, letter: Letter) -> list[AsAsked]:
    """One letter in each way that its person asked for; as plain text where they asked for none."""
    return [AsAsked(letter, way, person.write_to, person.language) for way in ways_of(person) or (PLAIN_TEXT,)]


def page_of_letters(letters: Sequence[AsAsked]) -> bytes:
    """An offline page, each letter on a page of its own when printed."""
    return rendered("letters_as_asked.html", letters=letters)


def to_check(county: County, letters: Sequence[Letter]) -> list[dict[str, object]]:
    """Whose format or language nobody has recorded, a row a letter: they are asked before it goes."""
    rows: list[dict[str, object]] = []
    for letter in letters:
        person = county.packages[county.package_index[letter.package_id]]
        if not person.formats or not person.language:
            known = {"format": ";".join(person.formats) or NOT_RECORDED, "language": person.language or NOT_RECORDED}
            rows.append({"package_id": letter.package_id, "kind": letter.kind, **known})
    return rows


def ask_first(county: County, letters: Sequence[Letter], contact: str | None = None) -> list[str]:
    """What the summary says of letters: where none is printed for want of a number, and of ``to_check``."""
    _, why_not = to_print(letters, contact)
    told = [why_not] if why_not and letters else []
    if rows := to_check(county, once_a_person(county, letters)):
        told.append(f"Letters: how {people(len(rows))} read theirs is not recorded. Ask before they go: {TO_CHECK_FILE}.")
    return told


def post_files(county: County, letters: Sequence[Letter], contact: str | None = None) -> dict[str, bytes]:
    """The letters as text and in large print, those that are made as somebody asked, and the list of whom to ask first.

    ``contact``: whom people may call, in place of the environment's; without a number there is the list alone.
    """
    post = once_a_person(county, letters)
    files = {TO_CHECK_FILE: spreadsheet(TO_CHECK, to_check(county, post))}
    ready, why_not = to_print(post, contact)
    if why_not:
        return files
    return files | letter_files(ready) | {AS_ASKED_FILE: page_of_letters(as_asked(county, ready))}
