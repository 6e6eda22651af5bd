"""What is wrong with an input, and where: every fault of every file, in one go."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from optimiser.io.fault_codes import Code

SHOWN = 60
"""How much of a value is shown."""

PLACES_SHOWN = 20
"""More equal faults than this are told as one, with so many of their places."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong. ``line`` 0 is the file as a whole."""

    file: str
    line: int
    column: str
    expected: str
    found: str
    personal: bool = False
    """The value stands in a personal column: it is shown only on a terminal, and only when asked for."""
    kind: str = ""
    """What is told in place of a personal value."""
    count: int = 1
    """How many equal faults this one stands for."""
    places: tuple[int, ...] = ()
    """The first lines of these, or features where ``line`` is 0."""
    more_places: int = 0
    """How many lines or features they stand on beside ``places``."""
    other_values: int = 0
    """How many values were found beside ``found``."""
    code: Code = field(default=Code.WRONG_VALUE, compare=False)
    """What kind of fault it is, for programs."""

    def __repr__(self) -> str:
        return f"<Fault {self.message()}>"

    def message(self, *, show_values: bool = False) -> str:
        where = ", ".join(part for part in (self.file, self._place, self.column) if part)
        expected = clean(f"{where}: expected {self.expected}")
        hidden = self.personal and not show_values
        found = self.kind if hidden else shown(self.found) if self.found else ""
        others = f" and {self.other_values:,} other values" if self.other_values and not hidden else ""
        times = f" ({self.count:,} times)" if self.count > 1 else ""
        return expected + (f"; found {found}{others}" if found else "") + times

    def record(self, *, show_values: bool = False) -> dict[str, Any]:
        """For programs. ``row``: the line of a file, the number of a feature of a map, None of the file as a whole."""
        feature, column = _feature(self)
        return {
            "code": str(self.code),
            "file": self.file,
            "row": self.line or feature or None,
            "column": column or None,
            "message": self.message(show_values=show_values),
        }

    @property
    def _place(self) -> str:
        if not self.places:
            return f"line {self.line}" if self.line else ""
        named = f"{'lines' if self.line else 'features'} {', '.join(map(str, self.places))}"
        return named + (f" and {self.more_places:,} more" if self.more_places else "")


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something odd that does no harm: accepted, and said."""

    file: str
    text: str
    count: int = 1
    lines: tuple[int, ...] = ()
    """Where, if that is known."""
    values: tuple[str, ...] = ()
    """What stands there, as it may be printed: perhaps of a person, so it is shown only on a terminal and when asked for."""

    def message(self, *, show_values: bool = False) -> str:
        return f"{clean(self.file)}: {self.said(show_values=show_values)}"

    def said(self, *, show_values: bool = False) -> str:
        """The note where no file is spoken of."""
        times = [f"{self.count} times"] if self.count > 1 else []
        told = "; ".join([*times, *([_lines_in_words(self.lines)] if self.lines else [])])
        values = f"; found {', '.join(self.values)}" if self.values and show_values else ""
        return clean(self.text) + (f" ({told})" if told else "") + values


class InputRefusedError(Exception):
    """A wrong input is refused whole; ``faults`` lists everything that is wrong with it, many equal faults as one; in ``each``
    all stand alone.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.each = tuple(sorted(faults))
        self.faults = listed(self.each)
        super().__init__(f"the input has {len(self.faults)} fault(s)")


def listed(faults: Iterable[Fault]) -> list[Fault]:
    """Every fault in order, but more than twenty equal ones as one.

    Faults are equal that are told in equal words of the same column. Where the words differ by the value alone, and more than
    twenty values are wrong in the same way (dates written in another way, ids of another file), they are told as one, too.
    """
    told, few = _merged(sorted(faults), _words, len)
    alike, single = _merged(few, _way, lambda equal: len({fault.found for fault in equal}))
    return sorted([*told, *alike, *single])


