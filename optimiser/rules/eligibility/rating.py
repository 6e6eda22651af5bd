from __future__ import annotations

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.records import Provider
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding


class Rating(EligibilityRule):
    """The provider's ratings do not bar new work: CQC's, and the council's own once it is published."""

    name = "rating"
    order = 50
    source = "cabinet: quality floor; pamms: only a published rating counts"
    settings = ("bar_cqc", "bar_pamms")
    obstacle = "its rating bars new work"
    blocks = Blocks(principal="the principal's rating bars new work")
    depends_on_date = False

    def passes(self, county: County, packages: Ints) -> Bools:
        good = np.array([not _barred(county, provider) for provider in county.providers], dtype=np.bool_)
        return np.broadcast_to(good[county.provider_of], (len(packages), len(county.contracts)))

    def bars_new_work(self, county: County, contract: int) -> str:
        provider = county.provider(contract)
        council = _published(county, provider)
        if council in county.policy.bar_pamms and council:
            return f"no new work since {provider.pamms_published} (PAMMS {council.replace('_', ' ')})"
        barred = provider.cqc_rating in county.policy.bar_cqc
        return f"no new work (CQC {provider.cqc_rating.replace('_', ' ')})" if barred else ""

    def finding(self, county: County, package: int, contract: int) -> Finding:
        provider = county.provider(contract)
        council = _published(county, provider)
        barred = provider.cqc_rating in county.policy.bar_cqc or council in county.policy.bar_pamms
        stated = f"CQC {provider.cqc_rating.replace('_', ' ')}, PAMMS {council.replace('_', ' ') or 'none published'}"
        return Finding(
            rule=self.name,
            passed=not barred,
            measured=f"{provider.cqc_rating};{council}",
            limit=";".join((*county.policy.bar_cqc, *county.policy.bar_pamms)),
            unit="ratings that bar new work",
            sentence=f"{provider.name} is rated {stated}: that {'bars' if barred else 'does not bar'} new work.",
        )


def _published(county: County, provider: Provider) -> str:
    """The council's own rating where it counts: on and after its publication, and never without that date."""
    published = provider.pamms_published
    return provider.pamms_rating if published and published <= county.as_of else ""


def _barred(county: County, provider: Provider) -> bool:
    """Model half, from the records themselves."""
    if provider.cqc_rating in county.policy.bar_cqc:
        return True
    counts = provider.pamms_published is not None and provider.pamms_published <= county.as_of
    return counts and provider.pamms_rating in county.policy.bar_pamms
