"""Edges of a road graph that cannot be used: all are found, and told in groups, each with where its first ones stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from optimiser.geography.travel_times.interface import TravelError

MOST_GROUPS = 10
MOST_NAMED = 5
MOST_CHARACTERS = 40


@dataclass
class _Group:
    line: int
    count: int = 0
    named: list[str] = field(default_factory=list)


class BadEdges:
    """Collects what is wrong while a file is read."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], _Group] = {}
        self._others = 0

    def add(self, expected: str, found: str, ends: tuple[str, str], line: int) -> None:
        """``found``: the value, with its name; nothing where there is none."""
        key = (expected, found)
        if key not in self._groups and len(self._groups) == MOST_GROUPS:
            self._others += 1
            return
        group = self._groups.setdefault(key, _Group(line))
        group.count += 1
        if len(group.named) < MOST_NAMED:
            group.named.append(f"{shortened(ends[0])} to {shortened(ends[1])}")

    def refuse(self, file: str) -> None:
        """Raises ``TravelError`` if there are any."""
        if self._groups:
            told = [_said(*key, group) for key, group in self._groups.items()]
            more = f" And {self._others:,} more edges for other reasons." if self._others else ""
            raise TravelError(f"{file}, {' '.join(told)}{more} Correct them, or take them out.")


def _said(expected: str, found: str, group: _Group) -> str:
    more = group.count - len(group.named)
    edges = f"the edge from {group.named[0]}" if group.count == 1 else f"{group.count:,} edges: from {', '.join(group.named)}"
    return (
        f"line {group.line}: expected {expected}; found {found or 'none'} on {edges}"
        + (f" and {more:,} more" if more else "") + "."
    )  # fmt: skip


def shortened(text: str) -> str:
    """A value of a file as a message may hold it."""
    clean = "".join(character if character.isprintable() else "?" for character in text)
    return clean if len(clean) <= MOST_CHARACTERS else clean[: MOST_CHARACTERS - 1] + "…"
