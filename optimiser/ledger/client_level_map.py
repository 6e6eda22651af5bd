"""A council's own map to the return of client-level data: where it keeps what a snapshot does not hold, and in which words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings, InputRefusedError, in_words
from optimiser.io.toml import read_toml
from optimiser.ledger.client_level_codes import (
    COMMUNITY,
    HOME_SUPPORT,
    OF_THE_COUNCIL,
    SERVICE_COMPONENTS,
    SERVICE_TYPES,
    SUPPORT_REASONS,
)

HOME_CARE = "home_care"
"""What the table of services calls packages without a service."""
DAYS = {"iso": "%Y-%m-%d", "day_first": "%d/%m/%Y"}
REASON = "Primary Support Reason"


@dataclass(frozen=True)
class ReturnMap:
    """What a council says of its own columns and words.

    ``columns``: by heading of the return the column of packages.csv. ``words``: by heading the council's words with those of the
    return. ``services``: by the word of a package's service its service type and component.
    """

    la_code: str = ""
    days: str = DAYS["iso"]
    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    services: Mapping[str, tuple[str, str]] = field(default_factory=lambda: {"": (COMMUNITY, HOME_SUPPORT)})

    def told(self, heading: str, cell: str) -> str:
        """A cell of the council's in the words of the return; empty where the map has a table of words without it."""
        words = self.words.get(heading)
        return cell if words is None else words.get(cell, "")


def read_return_map(path: Path, own_columns: Collection[str]) -> ReturnMap:
    """The map. ``own_columns``: the council's own columns of packages.csv. Raises ``InputRefusedError`` with every fault."""
    findings = Findings()
    table = read_toml(path.parent, path.name, findings)
    made = _Reader(path.name, table or {}, findings).map(own_columns)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return made


class _Reader:
    def __init__(self, file: str, table: Mapping[str, Any], findings: Findings) -> None:
        self._file, self._table, self._findings = file, table, findings

    def _wrong(self, where: str, expected: str, found: object = "", code: Code = Code.WRONG_SETTING) -> None:
        self._findings.fault(self._file, 0, where, expected, in_words(found), code=code)

    def map(self, own_columns: Collection[str]) -> ReturnMap:
        known = ("la_code", "dates", "columns", "words", "services")
        for name in self._table.keys() - set(known):
            self._wrong(name, f"one of {', '.join(known)}", name, Code.UNKNOWN_SETTING)
        dates = self._table.get("dates", "iso")
        if dates not in list(DAYS):  # a list or a table of TOML has no place in a mapping
            self._wrong("dates", " or ".join(DAYS), dates)
        la_code = self._table.get("la_code", "")
        if not isinstance(la_code, str):
            self._wrong("la_code", "a text", la_code)
        return ReturnMap(
            str(la_code),
            DAYS.get(str(dates), ""),
            self._columns(own_columns),
            self._words(),
            self._services(),
        )

    def _texts(self, where: str, table: Any) -> dict[str, str]:
        if not isinstance(table, dict):
            self._wrong(where, "a table", table)
            return {}
        for name, value in table.items():
            if not isinstance(value, str):
                self._wrong(f"{where}.{name}", "a text", value)
        return {name: value for name, value in table.items() if isinstance(value, str)}

    def _columns(self, own_columns: Collection[str]) -> dict[str, str]:
        found = self._texts("columns", self._table.get("columns", {}))
        for heading, column in found.items():
            if heading not in OF_THE_COUNCIL:
                self._wrong(f"columns.{heading}", f"one of {', '.join(OF_THE_COUNCIL)}", heading, Code.UNKNOWN_SETTING)
            if column not in own_columns:
                there = ", ".join(sorted(own_columns)) or "none"
                self._wrong(f"columns.{heading}", f"a column of your own in packages.csv ({there})", column, Code.UNKNOWN_ID)
        return found

    def _words(self) -> dict[str, dict[str, str]]:
        table = self._table.get("words", {})
        if not isinstance(table, dict):
            self._wrong("words", "a table", table)
            return {}
        found = {heading: self._texts(f"words.{heading}", words) for heading, words in table.items()}
        for heading in found.keys() - set(OF_THE_COUNCIL):
            self._wrong(f"words.{heading}", f"one of {', '.join(OF_THE_COUNCIL)}", heading, Code.UNKNOWN_SETTING)
        for own, word in found.get(REASON, {}).items():
            if word not in SUPPORT_REASONS:
                self._wrong(f"words.{REASON}.{own}", f"one of {'; '.join(SUPPORT_REASONS)}", word, Code.UNKNOWN_WORD)
        return found

    def _services(self) -> dict[str, tuple[str, str]]:
        table = self._table.get("services", {})
        found = {"": (COMMUNITY, HOME_SUPPORT)}
        if not isinstance(table, dict):
            self._wrong("services", "a table", table)
            return found
        pairs = [[kind, component] for kind in SERVICE_TYPES for component in SERVICE_COMPONENTS]
        for service, pair in table.items():
            if pair not in pairs:
                kinds = f"one of {'; '.join(SERVICE_TYPES)}, and one of {'; '.join(SERVICE_COMPONENTS)}"
                self._wrong(f"services.{service}", f"a list of two: {kinds}", pair, Code.UNKNOWN_WORD)
            else:
                found["" if service == HOME_CARE else service] = (pair[0], pair[1])
        return found
