"""All files of a transfer plan as bytes, checked as they are: nothing that the check does not confirm is handed on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from optimiser.io.folders import pretty
from optimiser.io.spreadsheets import spreadsheet
from optimiser.transferring import tables
from optimiser.transferring.check import check
from optimiser.transferring.frontier import FRONTIER, Point
from optimiser.transferring.letters import Letter, letter_of
from optimiser.transferring.letters_as_asked import post_files
from optimiser.transferring.letters_in_formats import files_in_formats
from optimiser.transferring.page import page
from optimiser.transferring.result_file import result_record
from optimiser.transferring.transfer_plan import TransferPlan


class PlanNotConfirmedError(Exception):
    """The check does not confirm a plan: a defect of this software, never of the input."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults[:20]))


def letters(plan: TransferPlan) -> list[Letter]:
    """The letters to people with running care in a candidate round, in the order of their references."""
    found = (
        letter_of(plan, index, package)
        for index in tables.listed(plan)
        for package in tables.persons(plan, index)
        if plan.county.packages[package].contract_id
    )
    return sorted((letter for letter in found if letter is not None), key=lambda letter: letter.package_id)


def checked_files(plan: TransferPlan, record: Mapping[str, Any], *, name_blockers: bool = False) -> dict[str, bytes]:
    """The tables and the record (``result_record``), which the check reads. Raises ``PlanNotConfirmedError``."""
    files = {
        "transfers.csv": spreadsheet(tables.TRANSFERS, tables.transfer_rows(plan)),
        "people.csv": spreadsheet(tables.PEOPLE, tables.people_rows(plan, name_blockers=name_blockers)),
        "impact.csv": spreadsheet(tables.IMPACT, tables.impact_rows(plan)),
        "waves.csv": spreadsheet(tables.WAVES, tables.wave_rows(plan)),
        "result.json": pretty(dict(record)),
    }
    faults = check(
        plan.county.snapshot,
        plan.policy,
        plan.known,
        [plan.targets[area].area_id for area in plan.areas],
        files,
        {level.name: level.value for level in plan.levels},
        moved_before=plan.moved_before,
    )
    if faults:
        raise PlanNotConfirmedError(faults)
    return files


def verified_files(
    plan: TransferPlan,
    run: Mapping[str, Any],
    *,
    name_blockers: bool = False,
    frontier: Sequence[Point] = (),
    contact: str | None = None,
    forms: Collection[str] = (),
) -> dict[str, bytes]:
    """All files; ``contact``: whom letters name; ``forms``: what letters are made as beside their pages.

    Raises ``PlanNotConfirmedError`` when the check finds anything in them.
    """
    record = result_record(plan)
    files = checked_files(plan, record, name_blockers=name_blockers)
    files |= {
        "transfer.html": page(plan, record, frontier),
        **post_files(plan.county, letters(plan), contact),
        **files_in_formats(plan.county, letters(plan), forms, contact),
        "run.json": pretty(dict(run)),
    }
    if plan.policy.direct_payment_rate_pence is not None:
        files["direct-payments.csv"] = spreadsheet(tables.DIRECT_PAYMENTS, tables.direct_payment_rows(plan))
    if plan.changes is not None:
        files["differences.csv"] = spreadsheet(tables.CHANGES, tables.change_rows(plan))
    if frontier:
        files["frontier.csv"] = spreadsheet(FRONTIER, [point.row() for point in frontier])
    return files
