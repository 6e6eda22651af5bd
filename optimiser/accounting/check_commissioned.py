"""Commissioned care of a period, as the check of an account counts it: person by person and day by day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from functools import cache

from optimiser.accounting.check_records import contract_on
from optimiser.county import County
from optimiser.domain.accounts import Period

Minutes = dict[str, Fraction]


def commissioned(county: County, period: Period) -> tuple[Minutes, Minutes, Minutes]:
    """The minutes of running care by contract; and of home care by area, all of it and what is under principals.

    A day is a seventh of a week; care that began in the period counts from that day on.
    """
    contracts = {each.contract_id: each for each in county.contracts}
    chained = {each.succeeds for each in contracts.values()} | {name for name, each in contracts.items() if each.succeeds}

    @cache
    def under(contract_id: str, day: dt.date) -> str:
        return contract_on(contracts, contract_id, day) if contract_id in chained else contract_id

    of_contract, of_area, of_principal = (defaultdict[str, int](int) for _ in range(3))
    for package in county.packages:
        if package.status != "active" or package.contract_id not in contracts:
            continue
        for day in period.days:
            if package.care_started is not None and day < package.care_started:
                continue
            contract_id = under(package.contract_id, day)
            of_contract[contract_id] += package.minutes_per_week
            if not package.service:
                of_area[package.area_id] += package.minutes_per_week
                of_principal[package.area_id] += package.minutes_per_week * (contracts[contract_id].tier == "principal")
    all_, area, principal = (
        {name: Fraction(minutes, 7) for name, minutes in each.items()} for each in (of_contract, of_area, of_principal)
    )
    return all_, area, principal
