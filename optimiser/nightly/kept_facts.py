"""The facts that a report is kept with, so that the next one can say what has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from optimiser.domain.records import LATER, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.io.folders import pretty
from optimiser.nightly.passed_over import NIGHTS, NOBODY

FACTS_FORMAT = "1"
FACTS_FILE = "facts.json"
PUBLIC = ("areas", "providers", "contracts", "restrictions")
"""Kinds of record that tell of no person: kept whole. Of a package only what a change is told by is kept."""
_IDS = {"areas": "area_id", "providers": "provider_id", "contracts": "contract_id", "restrictions": "restriction_id"}


def facts_of(
    snapshot: Snapshot, made_from: dict[str, Any], *, complete: bool, passed_over: Mapping[str, int] = NOBODY
) -> dict[str, Any]:
    """What ``facts.json`` holds. ``made_from``: everything that the report depends on; equal, it would be the same report.

    ``passed_over``: per package how many nights it could have been placed and was not.
    """
    return {
        "format": FACTS_FORMAT,
        "as_of": str(snapshot.as_of),
        "made_from": made_from,
        "complete": complete,
        NIGHTS: dict(passed_over),
        "packages": {package.package_id: _package(package) for package in snapshot.packages},
        **{kind: _public(getattr(snapshot, kind), _IDS[kind]) for kind in PUBLIC},
    }


def facts_file(facts: dict[str, Any]) -> bytes:
    return pretty(facts)


def read_facts(report: Path | None) -> dict[str, Any] | None:
    """The facts of an earlier report; None where there is none that this version can read."""
    if report is None:
        return None
    try:
        facts = json.loads((report / FACTS_FILE).read_bytes())
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) and facts.get("format") == FACTS_FORMAT else None


def _public(records: Any, id_name: str) -> dict[str, dict[str, str]]:
    return {
        getattr(record, id_name): {name: _text(getattr(record, name)) for name in _told_of(record) if name != id_name}
        for record in records
    }


def _package(package: Package) -> dict[str, str]:
    """Who delivers it and how far it is; of everything else only whether it is the same, as a digest."""
    told = ("package_id", "status", "contract_id", "priority", "start_by")
    rest = [_text(getattr(package, name)) for name in _told_of(package) if name not in told]
    return {
        "status": package.status,
        "contract_id": package.contract_id,
        "priority": package.priority,
        "start_by": _text(package.start_by),
        "rest": hashlib.sha256(json.dumps(rest).encode()).hexdigest()[:16],
    }


def _told_of(record: Any) -> list[str]:
    """The fields of a record; of those that the format did not always have the ones in use, so that old facts compare.

    What a short form of the record leaves out is left out here too: outlines, and whom the council alone writes to or rings.
    """
    return [part.name for part in fields(record) if part.repr and (part.metadata != LATER or getattr(record, part.name))]


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
