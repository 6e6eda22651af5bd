"""A scenario file: read whole or refused whole, with every fault."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.county.succession import Succession
from optimiser.domain.accounts import ROUNDINGS
from optimiser.domain.records import TIERS, Contract, Restriction
from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import BadCellError, Parse, date, decimal, identifier, one_of, optional, pence, text, whole
from optimiser.io.faults import Findings, InputRefusedError, in_words
from optimiser.io.toml import read_toml
from optimiser.whatif.compare.problem import Billing, MoreDischarges, Scenario

KINDS: Mapping[str, Mapping[str, Parse]] = {
    "restrict": {
        "provider_id": identifier,
        "area_id": optional(identifier, ""),
        "kind": one_of("no_new_work", "capped"),
        "new_hours_4w": optional(decimal(0, 1_000_000)),
    },
    "contract": {
        "contract_id": identifier,
        "max_hours_4w": decimal(0, 1_000_000),
        "guarantee": decimal(0, 1),
        "rate_band_1": pence,
        "rate_band_2": pence,
        "rate_band_3": pence,
        "starts": date,
        "ends": date,
    },
    "go_live": {"area_id": identifier, "date": date},
    "framework": {
        "provider_id": identifier,
        "area_id": identifier,
        "max_hours_4w": decimal(0, 1_000_000),
        "rate_band_1": pence,
        "rate_band_2": optional(pence),
        "rate_band_3": optional(pence),
    },
    "discharges": {"area_id": identifier, "per_week": whole(1, 1000)},
    "billing": {
        "increment_minutes": whole(1, 60),
        "rounding": one_of(*ROUNDINGS),
        "contract_id": identifier,
        "tier": one_of(*TIERS),
    },
}
"""Per kind of patch: its keys and how a value is read, as in the files of a snapshot."""
REQUIRED = {
    "restrict": ("provider_id",),
    "contract": ("contract_id",),
    "go_live": ("area_id", "date"),
    "framework": ("provider_id", "area_id", "max_hours_4w", "rate_band_1"),
    "discharges": ("area_id", "per_week"),
    "billing": (),
}

ONCE = {"contract": "contract_id", "go_live": "area_id", "discharges": "area_id"}
"""Kinds of which a record may be named once, and by what."""


def read_scenario(path: Path, snapshot: Snapshot) -> Scenario:
    """Raises ``InputRefusedError`` with every fault of the file."""
    findings = Findings()
    table = read_toml(path.parent, path.name, findings)
    scenario = Scenario(path.stem) if table is None else _Reader(path.name, snapshot, findings).scenario(table, path.stem)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return scenario


def scenario_of(table: Mapping[str, Any], name: str, snapshot: Snapshot) -> Scenario:
    """The same of a table that was read elsewhere, with its dates and decimals. Raises ``InputRefusedError`` with every fault.

    ``name``: what it is called where it has no title, and in its faults.
    """
    findings = Findings()
    scenario = _Reader(name, snapshot, findings).scenario(dict(table), name)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return scenario


class _Reader:
    """One file against one snapshot."""

    def __init__(self, file: str, snapshot: Snapshot, findings: Findings) -> None:
        self._file, self._snapshot, self._findings = file, snapshot, findings
        self._as_of = snapshot.as_of
        self._succession = Succession.of(snapshot.contracts)
        self._known = {
            "provider_id": {provider.provider_id for provider in snapshot.providers},
            "area_id": {area.area_id for area in snapshot.areas},
            "contract_id": {contract.contract_id for contract in snapshot.contracts},
        }

    def scenario(self, table: dict[str, Any], stem: str) -> Scenario:
        title = table.get("title", stem)
        if not isinstance(title, str):
            self._fault("title", "a text", in_words(title))
            title = stem
        self._as_of = self._day(table.get("as_of", self._snapshot.as_of))
        for name in sorted(set(table) - {"title", "as_of", *KINDS}):
            self._fault(name, f"title or one of {', '.join(f'[[{kind}]]' for kind in KINDS)}", name)
        patches = {kind: self._patches(kind, table.get(kind, [])) for kind in KINDS}
        for kind, name in ONCE.items():
            self._once(kind, name, patches[kind])
        self._lived_in(patches["discharges"])
        if not any(table.get(kind) for kind in ("as_of", *KINDS)):
            self._fault("", f"at least one change: as_of, {', '.join(f'[[{kind}]]' for kind in KINDS)}")
        changes = tuple(self._change(patch) for patch in patches["contract"])
        self._fit(changes)
        return Scenario(
            text(title),
            self._as_of,
            tuple(self._restriction(number, patch) for number, patch in enumerate(patches["restrict"], 1)),
            changes,
            tuple((patch["area_id"], patch["date"]) for patch in patches["go_live"]),
            tuple(self._framework(number, patch) for number, patch in enumerate(patches["framework"], 1)),
            tuple(MoreDischarges(patch["area_id"], patch["per_week"]) for patch in patches["discharges"]),
            self._billing(patches["billing"]),
        )

    def _day(self, value: Any) -> dt.date:
        """The day that the scenario is of: what is past is not played again."""
        today = self._snapshot.as_of
        day = self._value("as_of", date, value)
        if day is not None and day < today:
            self._fault("as_of", f"a date from {today}, the snapshot's own, on", str(day))
        return today if day is None else max(day, today)

    def _fault(self, where: str, expected: str, found: str = "") -> None:
        self._findings.fault(self._file, 0, where, expected, found)

    def _patches(self, kind: str, tables: Any) -> list[dict[str, Any]]:
        """The good patches of a kind; every other has its faults."""
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._fault(kind, f"tables headed [[{kind}]]", in_words(tables))
            return []
        return [patch for n, table in enumerate(tables, 1) if (patch := self._patch(kind, f"{kind} {n}", table)) is not None]

    def _patch(self, kind: str, where: str, table: dict[str, Any]) -> dict[str, Any] | None:
        before = len(self._findings.faults)
        keys = KINDS[kind]
        for name in sorted(set(table) - set(keys)):
            self._fault(f"{where}.{name}", f"one of {', '.join(keys)}", name)
        for name in REQUIRED[kind]:
            if name not in table:
                self._fault(f"{where}.{name}", "a value", "nothing")
        patch = {name: self._value(f"{where}.{name}", keys[name], table[name]) for name in keys if name in table}
        for name, known in self._known.items():
            if patch.get(name) and patch[name] not in known:
                self._fault(f"{where}.{name}", f"a {name} of the snapshot", str(patch[name]))
        of_today = kind != "billing" and patch.get("contract_id")  # recorded visits may be of an earlier contract
        after = self._succession.named_instead(patch["contract_id"], self._as_of) if of_today else None
        if after is not None:
            self._fault(f"{where}.contract_id", f"{after}, which has taken over from this contract", patch["contract_id"])
        if kind == "contract" and "contract_id" in table and len(table) == 1:
            self._fault(where, f"something to change: {', '.join(name for name in keys if name != 'contract_id')}")
        if kind == "restrict" and (patch.get("kind") == "capped") != (patch.get("new_hours_4w") is not None):
            self._fault(f"{where}.new_hours_4w", "a value where the kind is capped, and only there")
        return patch if len(self._findings.faults) == before else None

    def _fit(self, changes: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """No contract ends before it starts, and no area has two principals on the scenario's date."""
        contracts = {contract.contract_id: contract for contract in self._snapshot.contracts}
        for contract_id, fields in changes:
            made = contracts[contract_id] = replace(contracts[contract_id], **fields)
            if made.starts and made.ends and made.ends < made.starts:
                self._fault(f"contract {contract_id}.ends", f"a date not before starts ({made.starts})", str(made.ends))
        as_of = self._as_of
        held = Counter(c.area_id for c in contracts.values() if c.tier == "principal" and c.in_force(as_of))
        for area_id in sorted(area_id for area_id, count in held.items() if count > 1):
            self._fault("contract", f"one principal contract in force in area {area_id} on {as_of}", str(held[area_id]))

    def _value(self, where: str, parse: Callable[[str], Any], value: Any) -> Any:
        """A TOML value, read as the same value in a cell would be."""
        plain = isinstance(value, str | int | Decimal | dt.date) and not isinstance(value, bool | dt.datetime)
        try:
            return parse(f"{value:f}" if isinstance(value, Decimal) else in_words(value)) if plain else parse("\0")
        except BadCellError as error:
            self._fault(where, error.expected, in_words(value))
        return None

    def _restriction(self, number: int, patch: Mapping[str, Any]) -> Restriction:
        today = self._as_of
        name = f"SCENARIO-{number:02}-{patch['provider_id']}"
        kind = patch.get("kind", "no_new_work")
        return Restriction(
            name, patch["provider_id"], patch.get("area_id", ""), today, None, kind, patch.get("new_hours_4w"), "scenario"
        )

    def _change(self, patch: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        record = next(c for c in self._snapshot.contracts if c.contract_id == patch["contract_id"])
        rates = tuple(patch.get(f"rate_band_{band}", record.rates_pence[band - 1]) for band in (1, 2, 3))
        fields = {name: patch[name] for name in ("max_hours_4w", "guarantee", "starts", "ends") if name in patch}
        return record.contract_id, {**fields, "rates_pence": rates}

    def _framework(self, number: int, patch: Mapping[str, Any]) -> Contract:
        first = patch["rate_band_1"]
        rates = (first, patch.get("rate_band_2") or first, patch.get("rate_band_3") or first)
        name = f"SCENARIO-{number:02}-{patch['provider_id']}"
        while name in self._known["contract_id"]:
            name += "-X"
        return Contract(
            name,
            patch["provider_id"],
            "framework",
            patch["area_id"],
            None,
            None,
            patch["max_hours_4w"],
            Fraction(0),
            rates,
            (),
            None,
        )

    def _billing(self, patches: list[dict[str, Any]]) -> tuple[Billing, ...]:
        """Each for a contract, a tier or all, once: two would leave open which counts."""
        found = [Billing(**patch) for patch in patches]
        for number, each in enumerate(found, 1):
            if each.increment_minutes is None and each.rounding is None:
                self._fault(f"billing {number}", "something to change: increment_minutes, rounding")
            if each.contract_id and each.tier:
                self._fault(f"billing {number}.tier", "a contract_id or a tier, not both", each.tier)
        for (contract_id, tier), count in sorted(Counter((each.contract_id, each.tier) for each in found).items()):
            if count > 1:
                self._fault("billing", "each contract, each tier and all of them once", contract_id or tier or "all")
        return tuple(found)

    def _once(self, kind: str, name: str, patches: list[dict[str, Any]]) -> None:
        """Two patches of one record would leave open which counts."""
        for value, count in sorted(Counter(patch[name] for patch in patches).items()):
            if count > 1:
                self._fault(f"{kind}.{name}", "each one once", value)

    def _lived_in(self, patches: list[dict[str, Any]]) -> None:
        """Invented people live where people of the area live: there has to be somebody."""
        areas = {package.area_id for package in self._snapshot.packages}
        for patch in patches:
            if patch["area_id"] not in areas:
                self._fault("discharges.area_id", "an area in which somebody has or needs care", patch["area_id"])
