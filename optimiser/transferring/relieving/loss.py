"""What somebody says of a provider or contract: so many hours can be delivered from a day on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from optimiser.county import NOWHERE, County
from optimiser.county.succession import taken_over
from optimiser.domain.words import MINUTES_PER_HOUR_4W


@dataclass(frozen=True)
class Loss:
    """A provider, or one of its contracts, and how many hours per four weeks it can deliver from the day on."""

    kind: Literal["provider", "contract"]
    subject: str
    hours_4w: Fraction

    @property
    def minutes(self) -> int:
        """The hours that are left as whole minutes a week."""
        return int(self.hours_4w * MINUTES_PER_HOUR_4W)

    def concerns(self, county: County, contract: int) -> bool:
        """Whether care under a contract is what can no longer be delivered in full."""
        record = county.contracts[contract]
        return self.subject == (record.provider_id if self.kind == "provider" else record.contract_id)


def under_on(county: County, losses: Sequence[Loss], day: dt.date) -> dict[int, tuple[int, int]]:
    """Per package that is concerned the contract that its running care is under on the day, and the place of the loss."""
    found = {}
    for package, present in enumerate(county.running_on.tolist()):
        if present != NOWHERE:
            contract = county.contract_on(package, day)
            for place, loss in enumerate(losses):
                if loss.concerns(county, contract):
                    found[package] = contract, place
    return found


def faults_of(county: County, losses: Sequence[Loss], day: dt.date) -> Iterator[str]:
    """Everything in what is asked that does not fit the county, with what to do about it."""
    if day < county.as_of:
        yield f"the day {day} lies before the date of the snapshot, {county.as_of}: what can be delivered is asked from then on"
    providers = {provider.provider_id for provider in county.providers}
    of_provider = {loss.subject for loss in losses if loss.kind == "provider"}
    for (kind, subject), count in Counter((loss.kind, loss.subject) for loss in losses).items():
        if count > 1:
            yield f"{kind} {subject} is named {count} times: say once how many hours it can deliver"
        if kind == "provider" and subject not in providers:
            yield f"there is no provider {subject}"
        elif kind == "contract" and subject not in county.contract_index:
            yield f"there is no contract {subject}"
        elif kind == "contract":
            if (after := county.succession.named_instead(subject, day)) is not None:
                yield taken_over(subject, after)
            holder = county.provider(county.contract_index[subject]).provider_id
            if holder in of_provider:
                yield f"contract {subject} is one of provider {holder}, which is named as well: name one of the two"
    concerned = {place for _, place in under_on(county, losses, day).values()}
    for place, loss in enumerate(losses):
        known = loss.subject in (providers if loss.kind == "provider" else county.contract_index)
        if known and place not in concerned:
            yield f"nobody's care runs with {loss.kind} {loss.subject} on {day}: there is nothing to relieve"
