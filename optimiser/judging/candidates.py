"""Who may be asked: every package against every contract, by all the rules' model halves at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.rules.base import Bools
from optimiser.rules.book import RuleBook


@dataclass(frozen=True)
class Candidates:
    """``allowed[row, contract]`` for the packages judged, in their order."""

    packages: Ints
    allowed: Bools

    def of(self, package: int) -> Ints:
        """The contracts that every eligibility rule allows for one package."""
        row = int(np.searchsorted(self.packages, package))
        return np.flatnonzero(self.allowed[row])

    def only(self, packages: Ints) -> Candidates:
        """The same for some of the packages."""
        kept = np.isin(self.packages, packages)
        return Candidates(self.packages[kept], self.allowed[kept])


def judge(county: County, rules: RuleBook, packages: Ints | None = None) -> Candidates:
    """Judge some packages (all by default; sorted indices) against every contract.

    Running care may always stay on its own contract, whatever the rules now say.
    """
    if packages is None:
        packages = np.arange(len(county.packages))
    allowed = np.ones((len(packages), len(county.contracts)), dtype=np.bool_)
    for rule in rules.eligibility:
        allowed &= rule.passes(county, packages)
    now = county.running_on[packages]
    runs = now != NOWHERE
    allowed[np.flatnonzero(runs), now[runs]] = True
    return Candidates(packages, allowed)


def neutral_hash(county: County, package_id: str, contract_id: str = "") -> str:
    """What ties break by: package, contract and date, so that no firm is favoured by its name, nor the same one every day."""
    return hashlib.sha256(f"{package_id}\x1f{contract_id}\x1f{county.as_of}".encode()).hexdigest()
