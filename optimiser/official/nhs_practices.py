"""GP practices and their branches (NHS ODS ``epraccur``, ``ebranchs``), and which PCN each belongs to (``ePCN``).

Practices and branches are published as CSV without headings, which people keep as workbooks too; what changed between releases is
how a status and a prescribing setting are written.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from optimiser.domain.records import covers
from optimiser.io.faults import Findings
from optimiser.official.published_tables import (
    Layout,
    PublishedTable,
    Record,
    day_of,
    lines_of,
    published_tables,
    records_of,
    refuse_unknown,
)

LICENCE = "Open Government Licence v3.0; NHS England (ODS)"
COLUMNS = 27
"""Of both kinds; a surplus empty one at the end is no matter."""
LEAST_OF_A_SHEET = 15
"""So many are there in a workbook, in which those at the end stand only where any line has something in them."""
PRACTICE, BRANCH = re.compile(r"[A-Z]\d{5}"), re.compile(r"[A-Z]\d{8}")
STATUS = {"A": True, "ACTIVE": True, "C": False, "CLOSED": False, "D": False, "DORMANT": False, "P": False, "PROPOSED": False}
"""Whether a practice sees patients, in the words of 2023 and of 2026."""
GP_PRACTICE = {"4", "RO76"}
"""The prescribing setting of a GP practice, in either; others are clinics, homes and services."""
EXPECTED = (
    f"GP practices or branches of NHS ODS (epraccur, ebranchs: {COLUMNS} columns without headings, the first a code such as"
    " D82001, the tenth a postcode)"
)
MEMBERS = Layout(
    "PCN Core Partner Details of NHS ODS (ePCN)",
    {
        "practice": ("Partner Organisation Code",),
        "practice_name": ("Partner Name",),
        "pcn": ("PCN Code",),
        "pcn_name": ("PCN Name",),
        "commissioner": ("PCN Parent Sub ICB Loc Code", "PCN Parent CCG Code"),
        "commissioner_name": ("PCN Parent Sub ICB Loc Name", "PCN Parent CCG Name"),
        "starts": ("Practice to PCN Relationship Start Date",),
        "ends": ("Practice to PCN Relationship End Date",),
    },
)


@dataclass(frozen=True)
class Practice:
    """``parent``: of a branch its practice; of a practice itself."""

    code: str
    name: str
    postcode: str
    parent: str

    @property
    def is_branch(self) -> bool:
        return self.code != self.parent


@dataclass(frozen=True)
class Membership:
    """A practice in a PCN, half-open. ``commissioner``: the code of the sub ICB location (once the CCG)."""

    practice: str
    pcn: str
    pcn_name: str
    commissioner: str
    commissioner_name: str
    starts: dt.date | None
    ends: dt.date | None


def read_practices(path: Path, as_of: dt.date, findings: Findings) -> list[Practice]:
    """Those of a file that see patients on a day: practices, or branches; what is wrong is in ``findings``."""
    tables = published_tables(path, findings)
    rows = list(lines_of(list(map(_whole, tables))))
    codes = [cells[0].strip() for _, _, cells in rows if len(cells) >= COLUMNS]
    if not tables or not rows or len(codes) < len(rows) or not all(PRACTICE.fullmatch(c) or BRANCH.fullmatch(c) for c in codes):
        if tables:
            refuse_unknown(path, tables, [EXPECTED], findings)
        return []
    found = []
    for where, line, cells in rows:
        code, name, postcode = cells[0].strip(), cells[1].strip(), cells[9].strip()
        opened, closed = day_of(cells[10]), day_of(cells[11])
        if (cells[10].strip() and opened is None) or (cells[11].strip() and closed is None):
            findings.fault(where, line, "columns 11 and 12", "dates such as 20191001, or empty", f"{cells[10]}, {cells[11]}")
            continue
        if not covers(opened, closed, as_of):
            continue
        if BRANCH.fullmatch(code):
            found.append(Practice(code, name, postcode, cells[14].strip() or code[:6]))
        elif cells[12].strip().upper() not in STATUS:
            findings.fault(where, line, "column 13", f"a status: {', '.join(STATUS)}", cells[12])
        elif STATUS[cells[12].strip().upper()] and not GP_PRACTICE.isdisjoint(re.split(r"[|;]", cells[25].strip())):
            found.append(Practice(code, name, postcode, code))
    return found


def _whole(table: PublishedTable) -> PublishedTable:
    """A sheet with the empty cells at the end of its rows."""
    if not table.is_sheet:
        return table
    rows = [
        (line, [*cells, *[""] * (COLUMNS - len(cells))] if len(cells) >= LEAST_OF_A_SHEET else cells)
        for line, cells in table.rows
        if any(map(str.strip, cells))
    ]
    return PublishedTable(table.where, rows, is_sheet=True)


def read_memberships(path: Path, findings: Findings) -> list[Membership]:
    """Every membership of a file, past ones too; what is wrong is in ``findings``."""
    tables = published_tables(path, findings)
    records = records_of(tables, MEMBERS)
    if records is None:
        if tables:
            refuse_unknown(path, tables, [MEMBERS.expected], findings)
        return []
    return [made for record in records if (made := _membership(record, findings)) is not None]


def _membership(record: Record, findings: Findings) -> Membership | None:
    days = {}
    for what in ("starts", "ends"):
        days[what] = day_of(record[what])
        if record[what] and days[what] is None:
            findings.fault(
                record.where, record.line, MEMBERS.headings[what][0], "a date such as 20191001, or empty", record[what]
            )
            return None
    if not record["practice"] or not record["pcn"]:
        findings.fault(record.where, record.line, "", "the codes of a practice and of its PCN", record["practice"] or "none")
        return None
    return Membership(
        record["practice"], record["pcn"], record["pcn_name"], record["commissioner"], record["commissioner_name"],
        days["starts"], days["ends"],
    )  # fmt: skip


def members_on(memberships: Iterable[Membership], day: dt.date) -> list[Membership]:
    """Those in force on a day."""
    return [each for each in memberships if covers(each.starts, each.ends, day)]
