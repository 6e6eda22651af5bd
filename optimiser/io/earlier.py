"""An earlier transfer plan, read back from its folder: where each round was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from optimiser.io.cells import Column, date, identifier, one_of, optional
from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.spreadsheets import unescaping

FILE = "transfers.csv"
COLUMNS = (
    Column("round_id", unescaping(identifier)),
    Column("decision", one_of("transfer", "stay")),
    Column("date", optional(date)),
)


def read_earlier(folder: Path) -> dict[str, dt.date | None]:
    """Per round the day that it was to move on; None for one that was to stay. Raises ``InputRefusedError``."""
    findings = Findings()
    found: dict[str, dt.date | None] = {}
    for row in read_table(folder, FILE, COLUMNS, findings):
        round_id, decision, day = row.values
        if round_id in found:
            findings.fault(FILE, row.line, "round_id", "each round once", round_id)
        if (decision == "transfer") != (day is not None):
            findings.fault(FILE, row.line, "date", "a date where the decision is transfer, and none otherwise")
        found[round_id] = day
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return found
