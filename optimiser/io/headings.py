"""The headings of a CSV file: which line they stand on, what separates them, and which column of the format each one is; and the
word that may have been meant where a strange one stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from optimiser.domain.records import LONGEST
from optimiser.io.cells import MOST_OWN_COLUMNS, Column
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings, shown

LOOKED_AT = 25
"""Lines from the top of a file among which its headings are looked for."""

LIKE = 0.8
"""How alike two headings must be for one to be taken for the other misspelt, from 0 to 1."""

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
SEPARATOR_LINE = re.compile(r'"?sep=.?"?[,;\t|]*', re.IGNORECASE)
"""What a spreadsheet is told of the file, in a line above the headings."""

Record = tuple[int, list[str]]
"""The line on which a record starts, and its cells."""


@dataclass(frozen=True)
class Headings:
    """The columns of one file."""

    line: int
    width: int
    """Cells of a row."""
    named_width: int
    """Cells of a row without the columns at its end that have no heading."""
    places: list[int | None]
    """Where each column of the format stands in the file."""
    unnamed: list[int]
    """Where columns stand that have no heading."""
    titles: list[str]
    """Every heading as it stands in the file."""
    unknown: list[int]
    """Where columns stand whose headings the format does not know."""


def folded(heading: str) -> str:
    """A heading without what tells two apart that look alike: case, blanks, hyphens, and characters that nobody sees."""
    seen = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFKC", heading) if unicodedata.category(c) != "Cf")
    return re.sub(r"[\s_-]+", "_", seen.strip()).casefold()


def is_separator_line(text: str) -> bool:
    """Whether a line says ``sep=,`` or the like, and nothing more."""
    return SEPARATOR_LINE.fullmatch(text) is not None


def other_separator(content: str, columns: Sequence[Column]) -> tuple[int, str] | None:
    """The line where columns are separated by another character than the comma, and its name; None where they are not."""
    known = {column.name for column in columns}
    lines = re.split(r"\r\n|\r|\n", content, maxsplit=LOOKED_AT)[:LOOKED_AT]
    first = next((number for number, line in enumerate(lines, 1) if not is_separator_line(line)), 0)
    for number, line in enumerate(lines, 1):
        if number == first and ";" in line and "," not in line:
            return number, SEPARATORS[";"]
        for separator, name in SEPARATORS.items():
            if separator in line and _known(line.split(separator), known) > max(1, _known(line.split(","), known)):
                return number, name
    return None


def _known(cells: Iterable[str], known: set[str]) -> int:
    """How many of the format's columns stand among the cells, whatever their case and quotes."""
    return len({folded(cell.strip('" ')) for cell in cells} & known)


def seem_to_stand_on(first: Record, others: Iterable[Record], columns: Sequence[Column]) -> int:
    """The line with the headings where the first line has none of them but titles of the file; 0 where it is not so."""
    known = {column.name for column in columns}
    required = sum(not column.optional for column in columns)
    counts = [(_known(cells, known), -line) for line, cells in others]
    most, line = max(counts, default=(0, 0))
    return -line if most > _known(first[1], known) and most >= min(2, required) else 0


