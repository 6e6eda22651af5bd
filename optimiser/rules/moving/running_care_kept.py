from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.rules.base import StandingRule
from optimiser.rules.eligibility.may_move import MayMove
from optimiser.rules.standing.running_care import RunningCareStays
from optimiser.rules.vocabulary import Finding


class RunningCareKept(StandingRule):
    """Running care is never ended: it stays on its contract or, where it may move, goes to one that every rule allows."""

    replaces = RunningCareStays
    name = "running_care_kept"
    order = 10
    source = "snapshot format: a running package may always stay, and moves only as the rules allow"
    settings = ("move_pending",)

    def settled(self, county: County) -> Mapping[int, int | None]:
        running = np.flatnonzero(county.running_on != NOWHERE)
        if not len(running) or not len(county.contracts):
            return {}
        stays = ~MayMove().passes(county, running)[:, 0]
        return {int(package): int(county.running_on[package]) for package in running[stays]}

    def finding(self, county: County, package: int, contract: int | None) -> Finding | None:
        present = county.packages[package].contract_id
        if not present:
            return None
        planned = "" if contract is None else county.contracts[contract].contract_id
        what_next = "would be ended" if contract is None else "stays there" if planned == present else f"moves to {planned}"
        return Finding(
            rule=self.name,
            passed=contract is not None,
            measured=planned,
            limit=None,
            unit="contract",
            sentence=f"The care runs under contract {present} and {what_next}.",
        )
