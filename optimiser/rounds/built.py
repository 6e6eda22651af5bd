"""Rounds built and checked in one call, with what they were built from: what a program gets in place of files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings
from optimiser.geography.travel_times.choosing import travel_from
from optimiser.io.staffing import read_staffing
from optimiser.rounds.check import Case, check, check_evenness
from optimiser.rounds.report.week_figures import Figures, figures_of
from optimiser.rounds.story import Order, build
from optimiser.rounds.visits_by_shift import providers_with_care

if TYPE_CHECKING:
    from pandas import DataFrame


class RoundsNotConfirmedError(Exception):
    """The check does not confirm the rounds: a defect of this software, never of the input."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults[:20]))


@dataclass(frozen=True)
class BuiltRounds:
    """A week of rounds that the check has confirmed."""

    plan: RoundsPlan
    snapshot: Snapshot
    settings: StaffingSettings
    complete: bool
    """False where somebody ended it early: ``plan.unserved`` lists whose turn had not come."""

    def __repr__(self) -> str:
        return f"<BuiltRounds of {self.snapshot!r}: {self.plan!r}>"

    @property
    def figures(self) -> Figures:
        """What they come to: care workers, travel, waiting, continuity."""
        return figures_of(self.plan, self.snapshot, self.settings)

    def to_frame(self) -> DataFrame:
        """A row per care worker at a visit on a day, as ``visits_planned.csv`` has them: personal data."""
        from optimiser.io.frames import frame
        from optimiser.rounds.report.tables import VISITS, visit_rows

        return frame(visit_rows(self.plan), columns=VISITS)


def built(
    snapshot: Snapshot,
    provider_ids: Sequence[str],
    area_id: str,
    settings: str | os.PathLike[str] | StaffingSettings | None,
    folder: Path | None,
    travel: str,
    processes: int,
) -> BuiltRounds:
    """The rounds of these providers (none named: of all with care there). ``folder``: where care workers may be listed."""
    file = None if settings is None or isinstance(settings, StaffingSettings) else Path(settings)
    read, workers, _ = read_staffing(folder, file, snapshot)
    staffing = settings if isinstance(settings, StaffingSettings) else read
    chosen = tuple(provider_ids or providers_with_care(snapshot, area_id))
    order = Order(snapshot, staffing, workers, area_id, driving=travel_from(travel))
    plan, whole = build(order, chosen, processes=processes)
    case = Case(snapshot, staffing, workers, plan, order.driving, order.walking, chosen, area_id)
    faults = check(case) or check_evenness(case)
    if faults:
        raise RoundsNotConfirmedError(faults)
    return BuiltRounds(plan, snapshot, staffing, whole)
