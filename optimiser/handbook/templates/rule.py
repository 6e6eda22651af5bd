"""A rule of who may be asked. Copy to ``optimiser/rules/eligibility/``, under the rule's name, and fill in what says so."""

from __future__ import annotations

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding

FILL_IN_MOST = 60 * 60
"""FILL IN: the figure with its unit in the name, here minutes a week. A council's choice is a setting: ``domain/policy.py``."""


class FillInName(EligibilityRule):
    """FILL IN: the sentence of the rule book, which people read."""

    name = "fill_in_name"
    order = 900  # FILL IN: where it stands among the others in an explanation; no two have the same
    source = "FILL IN: the document that it comes from"
    obstacle = "FILL IN: what stands in the way where it fails, in a few words"
    private = False  # FILL IN: True where a finding may tell something of the person
    depends_on_date = True  # FILL IN: False only where neither the day of a move nor what is in force on it can change a finding
    waived_on_hand_back = False  # FILL IN: True where a contract that is handed back leaves no choice

    def passes(self, county: County, packages: Ints) -> Bools:
        # FILL IN: the model's half, whole columns at once; True where a package (row) may go to a contract (column).
        small = county.minutes[packages] <= FILL_IN_MOST
        return np.broadcast_to(small[:, None], (len(packages), len(county.contracts)))

    def finding(self, county: County, package: int, contract: int) -> Finding:
        # FILL IN: the check's half, one case from the plain records. It never calls the half above.
        minutes = county.packages[package].minutes_per_week
        return Finding(
            rule=self.name,
            passed=minutes <= FILL_IN_MOST,
            measured=minutes,
            limit=FILL_IN_MOST,
            unit="minutes a week",
            sentence=f"The care is {minutes / 60:g} hours a week; at most {FILL_IN_MOST / 60:g} may go to one contract.",
        )
