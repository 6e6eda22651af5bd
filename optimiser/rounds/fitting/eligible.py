"""Whom a package may be offered to, and what it asks for: the providers in the order in which they are asked."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from optimiser.county import County
from optimiser.domain.records import Visit
from optimiser.judging.candidates import judge
from optimiser.judging.limit_use import entry_plan
from optimiser.judging.ranking import Cascade
from optimiser.rules.book import standard_rules


class Eligible:
    """Of one county. A provider is eligible where every eligibility rule allows one of its contracts."""

    def __init__(self, county: County) -> None:
        self._county, self._rules = county, standard_rules()
        self._cascade = Cascade(county, entry_plan(county))
        self.visits: dict[str, list[Visit]] = defaultdict(list)
        for visit in county.snapshot.visits:
            self.visits[visit.package_id].append(visit)

    def providers(self, package_id: str) -> list[str]:
        """The eligible providers of a package, each once."""
        package = self._county.package_index[package_id]
        allowed = judge(self._county, self._rules, np.array([package])).of(package)
        asked = self._cascade.order(package, allowed.tolist())
        return list(dict.fromkeys(self._county.provider(place.contract).provider_id for place in asked))
