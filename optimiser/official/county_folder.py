"""What official files say as a snapshot folder: valid as it is made, with what it was made of and what was left out beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from optimiser.domain.policy import Policy
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import snapshot_files
from optimiser.io.folders import pretty
from optimiser.io.reading import read_snapshot
from optimiser.io.spreadsheets import spreadsheet
from optimiser.official.county_of_files import LEFT_OUT, Official, OfficialFiles
from optimiser.official.notices import NOTICES

SOURCES, MISSING, LOTS = "sources.json", "left-out.csv", "notices.csv"


def new_snapshot(found: Official, files: OfficialFiles, title: str) -> Snapshot:
    """A county in which nobody has care or a contract yet: those are the council's to add."""
    return Snapshot(
        as_of=files.as_of,
        title=title,
        policy=Policy(),
        areas=found.areas,
        surgeries=found.surgeries,
        providers=found.providers,
        offices=found.offices,
        contracts=(),
        restrictions=(),
        packages=(),
        visits=(),
        rounds=(),
        offers=(),
        locations=found.locations,
        extra={"providers": found.own},
    )


def folder_files(snapshot: Snapshot, found: Official, told: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Every file of the folder. ``told``: what a refresh has changed. Raises ``InputRefusedError`` where it is no snapshot."""
    files = snapshot_files(snapshot)
    _refuse_what_cannot_be_read(files)
    record: dict[str, Any] = {"sources": list(found.sources), "changes": list(told)}
    files |= {SOURCES: pretty(record), MISSING: spreadsheet(LEFT_OUT, found.left_out)}
    return files | ({LOTS: spreadsheet(NOTICES, found.notices)} if found.notices else {})


def _refuse_what_cannot_be_read(files: Mapping[str, bytes]) -> None:
    """The strict reader is the judge, before anything is written where it was asked for."""
    with tempfile.TemporaryDirectory(prefix="county-") as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        read_snapshot(Path(folder))
