"""What is wrong with an input, and where: every fault of every file, in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 60
"""How much of a value is shown."""


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

    def __repr__(self) -> str:
        return f"<Fault {self.message()}>"

    def message(self, *, show_values: bool = False) -> str:
        where = self.file + (f", line {self.line}" if self.line else "") + (f", {self.column}" if self.column else "")
        expected = clean(f"{where}: expected {self.expected}")
        hidden = self.personal and not show_values
        found = self.kind if hidden else shown(self.found) if self.found else ""
        return expected + (f"; found {found}" if found else "")


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something odd that does no harm: accepted, and said."""

    file: str
    text: str
    count: int = 1

    def message(self) -> str:
        return clean(f"{self.file}: {self.text}") + (f" ({self.count} times)" if self.count > 1 else "")


class InputRefusedError(Exception):
    """A wrong input is refused whole; ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__(f"the input has {len(self.faults)} fault(s)")


def clean(text: str) -> str:
    """A text on one line, without anything that could move a cursor."""
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


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
    ) -> None:
        self.faults.append(Fault(file, line, column, expected, found, personal, kind or "another value"))

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
