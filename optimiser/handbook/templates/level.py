"""A level of the strict order. Copy to ``optimiser/rules/levels/``, under the level's name, and fill in what says so."""

from __future__ import annotations

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.vocabulary import Charges, Group, Pairs


class FillInName(Level):
    """FILL IN: the sentence of the rule book: what there should be as little of as possible."""

    name = "fill_in_name"
    order = 900  # FILL IN: its place in the strict order; nothing before it is made worse for it, but for tolerances
    source = "FILL IN: the document that it comes from"
    group = Group.OTHER  # FILL IN: unmet need, exception, moves, cost or travel, where it is about one of them
    about = "FILL IN: a few plain words for it, in reasons"
    unit = "minutes a week"  # FILL IN: whole units; the value is rounded half up, once

    def measure(self, county: County, plan: Plan) -> int:
        # FILL IN: the check's half: the exact value of a plan, from the plain records.
        return sum(
            county.packages[package].minutes_per_week
            for package, contract in plan.placed()
            if county.provider(contract).cqc_rating == "not_rated"
        )

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        # FILL IN: the model's half, in the words of ``vocabulary``: each, unplaced, excess, shortfall, distance, always.
        unrated = np.array([provider.cqc_rating == "not_rated" for provider in county.providers], dtype=np.bool_)
        charges.each(county.minutes[pairs.package] * unrated[county.provider_of[pairs.contract]])
