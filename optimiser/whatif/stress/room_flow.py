"""The most care that the room of others can hold, as a number alone: Dinic's algorithm (1970) from needs to providers.

The same flow as ``cut_off`` tells in words, without its graph: a fifth of the time, for thousands of failures. The cut that the
last search leaves is added up as well, and both have to be equal: what is returned is proven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping

from optimiser.judging.checking import DisagreementError

SOURCE, SINK = 0, 1


def most_placeable(
    minutes: Mapping[tuple[int, ...], int],
    holders: Mapping[int, str],
    contract_room: Mapping[int, int],
    provider_room: Mapping[str, int],
) -> int:
    """Minutes a week. ``minutes``: of those who may be asked of the same contracts; ``holders``: whose each contract is.

    Raises ``DisagreementError`` where flow and cut differ.
    """
    needs: defaultdict[frozenset[Hashable], int] = defaultdict(int)
    for contracts, together in minutes.items():
        needs[frozenset(each if each in contract_room else holders[each] for each in contracts)] += together
    flow, whole = _Flow(), sum(needs.values())
    for ends, together in needs.items():
        need = flow.node(("need", ends))
        flow.edge(SOURCE, need, together)
        for end in sorted(ends, key=str):
            flow.edge(need, flow.node(end), together)
    for end in sorted({end for ends in needs for end in ends if isinstance(end, int)}):
        flow.edge(flow.node(end), flow.node(holders[end]), contract_room[end])
    for holder in sorted({each if isinstance(each, str) else holders[each] for each in _all(needs)}):
        flow.edge(flow.node(holder), SINK, provider_room.get(holder, whole))
    return flow.greatest()


def _all(needs: Iterable[frozenset[Hashable]]) -> set[int | str]:
    return {end for ends in needs for end in ends if isinstance(end, int | str)}


class _Flow:
    """A network by its edges; the edge back stands beside each (``number ^ 1``)."""

    def __init__(self) -> None:
        self._of: dict[Hashable, int] = {}
        self._out: list[list[int]] = [[], []]
        self._to: list[int] = []
        self._left: list[int] = []
        self._capacity: list[int] = []

    def node(self, name: Hashable) -> int:
        """The number of a place in the network."""
        if name not in self._of:
            self._of[name] = len(self._out)
            self._out.append([])
        return self._of[name]

    def edge(self, start: int, end: int, capacity: int) -> None:
        for one, other, room in ((start, end, capacity), (end, start, 0)):
            self._out[one].append(len(self._to))
            self._to.append(other)
            self._left.append(room)
            self._capacity.append(room)

    def greatest(self) -> int:
        """The value of the greatest flow."""
        flow = 0
        while (depth := self._depths())[SINK] >= 0:
            at = [0] * len(self._out)
            while pushed := self._push(depth, at):
                flow += pushed
        cut = sum(self._capacity[edge] for node, far in enumerate(depth) if far >= 0 for edge in self._out[node]
                  if depth[self._to[edge]] < 0)  # fmt: skip
        if cut != flow:
            raise DisagreementError(f"a flow of {flow} minutes and a cut of {cut} should be equal")
        return flow

    def _depths(self) -> list[int]:
        """How many edges with room each place is from the source; -1: not to be reached."""
        depth = [-1] * len(self._out)
        depth[SOURCE] = 0
        now = [SOURCE]
        while now:
            following = []
            for node in now:
                for edge in self._out[node]:
                    end = self._to[edge]
                    if self._left[edge] and depth[end] < 0:
                        depth[end] = depth[node] + 1
                        following.append(end)
            now = following
        return depth

    def _push(self, depth: list[int], at: list[int]) -> int:
        """Along one more shortest way, as much as it holds; 0: there is none. ``at``: which edges of each place are used up."""
        way: list[int] = []
        node = SOURCE
        while node != SINK:
            out = self._out[node]
            while at[node] < len(out):
                edge = out[at[node]]
                if self._left[edge] and depth[self._to[edge]] == depth[node] + 1:
                    break
                at[node] += 1
            else:
                if not way:
                    return 0
                node = self._to[way.pop() ^ 1]
                at[node] += 1
                continue
            way.append(edge)
            node = self._to[edge]
        pushed = min(self._left[edge] for edge in way)
        for edge in way:
            self._left[edge] -= pushed
            self._left[edge ^ 1] += pushed
        return pushed
