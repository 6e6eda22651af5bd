from __future__ import annotations

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.records import Restriction
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding


class NotRestricted(EligibilityRule):
    """The provider is not barred from new work, here or everywhere, on the day of the snapshot."""

    name = "not_restricted"
    order = 40
    source = "briefing, FAQ: a restricted principal receives no new contracts; its packages stay"
    in_statements = "restriction"
    obstacle = "a restriction bars it from new work"
    blocks = Blocks(principal="the principal may take no new work")
    depends_on_date = True

    def passes(self, county: County, packages: Ints) -> Bools:
        allowed = np.ones((len(packages), len(county.contracts)), dtype=np.bool_)
        holder = np.array([contract.provider_id for contract in county.contracts])
        home = county.package_area[packages]
        for restriction in _barring(county):
            here = home == county.area_of[restriction.area_id] if restriction.area_id else np.ones(len(home), dtype=np.bool_)
            allowed &= ~(here[:, None] & (holder == restriction.provider_id))
        return allowed

    def bars_new_work(self, county: County, contract: int) -> str:
        record = county.contracts[contract]
        barring = [r for r in _barring(county) if r.provider_id == record.provider_id and r.area_id in ("", record.area_id)]
        begun = min((restriction.starts for restriction in barring if restriction.starts), default=None)
        since = f" since {begun}" if begun and all(restriction.starts for restriction in barring) else ""
        return f"no new work{since}" if barring else ""

    def finding(self, county: County, package: int, contract: int) -> Finding:
        person, provider = county.packages[package], county.provider(contract)
        barring = [r for r in _barring(county) if r.provider_id == provider.provider_id and r.area_id in ("", person.area_id)]
        if barring:
            until = f"until {barring[0].ends}" if barring[0].ends else "until it is lifted"
            where = f" in area {barring[0].area_id}" if barring[0].area_id else ""
            sentence = f"{provider.name} may take no new work{where} {until} (restriction {barring[0].restriction_id})."
        else:
            sentence = f"No restriction stops {provider.name} from taking new work."
        return Finding(
            rule=self.name,
            passed=not barring,
            measured=barring[0].restriction_id if barring else "none",
            limit="none",
            unit="restriction",
            sentence=sentence,
        )


def _barring(county: County) -> list[Restriction]:
    return [r for r in county.restrictions if r.kind == "no_new_work"]