def _merged(
    faults: Iterable[Fault], key: Callable[[Fault], object], size: Callable[[list[Fault]], int]
) -> tuple[list[Fault], list[Fault]]:
    """Large groups of faults as one each; and all others."""
    groups: defaultdict[object, list[Fault]] = defaultdict(list)
    for fault in faults:
        groups[key(fault)].append(fault)
    large = {each for each, group in groups.items() if size(group) > PLACES_SHOWN}
    return [_one(groups[each]) for each in groups if each in large], [
        fault for each, group in groups.items() if each not in large for fault in group
    ]


def _one(equal: list[Fault]) -> Fault:
    """A fault that stands for others beside itself."""
    first = equal[0]
    places = sorted({feature for fault in equal if (feature := _feature(fault)[0] or fault.line)})
    return replace(
        first,
        column=_feature(first)[1],
        count=sum(fault.count for fault in equal),
        places=tuple(places[:PLACES_SHOWN]),
        more_places=len(places[PLACES_SHOWN:]),
        other_values=len({fault.found for fault in equal}) - 1,
    )


def _words(fault: Fault) -> object:
    """What is told of a fault but for its place."""
    return (
        fault.file,
        _feature(fault)[1],
        fault.expected,
        fault.personal,
        fault.kind if fault.personal else fault.found,
        fault.count,
    )


def _way(fault: Fault) -> object:
    """In which way a value is wrong: what was expected without the details in brackets, and the kind of value that was found."""
    return fault.file, _feature(fault)[1], fault.expected.partition(" (")[0], fault.personal, fault.kind, fault.count


def _feature(fault: Fault) -> tuple[int, str]:
    """The number of a feature, which stands in a fault's column, and the rest of the column."""
    found = None if fault.line else re.fullmatch(r"feature (\d+)(?:, )?(.*)", fault.column, re.DOTALL)
    return (int(found[1]), found[2]) if found else (0, fault.column)


def clean(text: str) -> str:
    """A text on one line, without anything that could move a cursor."""
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


MOST_LINES = 20
"""How many places of one note are named."""


def _lines_in_words(lines: tuple[int, ...]) -> str:
    named = ", ".join(map(str, lines[:MOST_LINES])) + (f" and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else "")
    return f"line{'s' if len(lines) > 1 else ''} {named}"


def shown(value: str) -> str:
    """A value as it may be printed: quoted, clean, and not too long."""
    return "'" + clean(value if len(value) <= SHOWN else value[: SHOWN - 1] + "…") + "'"


def in_words(value: object) -> str:
    """A value of TOML or JSON as a text; Python itself refuses to write out a number of thousands of digits."""
    try:
        return str(value)
    except (ValueError, RecursionError):
        return "a value beyond measure"


class Findings:
    """Collects faults and notes while a folder is read, and what is in doubt after them.

    What stands in a row with a fault is known only in part, so no right cell elsewhere is blamed for it.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._notes: dict[tuple[str, str], int] = {}
        self._unread: set[str] = set()
        self._doubtful: dict[str, set[str]] = {}

    def fault(
        self,
        file: str,
        line: int,
        column: str,
        expected: str,
        found: str = "",
        *,
        personal: bool = False,
        kind: str = "",
        code: Code = Code.WRONG_VALUE,
    ) -> None:
        self.faults.append(Fault(file, line, column, expected, found, personal, kind or "another value", code=code))

    def note(self, file: str, text: str) -> None:
        self._notes[file, text] = self._notes.get((file, text), 0) + 1

    def unread(self, file: str) -> None:
        """Some of the file could not be read: anything may stand in it."""
        self._unread.add(file)

    def doubt(self, file: str, texts: Iterable[str]) -> None:
        """These texts, its id among them, stand in a row or feature that has a fault."""
        self._doubtful.setdefault(file, set()).update(texts)

    def may_name(self, file: str, text: str) -> bool:
        """Whether a text that no good row of a file holds may yet stand in it."""
        return file in self._unread or text in self._doubtful.get(file, ())

    def is_whole(self, file: str) -> bool:
        """Whether every row of a file was read without a fault."""
        return file not in self._unread and file not in self._doubtful

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(sorted(Note(file, text, count) for (file, text), count in self._notes.items()))
