"""The check of a week of rounds: plain records against the snapshot, the settings and travel times asked anew.

It imports nothing of what builds rounds. Every fault is a sentence that names round, day and visit, never a place.
"""

from __future__ import annotations

from optimiser.rounds.check.checked_case import Case, Run
from optimiser.rounds.check.day_runs import meetings, run_faults, ways
from optimiser.rounds.check.served import references, served
from optimiser.rounds.check.weeks import check_evenness, steady, weeks

__all__ = ["Case", "Run", "check", "check_evenness"]


def check(case: Case) -> list[str]:
    """Everything that is wrong with a plan; empty: every rule holds."""
    nowhere = list(references(case))
    if nowhere:
        return nowhere
    faults = [*served(case), *ways(case), *meetings(case), *weeks(case), *steady(case)]
    for (round_id, day), visits in sorted(case.runs.items()):
        faults += [f"{round_id}, {day}: {fault}" for fault in run_faults(case, case.staffing(round_id), round_id, visits)]
    return faults
