from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from optimiser.county import County
from optimiser.rules.base import Limit, LimitRule, Remedy
from optimiser.rules.limits.all_care import AllCareLimit
from optimiser.rules.limits.raising import raised_to


class ContractHours(LimitRule):
    """All care on a contract stays within the contract's maximum hours."""

    name = "contract_hours"
    order = 10
    source = "briefing: each contract has a maximum number of hours"
    change = "contract hours"
    subject_is = "contract"
    before_subject = "the maximum of contract"

    def limits(self, county: County) -> list[Limit]:
        return [
            AllCareLimit(
                self.name,
                record.contract_id,
                record.limit_minutes,
                (index,),
                f"Contract {record.contract_id}",
                "the contract's own maximum",
            )
            for index, record in enumerate(county.contracts)
            if record.limit_minutes is not None
        ]

    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        record = county.contracts[county.contract_index[limit.subject]]
        yield raised_to(
            self,
            limit,
            minutes,
            sentence=lambda hours: f"Contract {record.contract_id} allows {hours} instead of {limit.in_words}.",
            with_hours=lambda county, hours: county.changed(contract=replace(record, max_hours_4w=hours)),
        )
