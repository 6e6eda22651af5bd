from __future__ import annotations

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.person_records import NO
from optimiser.rules.base import Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding


class NotExcluded(EligibilityRule):
    """The person has not asked to be cared for by somebody else than this provider, nor said no to it when asked."""

    name = "not_excluded"
    order = 100
    source = "domain: people's choice; excluded_provider_ids, answers"
    obstacle = "the person has refused it"
    private = True
    depends_on_date = False

    def passes(self, county: County, packages: Ints) -> Bools:
        wanted = np.ones((len(packages), len(county.contracts)), dtype=np.bool_)
        holder = np.array([contract.provider_id for contract in county.contracts])
        for row, package in enumerate(packages):
            for provider_id in county.answers.refused.get(county.packages[package].package_id, ()):
                wanted[row, holder == provider_id] = False
        return wanted

    def finding(self, county: County, package: int, contract: int) -> Finding:
        provider = county.provider(contract)
        person = county.packages[package]
        said = county.answers.last(person.package_id, provider.provider_id)
        excluded = provider.provider_id in person.excluded_provider_ids or (said is not None and said.answer == NO)
        return Finding(
            rule=self.name,
            passed=not excluded,
            measured="excluded" if excluded else "",
            limit=None,
            unit="the person's wish",
            sentence=f"The person {'has refused' if excluded else 'has not refused'} {provider.name}.",
        )
