"""How many patients of each practice live in each small area: NHS England's "Patients registered at a GP practice", by LSOA."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimiser.io.faults import Findings, InputRefusedError

HEADINGS = ("PUBLICATION", "EXTRACT_DATE", "PRACTICE_CODE", "PRACTICE_NAME", "LSOA_CODE", "SEX", "NUMBER_OF_PATIENTS")
"""Of ``gp-reg-pat-prac-lsoa-all.csv``; some releases write ``Number of Patients``."""
LICENCE = "Open Government Licence v3.0; NHS England"
MOST_FAULTS = 100
NO_AREA = "NO2011"
"""Patients whose address is in no small area are counted under this code."""


@dataclass(frozen=True)
class Registrations:
    """By code of a small area, by code of a practice, how many patients. ``extract_date``: as the file writes it."""

    patients: Mapping[str, Mapping[str, int]]
    extract_date: str


def read_registrations(path: Path) -> Registrations:
    """Reads the file for both sexes together. Raises ``InputRefusedError`` where it is another, with what was found."""
    findings = Findings()
    patients: dict[str, dict[str, int]] = {}
    dates: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            headings = [re.sub(r"\W+", "_", each.strip()).upper() for each in next(reader, [])]
            if headings != list(HEADINGS):
                findings.fault(path.name, 1, "", f"the headings {', '.join(HEADINGS)}", ", ".join(headings)[:200])
            else:
                _rows(reader, path.name, patients, dates, findings)
    except OSError as error:
        findings.fault(path.name, 0, "", "a readable file", error.strerror or "cannot be read")
    except (csv.Error, UnicodeDecodeError) as error:
        findings.fault(path.name, 0, "", "CSV in UTF-8", type(error).__name__)
    if not findings.faults and (not patients or len(dates) > 1):
        findings.fault(path.name, 0, "EXTRACT_DATE", "patients of one day", ", ".join(sorted(dates)) or "none")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return Registrations(patients, min(dates))


def _rows(reader: Any, file: str, patients: dict[str, dict[str, int]], dates: set[str], findings: Findings) -> None:
    seen: set[tuple[str, str, str]] = set()
    for cells in reader:
        if len(findings.faults) >= MOST_FAULTS:
            return
        if len(cells) != len(HEADINGS):
            findings.fault(file, reader.line_num, "", f"{len(HEADINGS)} cells", str(len(cells)))
            continue
        practice, small, sex, number = (cells[place].strip().upper() for place in (2, 4, 5, 6))
        if not number.isascii() or not number.isdigit():
            findings.fault(file, reader.line_num, "NUMBER_OF_PATIENTS", "a whole number", number)
        elif sex not in ("ALL", "MALE", "FEMALE"):
            findings.fault(file, reader.line_num, "SEX", "ALL, MALE or FEMALE", cells[5])
        elif (practice, small, sex) in seen:
            findings.fault(file, reader.line_num, "", "each practice and small area once", f"{practice}, {small} again")
        elif small != NO_AREA:
            seen.add((practice, small, sex))
            dates.add(cells[1].strip())
            by_practice = patients.setdefault(small, {})
            by_practice[practice] = by_practice.get(practice, 0) + int(number)
    sexes = {sex for *_, sex in seen}
    if "ALL" in sexes and len(sexes) > 1:
        findings.fault(file, 0, "SEX", "patients counted once: ALL, or MALE and FEMALE", ", ".join(sorted(sexes)))
