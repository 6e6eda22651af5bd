from __future__ import annotations

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.domain.brief import Part
from optimiser.rules.base import Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding


class ProvidersOfThePart(EligibilityRule):
    """In a run for named providers, new care is placed with them alone."""

    name = "providers_of_the_part"
    order = 990
    source = "a run for named areas, packages, rounds or providers"
    depends_on_date = False
    of_one_run = True
    obstacle = "the run was for other providers"

    def __init__(self, part: Part = Part()) -> None:  # noqa: B008 - frozen
        self._providers = frozenset(part.providers)

    def in_use(self, county: County) -> bool:
        return bool(self._providers)

    def passes(self, county: County, packages: Ints) -> Bools:
        theirs = np.array([each.provider_id in self._providers for each in county.providers], dtype=np.bool_)
        runs = county.running_on[packages] != NOWHERE
        return np.asarray(theirs[county.provider_of][np.newaxis, :] | runs[:, np.newaxis], dtype=np.bool_)

    def finding(self, county: County, package: int, contract: int) -> Finding:
        provider_id = county.contracts[contract].provider_id
        named = provider_id in self._providers
        return Finding(
            rule=self.name,
            passed=named or county.packages[package].contract_id != "",
            measured=provider_id,
            limit="; ".join(sorted(self._providers)),
            unit="provider",
            sentence=f"The run was for named providers; {provider_id} is {'one' if named else 'none'} of them.",
        )
