"""The lines of a period's statements: one for each visit, date and care worker, with the minutes that count and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.merging import Merged, merged
from optimiser.accounting.not_made import NotMade, not_made
from optimiser.accounting.paying import NO_INCREMENT, in_increments, pence_of, rounding_place
from optimiser.domain.accounts import Period, Terms
from optimiser.domain.actuals import NONE, Ints

AS_DELIVERED, UP_TO_PLANNED, NOT_COMMISSIONED = "as_delivered", "up_to_planned", "worker_not_commissioned"
WHYS = (AS_DELIVERED, UP_TO_PLANNED, NOT_COMMISSIONED)


@dataclass(frozen=True)
class Lines:
    """The visits of a period that were made, an entry of each array for each care worker who came; and those that were not."""

    period: Period
    groups: Merged
    package: Ints
    contract: Ints
    day: Ints
    band: Ints
    rate_pence: Ints
    """An hour."""
    rounding: Ints
    """How minutes become whole increments: places in ``ROUNDINGS``."""
    allowed: Ints
    """Seconds that count before they become whole increments."""
    counted: Ints
    """Seconds that are paid."""
    pence: Ints
    why: Ints
    """Places in ``WHYS``."""
    others: tuple[NotMade, ...]

    def __repr__(self) -> str:
        return f"<Lines of {self.period.starts}: {len(self.pence)} made, {len(self.others)} not>"


def lines_of(case: AccountCase, period: Period) -> Lines:
    """Every line of a period."""
    groups = merged(case, period)
    first = groups.first
    package, contract, day = case.package[first], case.contract[first], case.actuals.days[first]
    others = not_made(case, period, case.visit_keys[first])
    band = np.asarray(case.county.band, np.int64)[package] if len(first) else first
    which, (increment, rounding, overrun) = _terms(case, contract, day)
    increment, rounding, overrun = increment[which], rounding[which], overrun[which].astype(np.bool_)
    rate = _rates(case, contract, day, band)
    allowed, why = _allowed(case, groups, overrun)
    counted = in_increments(allowed, increment, rounding)
    return Lines(
        period,
        groups,
        package,
        contract,
        day,
        band,
        rate,
        rounding,
        allowed,
        counted,
        pence_of(counted, rate),
        why,
        tuple(others),
    )


def _allowed(case: AccountCase, groups: Merged, overrun: Ints) -> tuple[Ints, Ints]:
    """Without overruns neither minutes beyond the planned ones count nor care workers beyond those commissioned."""
    workers = case.planned_workers[groups.first]
    too_many = ~overrun & (groups.worker > workers) & (workers != NONE)
    planned = groups.planned * 60
    too_long = ~overrun & (groups.planned != NONE) & (groups.seconds > planned)
    allowed = np.where(too_many, 0, np.where(too_long, planned, groups.seconds))
    return allowed, np.where(too_many, 2, np.where(too_long, 1, 0))


def _on(contract: Ints, day: Ints) -> tuple[Ints, Ints, Ints]:
    """The contracts and days that there are, and for each entry which of them it has."""
    if not len(contract):
        return contract, day, contract
    least = int(day.min())
    span = int(day.max()) - least + 1
    both, which = np.unique(contract * span + day - least, return_inverse=True)
    return both // span, both % span + least, which


def _terms(case: AccountCase, contract: Ints, day: Ints) -> tuple[Ints, tuple[Ints, Ints, Ints]]:
    contracts, days, which = _on(contract, day)
    terms = [case.terms(*each) for each in zip(contracts.tolist(), days.tolist(), strict=True)]
    return which, (
        np.array([_increment(each) for each in terms], np.int64),
        np.array([rounding_place(each.rounding) for each in terms], np.int64),
        np.array([bool(each.overrun_paid) for each in terms], np.int64),
    )


def _increment(terms: Terms) -> int:
    """In seconds. A draft whose increment or rounding is not known counts the seconds themselves."""
    known = terms.increment_minutes is not None and terms.rounding is not None
    return terms.increment_minutes * 60 if known and terms.increment_minutes is not None else NO_INCREMENT


def _rates(case: AccountCase, contract: Ints, day: Ints, band: Ints) -> Ints:
    contracts, days, which = _on(contract, day)
    by_band = [case.rates_pence(*each) for each in zip(contracts.tolist(), days.tolist(), strict=True)]
    return np.array(by_band or [(0, 0, 0)], np.int64)[which, band - 1] if len(contract) else contract
