"""A scenario: a few records of a snapshot, changed or added. Read from TOML by ``reading``, applied by ``applying``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from optimiser.domain.records import Contract, Restriction


@dataclass(frozen=True)
class MoreDischarges:
    """So many more people a week from hospital in one area, all of one week waiting at once."""

    area_id: str
    per_week: int


@dataclass(frozen=True)
class Scenario:
    """What is different. Everything else is as in the snapshot."""

    title: str
    restrictions: tuple[Restriction, ...] = ()
    contract_changes: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """(contract id, the fields of ``Contract`` that change)."""
    go_lives: tuple[tuple[str, dt.date], ...] = ()
    new_contracts: tuple[Contract, ...] = ()
    discharges: tuple[MoreDischarges, ...] = ()
