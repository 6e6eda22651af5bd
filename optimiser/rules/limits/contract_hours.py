from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from optimiser.county import County
from optimiser.rules.base import Limit, LimitRule, Remedy
from optimiser.rules.limits.all_care import AllCareLimit
from optimiser.rules.limits.raising import raised_to


class ContractHours(LimitRule):
    """All care on a contract stays within the contract's maximum hours.

    Under a contract that is still to take over from another counts the care that will have carried over on its first day.
    """

    name = "contract_hours"
    order = 10
    source = "briefing: each contract has a maximum number of hours"
    in_statements = "contract_maximum"
    change = "contract hours"
    subject_is = "contract"
    before_subject = "the maximum of contract"

    def limits(self, county: County) -> list[Limit]:
        return [
            AllCareLimit(
                self.name,
                record.contract_id,
                record.limit_minutes,
                tuple(county.contract_index[each] for each in county.succession.carried_to(record.contract_id, county.as_of)),
                f"Contract {record.contract_id}",
                "the contract's own maximum",
            )
            for record in county.contracts
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
