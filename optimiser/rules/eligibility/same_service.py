from __future__ import annotations

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.vocabulary import NOT_ITS_AREA, Finding


class ServiceOffered(EligibilityRule):
    """The contract is for the service that is needed: home care, or one that only specialist contracts deliver."""

    name = "service"
    order = 25
    source = "snapshot format: a package with a service may be asked only of contracts with the same"
    in_statements = NOT_ITS_AREA
    obstacle = "it does not deliver the service"
    blocks = Blocks(one="needs another service", many="need another service", turn=116)
    depends_on_date = False
    fixed = True

    def in_use(self, county: County) -> bool:
        return any(contract.service for contract in county.contracts) or any(each.service for each in county.packages)

    def passes(self, county: County, packages: Ints) -> Bools:
        needed = np.array([county.packages[package].service for package in packages], dtype=np.object_)
        offered = np.array([contract.service for contract in county.contracts], dtype=np.object_)
        return np.asarray(needed[:, None] == offered, dtype=np.bool_)

    def finding(self, county: County, package: int, contract: int) -> Finding:
        needed, offered = county.packages[package].service, county.contracts[contract].service
        return Finding(
            rule=self.name,
            passed=needed == offered,
            measured=_in_words(needed),
            limit=_in_words(offered),
            unit="service",
            sentence=f"The package is {_in_words(needed)}; the contract is for {_in_words(offered)}.",
        )


def _in_words(service: str) -> str:
    return service.replace("_", " ") or "home care"
