from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from optimiser.amounts import MINUTES_PER_HOUR_4W, UNIT_HOURS_4W, hours_4w, raised_hours_4w
from optimiser.county import County
from optimiser.rules.base import Limit, LimitRule, Remedy
from optimiser.rules.limits.all_care import AllCareLimit


class ProviderHours(LimitRule):
    """All care with a provider, on all its contracts, stays within the hours that it says it can deliver."""

    name = "provider_hours"
    order = 20
    source = "snapshot format, providers: max_hours_4w"
    change = "provider hours"

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
            )
            for provider in county.providers
            if provider.max_hours_4w is not None
        ]

    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        provider = next(p for p in county.providers if p.provider_id == limit.subject)
        needed = raised_hours_4w(minutes)
        delivers = hours_4w(needed * MINUTES_PER_HOUR_4W)
        yield Remedy(
            change="provider hours",
            subject=provider.provider_id,
            amount=needed - limit.minutes / MINUTES_PER_HOUR_4W,
            unit="hours per four weeks",
            sentence=f"{provider.name} can deliver {delivers} instead of {limit.in_words}.",
            applied=lambda county: county.changed(provider=replace(provider, max_hours_4w=needed)),
            one_unit_less=lambda county: county.changed(provider=replace(provider, max_hours_4w=needed - UNIT_HOURS_4W)),
        )
