"""The most care that the room of others can hold, as a number alone: a flow from needs to providers.

The same flow as ``cut_off`` tells in words, by another program and in a fifth of the time, for thousands of failures. The cut
that it leaves is added up here, and both have to be equal: what is returned is proven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping

from optimiser.judging.checking import DisagreementError
from optimiser.solving.engine_max_flow import Arc, largest_flow

PEOPLE, HOURS = "people", "hours"
"""The two ends of the flow."""


def most_placeable(
    minutes: Mapping[tuple[int, ...], int],
    holders: Mapping[int, str],
    contract_room: Mapping[int, int],
    provider_room: Mapping[str, int],
) -> int:
    """Minutes a week. ``minutes``: of those who may be asked of the same contracts; ``holders``: whose each contract is.

    Raises ``DisagreementError`` where flow and cut differ.
    """
    # A contract without a limit of its own is as good as its provider, so that many who may be asked of different ones are alike.
    needs: defaultdict[frozenset[int | str], int] = defaultdict(int)
    for contracts, together in minutes.items():
        needs[frozenset(each if each in contract_room else holders[each] for each in contracts)] += together
    whole = sum(needs.values())
    places: dict[Hashable, int] = {PEOPLE: 0, HOURS: 1}
    arcs: list[Arc] = []

    def arc(start: Hashable, end: Hashable, capacity: int) -> None:
        arcs.append((places.setdefault(start, len(places)), places.setdefault(end, len(places)), capacity))

    for ends, together in needs.items():
        arc(PEOPLE, ends, together)
        for end in sorted(ends, key=str):
            arc(ends, ("end", end), together)
    asked = {end for ends in needs for end in ends}
    for contract in sorted(end for end in asked if isinstance(end, int)):
        arc(("end", contract), ("end", holders[contract]), contract_room[contract])
    for holder in sorted({end if isinstance(end, str) else holders[end] for end in asked}):
        arc(("end", holder), HOURS, provider_room.get(holder, whole))
    flow, before = largest_flow(arcs, places[PEOPLE], places[HOURS])
    cut = sum(capacity for start, end, capacity in arcs if start in before and end not in before)
    if cut != flow or places[HOURS] in before:
        raise DisagreementError(f"a flow of {flow} minutes and a cut of {cut} should be equal")
    return flow
