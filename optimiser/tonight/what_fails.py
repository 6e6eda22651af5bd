"""What is asked: who cannot come, and from which moment on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from optimiser.county import NOWHERE, County
from optimiser.domain.dates import LONDON

HOURS = 72
"""How far the list reaches: hours of real time, also where the clocks change in between."""


@dataclass(frozen=True)
class Failure:
    """Providers that cannot come from a moment on; ``snow``: nobody can be sure to come."""

    begins: dt.datetime
    """In UTC."""
    provider_ids: tuple[str, ...]
    snow: bool = False

    @property
    def ends(self) -> dt.datetime:
        return self.begins + dt.timedelta(hours=HOURS)

    def concerns(self, provider_id: str) -> bool:
        """Whether the visits of a provider are listed."""
        return self.snow or provider_id in self.provider_ids

    def cannot_help(self, provider_id: str) -> bool:
        """Whether a provider is itself one of those that fail. When it snows everybody's rounds are still asked first."""
        return provider_id in self.provider_ids


def moment_of(text: str) -> dt.datetime:
    """A moment in UTC from a text such as ``2026-12-07T18:00`` (Europe/London, or with its own offset).

    Of a time that there is twice, when the clocks go back, the first is meant. Raises ``ValueError`` saying what is expected.
    """
    expected = "expected a date and a time such as 2026-12-07T18:00 (the time in England)"
    try:
        told = dt.datetime.fromisoformat(text if "T" in text or " " in text else "")
    except ValueError:
        raise ValueError(f"{expected}, found {text!r}") from None
    if not 1900 < told.year < 9999:
        raise ValueError(f"{expected}, found {text!r}")
    if told.tzinfo is not None:
        return told.astimezone(dt.UTC)
    moment = told.replace(tzinfo=LONDON).astimezone(dt.UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != told:
        raise ValueError(f"there is no {text} in England: the clocks go forward then; name a time an hour later")
    return moment


def faults_of(county: County, asked: Failure) -> Iterator[str]:
    """Everything in what is asked that does not fit the county, with what to do about it."""
    if asked.snow == bool(asked.provider_ids):
        yield "name who cannot come (--provider ID, may be repeated), or say that it snows (--snow): one of the two"
    day = asked.begins.astimezone(LONDON).date()
    if day < county.as_of:
        yield f"{day} lies before the date of the snapshot, {county.as_of}: the list is made from that day on"
    known = {provider.provider_id for provider in county.providers}
    delivering = {county.provider(contract).provider_id for contract in county.running_on.tolist() if contract != NOWHERE}
    for provider_id, count in Counter(asked.provider_ids).items():
        if count > 1:
            yield f"provider {provider_id} is named {count} times: once is enough"
        if provider_id not in known:
            yield f"there is no provider {provider_id}"
        elif provider_id not in delivering:
            yield f"nobody's care runs with provider {provider_id}: there is nobody to list"
