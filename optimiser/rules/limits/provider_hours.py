from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.words import MINUTES_PER_HOUR_4W
from optimiser.rules.base import Limit, LimitRule, Remedy
from optimiser.rules.limits.all_care import AllCareLimit
from optimiser.rules.limits.raising import raised_to


class ProviderHours(LimitRule):
    """All care with a provider, on all its contracts, stays within the hours that it says it can deliver."""

    name = "provider_hours"
    order = 20
    source = "snapshot format, providers: max_hours_4w"
    in_statements = "own_limit"
    change = "provider hours"
    providers_own = True
    subject_is = "provider"
    before_subject = "the own limit of provider"

    def limits(self, county: County) -> list[Limit]:
        held: dict[str, list[int]] = {}
        for index, record in enumerate(county.contracts):
            held.setdefault(record.provider_id, []).append(index)
        return [
            AllCareLimit(
                self.name,
                provider.provider_id,
                provider.max_hours_4w * MINUTES_PER_HOUR_4W,
                tuple(held.get(provider.provider_id, ())),
                f"Provider {provider.provider_id}, on all its contracts,",
                "its provider's own limit",
            )
            for provider in county.providers
            if provider.max_hours_4w is not None
        ]

    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        provider = next(p for p in county.providers if p.provider_id == limit.subject)
        yield raised_to(
            self,
            limit,
            minutes,
            sentence=lambda hours: f"{provider.name} can deliver {hours} instead of {limit.in_words}.",
            with_hours=lambda county, hours: county.changed(provider=replace(provider, max_hours_4w=hours)),
        )
