from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.domain.records import Restriction
from optimiser.domain.words import MINUTES_PER_HOUR_4W, hours_per_4w_in_words
from optimiser.rules.base import Bools, Limit, LimitRule, Remedy
from optimiser.rules.limits.raising import raised_to


@dataclass(frozen=True)
class CapLimit(Limit):
    """What one capped restriction allows."""

    rule: str
    subject: str
    minutes: Fraction
    contracts: tuple[int, ...]
    restriction: Restriction
    area_id: str
    called: str = "the cap on its provider's new work"

    def counts(self, county: County, package: int, contract: int) -> bool:
        person, cap = county.packages[package], self.restriction
        if county.contracts[contract].provider_id != cap.provider_id or cap.area_id not in ("", person.area_id):
            return False
        present = person.contract_id and county.contracts[county.contract_index[person.contract_id]].provider_id
        if present == cap.provider_id:
            return bool(person.care_started and cap.starts and person.care_started >= cap.starts)
        return True

    def counts_many(self, county: County, packages: Ints, contracts: Ints) -> Bools:
        cap = self.restriction
        here = np.isin(contracts, self.contracts)
        if cap.area_id:
            here &= county.package_area[packages] == county.area_of[cap.area_id]
        now = county.running_on[packages]
        stays = (now != NOWHERE) & (county.provider_of[now] == county.provider_of[contracts])
        begun = [county.packages[package].care_started for package in packages[stays & here]]
        here[stays & here] = [bool(day and cap.starts and day >= cap.starts) for day in begun]
        return here

    def sentence(self, county: County, used: int) -> str:
        where = f" in area {self.restriction.area_id}" if self.restriction.area_id else ""
        return (
            f"Provider {self.restriction.provider_id} would have taken on {hours_per_4w_in_words(used)}{where} under its cap"
            f" of {self.in_words} of new care (restriction {self.subject})."
        )


class CappedNewWork(LimitRule):
    """The care that a capped provider takes on, with what it took on since the cap began, stays within the cap."""

    name = "capped_new_work"
    order = 30
    source = "briefing: a provider with quality issues may be limited in taking on new work"
    in_statements = "restriction"
    change = "cap"
    subject_is = "restriction"
    before_subject = "the cap"

    def limits(self, county: County) -> list[Limit]:
        return [
            CapLimit(
                self.name,
                cap.restriction_id,
                (cap.new_hours_4w or Fraction(0)) * MINUTES_PER_HOUR_4W,
                tuple(i for i, record in enumerate(county.contracts) if record.provider_id == cap.provider_id),
                cap,
                cap.area_id,
            )
            for cap in county.restrictions
            if cap.kind == "capped"
        ]

    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        cap = next(r for r in county.restrictions if r.restriction_id == limit.subject)
        yield raised_to(
            self,
            limit,
            minutes,
            sentence=lambda hours: f"Provider {cap.provider_id}'s cap on new care is {hours} instead of {limit.in_words}.",
            with_hours=lambda county, hours: county.changed(restriction=replace(cap, new_hours_4w=hours)),
        )
