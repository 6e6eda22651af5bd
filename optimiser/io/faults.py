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

    def message(self, *, show_values: bool = False) -> str:
        where = self.file + (f", line {self.line}" if self.line else "") + (f", {self.column}" if self.column else "")
        hidden = self.personal and not show_values
        found = self.kind if hidden else shown(self.found) if self.found else ""
        return f"{where}: expected {self.expected}" + (f"; found {found}" if found else "")


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something odd that does no harm: accepted, and said."""

    file: str
    text: str
    count: int = 1

    def message(self) -> str:
        return f"{self.file}: {self.text}" + (f" ({self.count} times)" if self.count > 1 else "")


class InputRefusedError(Exception):
    """A wrong input is refused whole; ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__(f"the input has {len(self.faults)} fault(s)")


def shown(value: str) -> str:
    """A value as it may be printed: quoted, without control characters, and not too long."""
    text = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
    return "'" + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text) + "'"


class Findings:
    """Collects faults and notes while a folder is read."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._notes: dict[tuple[str, str], int] = {}

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

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(sorted(Note(file, text, count) for (file, text), count in self._notes.items()))
