"""Hours of enhanced home support: free, charged by a recorded notice, and not decided. Nothing here says that a charge is due.

Support is free up to its limit, in hours of real time from the first visit. What runs on after it is charged only from the day on
which both a notice and a financial assessment were recorded; else nobody has decided about it. Where it is not recorded when the
support began, none of it is known to be free. A visit in several parts counts as if it had been in one piece.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.statement_lines import Lines
from optimiser.domain.records import ENHANCED_HOME_SUPPORT
from optimiser.judging.enhanced_support import began_at

NO_NOTICES: Mapping[str, dt.date] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class EnhancedHours:
    """A contract's, in seconds of care workers."""

    contract: int
    people: int
    free: int
    not_decided: int
    charged: int


def enhanced_hours(
    case: AccountCase, lines: Lines, charged_from: Mapping[str, dt.date] = NO_NOTICES
) -> tuple[EnhancedHours, ...]:
    """By contract. ``charged_from``: by package id the day from which a notice and an assessment are both recorded."""
    packages, settings = case.county.packages, case.county.snapshot.enhanced
    of_it = np.array([*(each.service == ENHANCED_HOME_SUPPORT for each in packages), False], np.bool_)
    people, sums = defaultdict[int, set[int]](set), defaultdict[int, list[int]](lambda: [0, 0, 0])
    for at in np.flatnonzero(of_it[lines.package]).tolist():
        package, contract, seconds = int(lines.package[at]), int(lines.contract[at]), int(lines.groups.seconds[at])
        began, day = began_at(packages[package]), dt.date.fromordinal(int(lines.day[at]))
        free = 0
        if began is not None:
            ends = int(began.timestamp()) + settings.limit_hours * 3600
            free = min(seconds, max(0, ends - _arrived(case, lines, at)))
        notice = charged_from.get(packages[package].package_id)
        charged = seconds - free if notice is not None and notice <= day else 0
        people[contract].add(package)
        for place, part in enumerate((free, seconds - free - charged, charged)):
            sums[contract][place] += part
    return tuple(EnhancedHours(contract, len(people[contract]), *sums[contract]) for contract in sorted(sums))


def _arrived(case: AccountCase, lines: Lines, at: int) -> int:
    begins, length = int(lines.groups.begins[at]), int(lines.groups.lengths[at])
    return int(case.actuals.arrived[lines.groups.records[begins : begins + length]].min())
