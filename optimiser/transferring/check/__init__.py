"""The independent check of a transfer: every hard rule again, from the snapshot's records and the files as they will be written.

Imports nothing of the model: not its calendar, its candidates, its judging nor its limits. The rules of the snapshot format are
judged by their check halves, person by person, on the wave's date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.check.calendar import calendar_faults
from optimiser.transferring.check.case import Case
from optimiser.transferring.check.cuts import cut_faults
from optimiser.transferring.check.figures import figure_faults, level_values
from optimiser.transferring.check.limits import limit_faults
from optimiser.transferring.check.people import people_faults
from optimiser.transferring.check.rounds import round_faults


def check(
    snapshot: Snapshot,
    policy: TransferPolicy,
    known: Known,
    area_ids: Sequence[str],
    files: Mapping[str, bytes],
    levels: Mapping[str, int | Fraction] | None = None,
    *,
    moved_before: Collection[str] = (),
) -> list[str]:
    """Everything that is wrong with the files of a plan: an empty list for a plan that keeps every rule.

    ``levels``: what the model makes of the plan, level by level; each is computed again here.
    ``moved_before``: the rounds that an earlier plan moved.
    """
    case = Case.read(snapshot, policy, known, area_ids, files)
    if case.faults:
        return case.faults
    found = [
        *round_faults(case),
        *people_faults(case, moved_before),
        *calendar_faults(case),
        *limit_faults(case),
        *cut_faults(case),
        *figure_faults(case),
    ]
    if found or levels is None:
        return found
    return [
        f"level {name}: the model says {levels[name]}, the check {value}"
        for name, value in level_values(case).items()
        if name in levels and levels[name] != value
    ]
