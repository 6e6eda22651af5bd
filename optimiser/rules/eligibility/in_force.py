from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.vocabulary import NOT_ITS_AREA, Finding

ALWAYS, NEVER_ENDS = 0, 10**7
"""Day numbers before and after every date."""


class InForce(EligibilityRule):
    """The contract is in force on the day the care would start."""

    name = "in_force"
    order = 10
    source = "snapshot format, rules; briefing (framework to 2029)"
    in_statements = NOT_ITS_AREA
    obstacle = "its contract is not in force when care would start"
    blocks = Blocks(principal="the principal's contract is not in force on any wave")
    depends_on_date = True

    def passes(self, county: County, packages: Ints) -> Bools:
        starts = np.array([c.starts.toordinal() if c.starts else ALWAYS for c in county.contracts])
        ends = np.array([c.ends.toordinal() if c.ends else NEVER_ENDS for c in county.contracts])
        day = county.start_day[packages][:, None]
        return np.asarray((starts <= day) & (day < ends))

    def finding(self, county: County, package: int, contract: int) -> Finding:
        record, day = county.contracts[contract], county.start_of(package)
        passed = record.in_force(day)
        return Finding(
            rule=self.name,
            passed=passed,
            measured=str(day),
            limit=_in_words(record.starts, record.ends),
            unit="date",
            sentence=f"Care would start on {day}; the contract {'covers that day' if passed else 'does not cover that day'}"
            f" (it {_in_words(record.starts, record.ends)}).",
        )


@lru_cache(maxsize=4096)
def _in_words(starts: dt.date | None, ends: dt.date | None) -> str:
    if starts:
        return f"runs from {starts} " + (f"up to but not including {ends}" if ends else "with no end date")
    return "has always run, " + (f"up to but not including {ends}" if ends else "and has no end date")
