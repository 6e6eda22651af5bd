"""Earlier accounts whose statements are closed, from the folders that they were written to."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from optimiser.accounting.adjustments import ClosedAccount
from optimiser.domain.accounts import Period
from optimiser.io.cells import Column, date, identifier, in_pence, text
from optimiser.io.csv_tables import read_table, read_text
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.spreadsheets import unescaping

OWN = ("visits_gbp", "late_cancellations_gbp", "retainers_gbp", "guarantee_adds_gbp", "incentives_gbp")
_pence = in_pence(None, None)
STATED = (Column("contract_id", unescaping(identifier)), *(Column(name, _pence) for name in OWN))
ADJUSTED = (Column("contract_id", unescaping(identifier)), Column("period_starts", date), Column("adjustment_gbp", _pence))
MADE_OF = (Column("actual_ids", unescaping(text)),)


def read_closed(folder: Path) -> ClosedAccount:
    """What the folder states. Raises ``InputRefusedError``."""
    findings = Findings()
    period = _period(folder, findings)
    own = {row.values[0]: sum(row.values[1:]) for row in read_table(folder, "statements.csv", STATED, findings)}
    adjusted = {
        (row.values[0], Period(row.values[1])): row.values[2] for row in read_table(folder, "adjustments.csv", ADJUSTED, findings)
    }
    lines = read_table(folder, "statement-lines.csv", MADE_OF, findings)
    if findings.faults or period is None:
        raise InputRefusedError(findings.faults)
    return ClosedAccount(period, own, adjusted, frozenset(each for row in lines for each in row.values[0].split(";")))


def _period(folder: Path, findings: Findings) -> Period | None:
    content = read_text(folder, "account.json", findings)
    if content is None:
        return None
    try:
        return Period(dt.date.fromisoformat(json.loads(content)["period_starts"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        findings.fault("account.json", 0, "period_starts", "the first day of a period, as an account writes it")
        return None
