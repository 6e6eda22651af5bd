"""Which area goes to which new council, as a file: read whole or refused whole."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import Column, identifier
from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.splitting.parts_of_a_county import PART_OF

COUNCILS = (Column("area_id", identifier), Column("council", identifier))


def read_councils(path: Path, snapshot: Snapshot) -> dict[str, str]:
    """Per area its council. Every area of the snapshot stands there once. Raises ``InputRefusedError`` with every fault."""
    findings, found = Findings(), dict[str, str]()
    known = {area.area_id for area in snapshot.areas}
    spelt: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_table(path.parent, path.name, COUNCILS, findings):
        area_id, council = row.values
        if area_id not in known:
            findings.fault(path.name, row.line, "area_id", "an area of areas.geojson", area_id)
        if area_id in found:
            findings.fault(path.name, row.line, "area_id", "each area once", area_id)
        if council.startswith(".") or any(each in council for each in ("/", "\\", PART_OF.strip())):
            expected = f"a name that a folder can have, without slashes, a dot in front, and '{PART_OF.strip()}'"
            findings.fault(path.name, row.line, "council", expected, council)
        found[area_id] = council
        spelt[council.casefold()].add(council)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    for area_id in sorted(known - found.keys()):
        findings.fault(path.name, 0, "area_id", "a line for every area of the snapshot", f"none for {area_id}")
    for names in spelt.values():
        if len(names) > 1:
            findings.fault(path.name, 0, "council", "each council spelt in one way", " and ".join(sorted(names)))
    if len(spelt) == 1:
        findings.fault(path.name, 0, "council", "at least two councils", *spelt)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return found
