"""A period's statement for each contract: what was commissioned, delivered and billed, the guarantee's floor, and the total."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.incentives import Incentive
from optimiser.accounting.not_made import LATE, RETAINER
from optimiser.accounting.statement_lines import Lines
from optimiser.domain.accounts import PERIOD_DAYS, Period
from optimiser.domain.actuals import Ints
from optimiser.domain.money import whole_half_up


@dataclass(frozen=True)
class Statement:
    """A contract's, for a period. Money in pence; minutes are care workers'."""

    contract: int
    period: Period
    commissioned: Fraction
    """Minutes."""
    delivered_seconds: int
    billed_seconds: int
    lines: int
    visits_pence: int
    late_pence: int
    retainer_pence: int
    floor_pence: int
    """What the guarantee comes to in the period."""
    guarantee_used_pence: int
    """What of the above counts against it."""
    incentives_pence: int
    adjustments_pence: int
    unknown: tuple[str, ...]
    """Terms that are not known on some day of the period: while there are any it is a draft that cannot be closed."""

    @property
    def guarantee_adds_pence(self) -> int:
        return max(0, self.floor_pence - self.guarantee_used_pence)

    @property
    def own_pence(self) -> int:
        """Without what earlier periods are adjusted by."""
        return self.visits_pence + self.late_pence + self.retainer_pence + self.guarantee_adds_pence + self.incentives_pence

    @property
    def total_pence(self) -> int:
        return self.own_pence + self.adjustments_pence

    @property
    def can_be_closed(self) -> bool:
        return not self.unknown


def statements_of(
    case: AccountCase, lines: Lines, incentives: tuple[Incentive, ...], adjustments: Mapping[int, int]
) -> tuple[Statement, ...]:
    """A statement for each contract that is in force on a day of the period, or that something is paid under."""
    count = len(case.county.contracts)
    commissioned = commissioned_minutes(case, lines.period)
    made = {name: _by_contract(lines.contract, values, count) for name, values in _columns(lines).items()}
    late, retainers, not_made = (defaultdict[int, int](int) for _ in range(3))
    for each in lines.others:
        contract = int(case.contract[each.record])
        not_made[contract] += 1
        late[contract] += each.pence if each.kind == LATE else 0
        retainers[contract] += each.pence if each.kind == RETAINER else 0
    earned = defaultdict[int, int](int)
    for one in incentives:
        earned[one.contract] += one.pence
    told = {*commissioned, *not_made, *adjustments, *(one.contract for one in incentives), *np.unique(lines.contract).tolist()}
    settings = case.book.settings
    found = []
    for contract, record in enumerate(case.county.contracts):
        if contract not in told and not any(record.in_force(day) for day in lines.period.days):
            continue
        visits = int(made["pence"][contract])
        used = visits
        used += late[contract] if settings.guarantee_counts_late_cancellations else 0
        used += retainers[contract] if settings.guarantee_counts_retainers else 0
        found.append(
            Statement(
                contract=contract,
                period=lines.period,
                commissioned=commissioned.get(contract, Fraction(0)),
                delivered_seconds=int(made["delivered"][contract]),
                billed_seconds=int(made["counted"][contract]),
                lines=int(made["one"][contract]) + not_made[contract],
                visits_pence=visits,
                late_pence=late[contract],
                retainer_pence=retainers[contract],
                floor_pence=floor_pence(case, contract, lines.period),
                guarantee_used_pence=used,
                incentives_pence=earned[contract],
                adjustments_pence=adjustments.get(contract, 0),
                unknown=_unknown(case, contract, lines.period),
            )
        )
    return tuple(found)


def _columns(lines: Lines) -> dict[str, Ints]:
    return {
        "pence": lines.pence,
        "delivered": lines.groups.seconds,
        "counted": lines.counted,
        "one": np.ones(len(lines.pence), np.int64),
    }


def _by_contract(contract: Ints, values: Ints, count: int) -> Ints:
    sums = np.zeros(count, np.int64)
    np.add.at(sums, contract, values)
    return sums


def commissioned_minutes(case: AccountCase, period: Period) -> dict[int, Fraction]:
    """Per contract the minutes that running care comes to in a period: a seventh of a week for each day that it ran."""
    in_sevenths: defaultdict[int, int] = defaultdict(int)
    on: dict[tuple[int, dt.date], int] = {}
    for package in case.county.packages:
        contract = case.county.contract_index.get(package.contract_id, -1) if package.status == "active" else -1
        if contract < 0:
            continue
        begins = max(period.starts, package.care_started or period.starts)
        if not case.is_chained(contract):
            in_sevenths[contract] += package.minutes_per_week * max(0, (period.ends - begins).days)
            continue
        for day in period.days:
            if begins <= day:
                if (contract, day) not in on:
                    on[contract, day] = case.care_under(contract, day)
                in_sevenths[on[contract, day]] += package.minutes_per_week
    return {contract: Fraction(minutes, 7) for contract, minutes in in_sevenths.items()}


def floor_pence(case: AccountCase, contract: int, period: Period) -> int:
    """The guaranteed share of the contract's hours at its first band's price, for the days that it is in force, half up."""
    record = case.county.contracts[contract]
    if not record.guarantee or record.max_hours_4w is None:
        return 0
    prices = sum(case.rates_pence(contract, day.toordinal())[0] for day in period.days if record.in_force(day))
    return whole_half_up(record.guarantee * record.max_hours_4w * prices / PERIOD_DAYS)


def _unknown(case: AccountCase, contract: int, period: Period) -> tuple[str, ...]:
    record = case.county.contracts[contract]
    days = [day for day in period.days if record.in_force(day)] or [period.starts]
    return tuple(sorted({name for day in days for name in case.terms(contract, day.toordinal()).unknown}))
