from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.cqc import said_of_worst, worst_of
from optimiser.domain.records import Provider
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding


class Rating(EligibilityRule):
    """The provider's ratings do not bar new work: CQC's of the location, and the council's own once it is published."""

    name = "rating"
    order = 50
    source = "cabinet: quality floor; pamms: only a published rating counts"
    in_statements = "rating"
    settings = ("bar_cqc", "bar_pamms")
    obstacle = "its rating bars new work"
    blocks = Blocks(principal="the principal's rating bars new work")
    depends_on_date = False

    def passes(self, county: County, packages: Ints) -> Bools:
        at_location = {location.location_id: location.cqc_rating for location in county.snapshot.locations}
        good = [
            not _barred(county, provider, at_location.get(contract.location_id, provider.cqc_rating))
            for contract, provider in ((each, county.provider(index)) for index, each in enumerate(county.contracts))
        ]
        return np.broadcast_to(np.array(good, dtype=np.bool_), (len(packages), len(county.contracts)))

    def bars_new_work(self, county: County, contract: int) -> str:
        provider = county.provider(contract)
        council = _published(county, provider)
        if council in county.policy.bar_pamms and council:
            return f"no new work since {provider.pamms_published} (PAMMS {council.replace('_', ' ')})"
        cqc = cqc_of(county, contract)
        since = f" since {cqc.since}" if cqc.since else ""
        return f"no new work{since} (CQC {cqc.in_words})" if cqc.rating in county.policy.bar_cqc else ""

    def finding(self, county: County, package: int, contract: int) -> Finding:
        provider = county.provider(contract)
        council = _published(county, provider)
        cqc = cqc_of(county, contract)
        barred = cqc.rating in county.policy.bar_cqc or council in county.policy.bar_pamms
        stated = f"CQC {cqc.in_words}, PAMMS {council.replace('_', ' ') or 'none published'}"
        return Finding(
            rule=self.name,
            passed=not barred,
            measured=f"{cqc.rating};{council}",
            limit=";".join((*county.policy.bar_cqc, *county.policy.bar_pamms)),
            unit="ratings that bar new work",
            sentence=f"{provider.name} is rated {stated}: that {'bars' if barred else 'does not bar'} new work.",
        )


class Cqc(NamedTuple):
    """CQC's rating that counts for a contract."""

    rating: str
    whose: str = ""
    """Which location it is of, as it stands after the rating; empty where no locations of the provider are known."""
    since: dt.date | None = None

    @property
    def in_words(self) -> str:
        return self.rating.replace("_", " ") + self.whose


def cqc_of(county: County, contract: int) -> Cqc:
    """Check half, from the locations: that which the contract names, else the worst of its provider's."""
    record = county.contracts[contract]
    own = county.locations_of.get(record.provider_id, ())
    for each in own:
        if each.location_id == record.location_id:
            return Cqc(each.cqc_rating, f" at {each.name or each.location_id}, which the contract names", each.cqc_rated)
    if not own:
        return Cqc(county.provider(contract).cqc_rating)
    worst = worst_of(own)
    return Cqc(worst.cqc_rating, f", {said_of_worst(len(own))}", worst.cqc_rated)


def _published(county: County, provider: Provider) -> str:
    """The council's own rating where it counts: on and after its publication, and never without that date."""
    published = provider.pamms_published
    return provider.pamms_rating if published and published <= county.as_of else ""


def _barred(county: County, provider: Provider, cqc_rating: str) -> bool:
    """Model half, from the records themselves."""
    if cqc_rating in county.policy.bar_cqc:
        return True
    counts = provider.pamms_published is not None and provider.pamms_published <= county.as_of
    return counts and provider.pamms_rating in county.policy.bar_pamms
