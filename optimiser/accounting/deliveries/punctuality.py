"""When care workers came, beside when they were planned to: by round, since lateness is of a run and not of one visit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from statistics import median

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.domain.accounts import Period
from optimiser.domain.actuals import NEVER


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of the visits of people in a round under a contract; ``round_id`` empty: of people in none.

    The three counts add up to ``visits``.
    """

    contract: int
    round_id: str
    visits: int
    """That were made, and of which both times are recorded."""
    early: int
    on_time: int
    late: int
    median_seconds_late: Fraction
    """Less than nothing: early."""
    is_late: bool
    """Whether the share of late ones is above the setting."""


def punctuality(case: AccountCase, span: Period) -> tuple[Punctuality, ...]:
    """By contract and round. A visit begins when the first care worker arrives."""
    actuals, settings = case.actuals, case.book.settings
    here = np.flatnonzero(case.stated & case.timed & case.within(span) & (actuals.planned_start != NEVER))
    if not len(here):
        return ()
    visits, visit = np.unique(case.visit_keys[here], return_inverse=True)
    arrived = np.full(len(visits), np.iinfo(np.int64).max)
    planned = arrived.copy()
    np.minimum.at(arrived, visit, actuals.arrived[here])
    np.minimum.at(planned, visit, actuals.planned_start[here])
    record = np.zeros(len(visits), np.int64)
    record[visit] = here
    found: dict[tuple[str, str], tuple[int, list[int]]] = {}
    for of, seconds in zip(record.tolist(), (arrived - planned).tolist(), strict=True):
        contract = int(case.contract[of])
        key = case.county.contracts[contract].contract_id, case.county.packages[int(case.package[of])].round_id
        found.setdefault(key, (contract, []))[1].append(seconds)
    limit, told = settings.late_after_minutes * 60, []
    for (_, round_id), (contract, seconds_late) in sorted(found.items()):
        early, late = sum(each < -limit for each in seconds_late), sum(each > limit for each in seconds_late)
        told.append(
            Punctuality(
                contract=contract,
                round_id=round_id,
                visits=len(seconds_late),
                early=early,
                on_time=len(seconds_late) - early - late,
                late=late,
                median_seconds_late=Fraction(median(map(Fraction, seconds_late))),
                is_late=late > settings.late_share * len(seconds_late),
            )
        )
    return tuple(told)
