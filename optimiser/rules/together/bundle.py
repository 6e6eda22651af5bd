from __future__ import annotations

from collections.abc import Iterator

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import TogetherRule
from optimiser.rules.vocabulary import Finding


class BundleTogether(TogetherRule):
    """New packages that are called off as a bundle go to one contract together, or none of them is placed."""

    name = "bundle_together"
    order = 10
    source = "snapshot format: bundle_id; a round called off at once"
    obstacle = "another package of its bundle may not go there"

    def groups(self, county: County) -> list[tuple[int, ...]]:
        return list(county.bundles.values())

    def findings(self, county: County, plan: Plan) -> Iterator[tuple[str, Finding]]:
        for bundle_id, members in county.bundles.items():
            contracts = {plan.contracts[member] for member in members}
            on = sorted("none" if each is None else county.contracts[each].contract_id for each in contracts)
            together = len(contracts) == 1
            yield (
                bundle_id,
                Finding(
                    rule=self.name,
                    passed=together,
                    measured=";".join(on),
                    limit=None,
                    unit="contract",
                    sentence=f"The {len(members)} packages of bundle {bundle_id}"
                    + (f" are together on {on[0]}." if together else f" are parted among {', '.join(on)}."),
                ),
            )
