"""A snapshot: everything known on one date. Records are sorted by their ids, so the order of rows never matters."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from optimiser.domain.person_records import Answer, Decision, Meanwhile
from optimiser.domain.policy import (
    EnhancedSettings,
    MeanwhileSettings,
    Policy,
    ProcurementSettings,
    QualitySettings,
    TransferPolicy,
)
from optimiser.domain.records import (
    LATER,
    Area,
    Contract,
    Location,
    Offer,
    Office,
    Package,
    Provider,
    Rate,
    Restriction,
    Round,
    Surgery,
    Visit,
)

PROCUREMENT_DEFAULTS = ProcurementSettings()
QUALITY_DEFAULTS = QualitySettings()
MEANWHILE_DEFAULTS = MeanwhileSettings()
ENHANCED_DEFAULTS = EnhancedSettings()
OWN_TABLES = ("procurement", "quality", "meanwhile_settings", "enhanced")
"""Settings in a table of their own: beside the facts in a digest where any has not its default."""
TRANSFER_DEFAULTS = TransferPolicy()
BESIDE = {"beside": True}
"""Marks what is kept beside the facts: the digest does not depend on it, and no allocation does."""


@dataclass(frozen=True, slots=True)
class OwnColumns:
    """A table's columns that the format does not know, such as a council's own line ids: kept, and never read by a rule."""

    columns: tuple[str, ...]
    """Their headings, in the order of the file."""
    cells: Mapping[str, Mapping[str, str]]
    """By the id of a record its cells by heading, those that are not empty."""

    def __repr__(self) -> str:
        return f"<OwnColumns, {len(self.columns)} of them>"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All records of a county on ``as_of``. ``io.reading`` makes one from a folder, or refuses it."""

    as_of: dt.date
    title: str
    policy: Policy
    areas: tuple[Area, ...]
    surgeries: tuple[Surgery, ...]
    providers: tuple[Provider, ...]
    offices: tuple[Office, ...]
    contracts: tuple[Contract, ...]
    restrictions: tuple[Restriction, ...]
    packages: tuple[Package, ...]
    visits: tuple[Visit, ...]
    rounds: tuple[Round, ...]
    offers: tuple[Offer, ...]
    rates: tuple[Rate, ...] = field(default=(), metadata=LATER)
    """Prices that change on a day."""
    reserve_areas: tuple[str, ...] = field(default=(), metadata=LATER)
    """Where an emergency is declared, so that reserve contracts may be asked."""
    procurement: ProcurementSettings = field(default=PROCUREMENT_DEFAULTS, metadata=LATER)
    """How long it takes to buy care anew: told ahead, and used by no rule."""
    quality: QualitySettings = field(default=QUALITY_DEFAULTS, metadata=LATER)
    """How long the steps of an assessment may take, and who is turned to: told ahead, and used by no rule."""
    meanwhile_settings: MeanwhileSettings = field(default=MEANWHILE_DEFAULTS, metadata=LATER)
    """How often whoever waits is checked, and how soon somebody chooses where nobody can be asked: used by no rule."""
    enhanced: EnhancedSettings = field(default=ENHANCED_DEFAULTS, metadata=LATER)
    """The clock of enhanced home support: used by no rule."""
    locations: tuple[Location, ...] = field(default=(), metadata=LATER)
    """What CQC rates of a provider, where that is known."""
    meanwhile: tuple[Meanwhile, ...] = field(default=(), metadata=LATER)
    """How people who wait are safe until care begins."""
    decisions: tuple[Decision, ...] = field(default=(), metadata=LATER)
    """Of social workers, each about one move."""
    answers: tuple[Answer, ...] = field(default=(), metadata=LATER)
    """What people said to care from a provider."""
    transfer: TransferPolicy = field(default=TRANSFER_DEFAULTS, metadata=BESIDE)
    """What is set for a transfer plan, which says its settings itself."""
    extra: Mapping[str, OwnColumns] = field(default_factory=dict, metadata=BESIDE)
    """By kind (``areas``, ``packages``, …) what stands in columns or properties of a council's own; a kind without is absent."""

    def __repr__(self) -> str:
        return (
            f"<Snapshot {self.title!r} of {self.as_of}: {len(self.packages)} packages,"
            f" {len(self.providers)} providers, {len(self.contracts)} contracts>"
        )

    def digest(self) -> str:
        """SHA-256 of the canonical content: equal for equal facts, whatever the order of rows."""
        default = {part.name: part.default for part in fields(self) if part.name in OWN_TABLES}
        others = [settings_text(given) for name in OWN_TABLES if (given := getattr(self, name)) != default[name]]
        sha = hashlib.sha256(_column([self.as_of, self.title, settings_text(self.policy), *others]))
        for part in fields(self)[3:]:
            if part.metadata == BESIDE:
                continue
            records = getattr(self, part.name)
            if part.name in OWN_TABLES or (part.metadata == LATER and not records):
                continue
            sha.update(_column([part.name, len(records)]))
            for values in _columns_of(records):
                sha.update(_column(values))
        return sha.hexdigest()


def settings_text(table: Policy | ProcurementSettings | QualitySettings | MeanwhileSettings | EnhancedSettings) -> str:
    """All settings of a table as a text, but for later ones that have their defaults."""
    told = [part for part in fields(table) if part.metadata != LATER or getattr(table, part.name) != part.default]
    return f"{type(table).__name__}({', '.join(f'{part.name}={getattr(table, part.name)!r}' for part in told)})"


def _columns_of(records: tuple[Any, ...]) -> Iterator[list[Any]]:
    """The values of records, column by column; what the format did not always have only where somebody uses it."""
    if records and isinstance(records[0], str):
        yield list(records)
        return
    for column in fields(records[0]) if records else ():
        values = [getattr(record, column.name) for record in records]
        if column.metadata != LATER or values.count(column.default) < len(values):
            yield values


def _column(values: list[Any]) -> bytes:
    """Values of one kind as bytes: the length of each, then each, so that no text can pass for two."""
    kind = next((type(value) for value in values if value is not None), None)
    texts = list(map(_TEXTS.get(kind, str), values))
    return f"{','.join(map(str, map(len, texts)))}:{''.join(texts)}\n".encode()


def _list(values: tuple[Any, ...]) -> str:
    return "".join([f"{len(text)}:{text}" for text in map(str, values)])


def _outline(geometry: dict[str, Any] | None) -> str:
    """The kind of an outline with its longitudes and latitudes, whatever else it may hold."""
    return f"{geometry['type']} {_degrees(geometry['coordinates'])}" if geometry else str(geometry)


def _degrees(coordinates: list[Any]) -> list[Any]:
    if coordinates and not isinstance(coordinates[0], list):
        return [float(number) for number in coordinates[:2]]
    return [_degrees(each) for each in coordinates]


_TEXTS: dict[type | None, Callable[[Any], str]] = {tuple: _list, dict: _outline}
"""How a value becomes a text where ``str`` does not give the same one everywhere."""
