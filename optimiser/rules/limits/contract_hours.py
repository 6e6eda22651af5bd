from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from optimiser.amounts import MINUTES_PER_HOUR_4W, UNIT_HOURS_4W, hours_4w, raised_hours_4w
from optimiser.county import County
from optimiser.rules.base import Limit, LimitRule, Remedy
from optimiser.rules.limits.all_care import AllCareLimit


class ContractHours(LimitRule):
    """All care on a contract stays within the contract's maximum hours."""

    name = "contract_hours"
    order = 10
    source = "briefing: each contract has a maximum number of hours"
    change = "contract hours"

    def limits(self, county: County) -> list[Limit]:
        return [
            AllCareLimit(self.name, record.contract_id, record.limit_minutes, (index,), f"Contract {record.contract_id}")
            for index, record in enumerate(county.contracts)
            if record.limit_minutes is not None
        ]

    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        record = county.contracts[county.contract_index[limit.subject]]
        needed = raised_hours_4w(minutes)
        allows = hours_4w(needed * MINUTES_PER_HOUR_4W)
        yield Remedy(
            change="contract hours",
            subject=record.contract_id,
            amount=needed - limit.minutes / MINUTES_PER_HOUR_4W,
            unit="hours per four weeks",
            sentence=f"Contract {record.contract_id} allows {allows} instead of {limit.in_words}.",
            applied=lambda county: county.changed(contract=replace(record, max_hours_4w=needed)),
            one_unit_less=lambda county: county.changed(contract=replace(record, max_hours_4w=needed - UNIT_HOURS_4W)),
        )