def headings_of(name: str, record: Record, columns: Sequence[Column], findings: Findings, *, keeps: bool) -> Headings | None:
    """What the line with the headings says; None with its faults. ``keeps``: columns that the format does not know are kept.

    A heading that is like none of ours is told by its position alone where there are faults: without its headings, a file begins
    with the cells of a person.
    """
    line, titles = record
    known = {column.name for column in columns}
    first = {title: place for place, title in reversed(list(enumerate(titles))) if folded(title)}
    before = len(findings.faults)
    for title in sorted(title for title, count in Counter(titles).items() if count > 1 and title in first):
        where = title if title in known else f"column {first[title] + 1}"
        findings.fault(
            name, line, where, "each column once", title if title in known else "an unknown column", code=Code.COLUMN_TWICE
        )
    meant = {title: column for title in first if title not in known and (column := _nearest(title, known))}
    required = [column.name for column in columns if not column.optional]
    if len(required) > 1 and not meant and not first.keys() & known:
        findings.fault(name, line, "", f"the headings {', '.join(required)}", "none of them", code=Code.HEADINGS_ABSENT)
    else:
        absent = [column for column in required if column not in first]
        _missing(name, line, absent, meant, findings, has_postcodes=POSTCODE in map(folded, first))
    unknown = sorted(first[title] for title in first.keys() - known)
    if keeps:
        _too_much(name, line, [titles[place] for place in unknown], first, findings)
    if len(findings.faults) > before:
        return None
    kept = "kept and ignored" if keeps else "ignored"
    for title in (titles[place] for place in unknown):
        like = INSTEAD if folded(title) == POSTCODE and known.issuperset(OF_PERSON) else _likeness(meant.get(title), first.keys())
        findings.note(name, f"unknown column {shown(title)} is {kept}{like}")
    unnamed = [place for place, title in enumerate(titles) if title not in first]
    named_width = 1 + max(first.values())
    places = [first.get(column.name) for column in columns]
    return Headings(line, len(titles), named_width, places, unnamed, titles, unknown)


def _too_much(name: str, line: int, own: Sequence[str], first: Mapping[str, int], findings: Findings) -> None:
    """Faults where there are more columns of somebody's own than can be kept, or longer headings."""
    if len(own) > MOST_OWN_COLUMNS:
        findings.fault(
            name,
            line,
            "",
            f"at most {MOST_OWN_COLUMNS} columns that the format does not know",
            str(len(own)),
            code=Code.OWN_COLUMNS,
        )
    for title in own:
        if len(title) > LONGEST:
            findings.fault(
                name,
                line,
                f"column {first[title] + 1}",
                f"a heading of at most {LONGEST} characters",
                "a longer one",
                code=Code.OWN_COLUMNS,
            )


PLACE, POSTCODE = ("latitude", "longitude"), "postcode"
OF_PERSON = ("package_id", *PLACE)
INSTEAD = "; 'optimiser postcodes fill' leaves it out: the places say where people live"


def _missing(
    name: str, line: int, absent: Sequence[str], meant: dict[str, str], findings: Findings, *, has_postcodes: bool
) -> None:
    """A fault for each column that has to be there, with the heading that may be it."""
    for column in absent:
        alike = sorted(title for title, nearest in meant.items() if nearest == column)
        like = min(alike, key=lambda title: folded(title) != column, default=None)
        hint = "" if like is None else f" (column {shown(like)} is not known; did you mean {column!r}?)"
        if has_postcodes and column in PLACE:
            hint = " ('optimiser postcodes fill' finds it by the column of postcodes)"
        findings.fault(name, line, column, f"this column{hint}", "no such column", code=Code.COLUMN_ABSENT)


def _nearest(title: str, known: set[str]) -> str | None:
    """The column that a heading may be meant for."""
    same = folded(title)
    return same if same in known else next(iter(get_close_matches(same, sorted(known), 1, LIKE)), None)


def _likeness(nearest: str | None, there: Iterable[str]) -> str:
    if nearest is None:
        return ""
    return f"; it is like {nearest!r}, which is there too" if nearest in there else f"; did you mean {nearest!r}?"


NEAR = 0.75
"""How alike two words are (difflib's ratio) for one to be offered as what the other may have meant."""


def looks(word: str) -> str:
    """A word without what people overlook: case, hyphens, underscores, blanks, and characters that cannot be seen."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    return "".join(each for each in plain if unicodedata.category(each)[0] not in "CZP")


def by_looks(known: Iterable[str]) -> dict[str, str]:
    """The known words by their looks; of those that look alike the first."""
    return {looks(word): word for word in sorted(known, reverse=True)}


def nearest(word: str, known: Mapping[str, str]) -> str:
    """The word of ``by_looks`` that may have been meant; empty where none is near."""
    found = get_close_matches(looks(word), known, n=1, cutoff=NEAR)
    return known[found[0]] if found else ""
