"""Stays in hospital, as records of visits tell of them day by day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from optimiser.accounting.adding_up import alike_lines
from optimiser.domain.actuals import HOSPITAL, OUTCOMES, Actuals, Ints


@dataclass(frozen=True)
class HospitalStays:
    """Days (ordinals) on which records say that somebody is in hospital. A day of other records alone ends a stay."""

    begins: dict[tuple[int, int], int]
    """Per person and day of a stay, the stay's first day."""
    first_in_file: frozenset[tuple[int, int]]
    """First days of stays before which the file tells nothing of the person: they may have begun earlier."""

    @staticmethod
    def of(actuals: Actuals, package: Ints) -> HospitalStays:
        """``package``: per record the person's place in the county."""
        counts = actuals.counts
        in_hospital = counts & (actuals.outcomes == OUTCOMES.index(HOSPITAL))
        about = np.flatnonzero(counts & np.isin(package, np.unique(package[in_hospital])) & (package >= 0))
        about = about[alike_lines((package[about], actuals.days[about], in_hospital[about].astype(np.int64)))[0]]
        told: dict[int, dict[int, bool]] = defaultdict(dict)
        for person, day, stays in zip(
            package[about].tolist(), actuals.days[about].tolist(), in_hospital[about].tolist(), strict=True
        ):
            told[person][day] = told[person].get(day, False) or stays
        begins: dict[tuple[int, int], int] = {}
        first = set[tuple[int, int]]()
        for person, days in told.items():
            begun: int | None = None
            for at, day in enumerate(sorted(days)):
                if not days[day]:
                    begun = None
                    continue
                if begun is None:
                    begun = day
                    if at == 0:
                        first.add((person, day))
                begins[person, day] = begun
        return HospitalStays(begins, frozenset(first))
