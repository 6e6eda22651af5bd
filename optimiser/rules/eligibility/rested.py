from __future__ import annotations

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.domain.dates import days_after
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding


class Rested(EligibilityRule):
    """Care that has begun only lately stays where it is, so that nobody is moved twice in a few weeks."""

    name = "rested"
    order = 115
    source = "snapshot format: rest_days; domain: as few people as possible change provider"
    settings = ("rest_days",)
    obstacle = "the care has begun only lately"
    running_only = True
    waived_on_hand_back = True
    """It bars every contract alike, so that whom it holds back nobody at all could take: they would be left without care."""
    told_when_waived = "Their care began only lately; they move all the same, since their provider cannot go on with it."
    blocks = Blocks(one="has had a change only lately", many="have had a change only lately")
    depends_on_date = True

    def passes(self, county: County, packages: Ints) -> Bools:
        begun = [county.packages[package].care_started for package in packages]
        rested = np.array([day.toordinal() + county.policy.rest_days if day else 0 for day in begun], dtype=np.int64)
        free = (county.running_on[packages] == NOWHERE) | (county.start_day[packages] >= rested)
        return np.broadcast_to(free[:, None], (len(packages), len(county.contracts)))

    def finding(self, county: County, package: int, contract: int) -> Finding:
        person, day = county.packages[package], county.start_of(package)
        free = person.care_started and days_after(person.care_started, county.policy.rest_days)
        passed = person.status == "new" or free is None or day >= free
        if person.status == "new":
            sentence = "The care has not begun, so nothing is moved."
        elif free is None:
            sentence = "The care has no first day on record, so it is taken to have run for long."
        else:
            may = "may" if passed else "must not"
            sentence = f"The care began on {person.care_started}; a move {may} be on {day}, as it may be from {free} on."
        return Finding(
            rule=self.name,
            passed=passed,
            measured=str(day),
            limit=None if free is None or person.status == "new" else str(free),
            unit="date",
            sentence=sentence,
        )
