"""How many different care workers came to a person, where records tell one from another: a count, never who."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.domain.accounts import Period
from optimiser.domain.actuals import NUMBERED


@dataclass(frozen=True, slots=True)
class Continuity:
    """A person's, of the visits whose records name by a pseudonym who came; numbers that took their place tell nothing here."""

    package: int
    visits: int
    care_workers: int
    share_of_one: Fraction
    """Of these visits the part to which whoever came most often came."""


def continuity(case: AccountCase, span: Period) -> tuple[Continuity, ...]:
    """By id of the person's package."""
    actuals = case.actuals
    named = np.array([bool(keys) and not any(map(_is_a_number, keys)) for keys in actuals.key_lists], np.bool_)
    here = np.flatnonzero(case.stated & case.timed & case.within(span))
    here = here[named[actuals.keys[here]]]
    came: defaultdict[int, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for record, package, visit in zip(here.tolist(), case.package[here].tolist(), case.own_visits[here].tolist(), strict=True):
        came[package][visit].update(actuals.key_lists[actuals.keys[record]])
    told = []
    for package in sorted(came, key=lambda each: case.county.packages[each].package_id):
        visits = came[package].values()
        counts = Counter(key for keys in visits for key in keys)
        told.append(Continuity(package, len(visits), len(counts), Fraction(max(counts.values()), len(visits))))
    return tuple(told)


def _is_a_number(key: str) -> bool:
    return key.startswith(NUMBERED)
