"""Which contracts a change of records touches: what is known of packages on all others rests on nothing that has changed.

A candidate rests on its contract, on its provider with all of the provider's contracts, offices, limits and restrictions, and on
the shares of its area, to which every contract of the area belongs. It is cautious: where something else has changed as well, all
is worked out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from optimiser.domain.snapshot import Snapshot

Of = Callable[[Any, Mapping[str, str]], str]
"""The provider of a record, given the provider of each contract."""

PROVIDER_OF: Mapping[str, Of] = {
    **dict.fromkeys(("providers", "contracts", "restrictions", "offices"), lambda record, _: record.provider_id),
    "rates": lambda record, of_contract: of_contract[record.contract_id],
}
TOUCHES_NONE = ("offers", "rounds")
"""What rests on offers says so itself; on rounds nothing does."""


def touched_contracts(before: Snapshot, after: Snapshot, changed: Iterable[str]) -> frozenset[int] | None:
    """The contracts by their places, where records of these kinds have changed on one day; None: it may be any of them."""
    kinds = set(changed) - set(TOUCHES_NONE)
    if before.as_of != after.as_of or not kinds <= PROVIDER_OF.keys():
        return None
    if [each.contract_id for each in before.contracts] != [each.contract_id for each in after.contracts]:
        return None  # they have other places now
    of_contract = {each.contract_id: each.provider_id for each in after.contracts}
    providers = {
        PROVIDER_OF[kind](record, of_contract)
        for kind in kinds
        for record in set(getattr(before, kind)) ^ set(getattr(after, kind))
    }
    areas = {each.area_id for each in (*before.contracts, *after.contracts) if each.provider_id in providers and each.area_id}
    return frozenset(
        place for place, each in enumerate(after.contracts) if each.provider_id in providers or each.area_id in areas
    )
