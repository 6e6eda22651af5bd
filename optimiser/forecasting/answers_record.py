"""How often providers say no, by their own record: declines in ``offers.csv`` beside the care that began with them meanwhile.

Of an offer that was accepted little is left once care has begun, so a yes is counted by the care that began; a no by the package
and provider that it was between. A provider with few answers is taken to be much like the others: its record is weighed with the
county's (an empirical Bayes estimate with a fixed weight, ``record_weight``).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from optimiser.county.offers_in_force import LASTING_REASON
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.rates_given import Given

FEWEST_ANSWERS = 20
"""With fewer the county's record says nothing of how often providers decline."""


class CannotForecastError(Exception):
    """Something that a forecast needs is not known; the message says what, and how to give it."""


@dataclass(frozen=True)
class Answers:
    """What providers are taken to answer. ``decline``: per provider the part of offers that it declines."""

    decline: Mapping[str, float]
    lasting: float
    """The part of declines that stand until needs change."""
    lapsed: float
    """The part of declines that are offers which ran out: they stand for a day."""
    since: dt.date | None
    """From when on answers were counted; None: the part was given."""
    yes: Mapping[str, int]
    no: Mapping[str, int]

    def times(self, factor: float) -> Answers:
        """The same with every decline so many times as likely."""
        moved = {name: min(1.0, part * factor) for name, part in self.decline.items()}
        return Answers(moved, self.lasting, self.lapsed, self.since, self.yes, self.no)


def answers_of(snapshot: Snapshot, given: Given) -> Answers:
    """Raises ``CannotForecastError`` where neither a record nor a rate is known."""
    yes, no, since = _recorded(snapshot)
    total_yes, total_no = sum(yes.values()), sum(no.values())
    own = {name: rates.decline for name, rates in given.providers.items()}
    unknown = [each.provider_id for each in snapshot.providers if own.get(each.provider_id) is None]
    if given.decline is None and total_yes + total_no < FEWEST_ANSWERS and unknown:
        raise CannotForecastError(
            f"offers.csv and the care begun since its first offer tell of {total_yes + total_no} answers, of {FEWEST_ANSWERS}"
            f" that are"
            " needed to say how often providers decline: give decline in [rates]"
        )
    typical = total_no / (total_yes + total_no) if total_yes + total_no else 0.0
    declined = [offer for offer in snapshot.offers if offer.response in ("declined", "expired")]
    for_good = sum(offer.response == "declined" and offer.reason == LASTING_REASON for offer in declined)
    lapsed = sum(offer.response == "expired" for offer in declined)

    def part(provider_id: str) -> float:
        if (stated := own.get(provider_id)) is not None:
            return stated
        if given.decline is not None:
            return given.decline
        weight = given.record_weight
        answers = yes[provider_id] + no[provider_id] + weight
        return (no[provider_id] + weight * typical) / answers if answers else typical

    return Answers(
        decline={each.provider_id: part(each.provider_id) for each in snapshot.providers},
        lasting=given.lasting if given.lasting is not None else for_good / len(declined) if declined else 0.0,
        lapsed=lapsed / len(declined) if declined else 0.0,
        since=since,
        yes=dict(yes),
        no=dict(no),
    )


def _recorded(snapshot: Snapshot) -> tuple[Counter[str], Counter[str], dt.date | None]:
    """Per provider how often it said yes and no since the first offer on record."""
    holder = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
    since = min((offer.offered_at.date() for offer in snapshot.offers), default=None)
    yes, no = Counter[str](), Counter[str]()
    if since is None:
        return yes, no, None
    running = {package.package_id for package in snapshot.packages if package.status == "active"}
    for package in snapshot.packages:
        if package.status == "active" and package.care_started and since <= package.care_started <= snapshot.as_of:
            yes[holder[package.contract_id]] += 1
    said_no = set()
    for offer in snapshot.offers:
        if offer.response == "accepted" and offer.package_id not in running:
            yes[holder[offer.contract_id]] += 1
        elif offer.response in ("declined", "expired"):
            said_no.add((offer.package_id, holder[offer.contract_id]))
    no.update(provider_id for _, provider_id in said_no)
    return yes, no, since
