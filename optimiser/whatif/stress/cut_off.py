"""What no plan can do after a failure: the most care that the room of others can hold, and where it is cut short.

A flow from people's needs to providers' hours: an upper bound beside the plan that was found, worked out without it and without
the solver.

The network: areas with their needs, each to the contracts that may be asked, these to their providers, within their limits. A
package may be divided here, limits that do not fit a network are left out, and everybody waits to be placed at once: so no plan
that keeps every rule places more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optimiser.county import County
from optimiser.judging.candidates import judge
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.book import RuleBook
from optimiser.whatif.stress.room_flow import most_placeable

if TYPE_CHECKING:
    from networkx import DiGraph

PEOPLE, HOURS = "people", "hours"
"""The two ends of the flow."""


@dataclass(frozen=True)
class Need:
    """Open packages of one area that need the same skills and may be asked of the same contracts."""

    area_id: str
    skills: tuple[str, ...]
    contracts: tuple[int, ...]
    minutes_per_week: int

    def __repr__(self) -> str:
        return f"<Need of {self.area_id}: {len(self.contracts)} contracts>"


@dataclass(frozen=True)
class CutOff:
    """``open_minutes``: of everybody without a place; ``placeable_minutes``: the most of them that any plan can place."""

    open_minutes: int
    placeable_minutes: int
    areas: tuple[str, ...]
    """Areas in which people are without a place and no provider may or can take any of them, sorted."""
    skills: tuple[str, ...]
    """Needs of people without a place that nobody may or can meet for any of them, sorted."""
    short: tuple[str, ...]
    """Areas whose people have to share room that does not hold them all, sorted; those of ``areas`` among them."""
    full_providers: tuple[str, ...]
    """Whose room it is: providers that are full at the cut, sorted by id."""

    def __repr__(self) -> str:
        return f"<CutOff: room for {self.placeable_minutes} of {self.open_minutes} minutes a week>"

    @property
    def unmet_at_least(self) -> int:
        """Minutes a week that stay unmet in every plan."""
        return self.open_minutes - self.placeable_minutes


def cut_off(county: County, rules: RuleBook) -> CutOff:
    """Of a county as it is after a failure: those whose contract ended wait with all others."""
    from networkx import minimum_cut

    needs, contract_room, provider_room = _needs(county, rules)
    minutes = _by_contracts(needs)
    graph = _network(county, minutes, contract_room, provider_room)
    # Against the arrows, so that of all smallest cuts it is the one that the fewest people stand before: those who are short.
    placeable, (_, before) = minimum_cut(graph.reverse(), HOURS, PEOPLE)
    beyond = [need for need in needs if ("asked", need.contracts) in before]
    held = {county.contracts[contract].provider_id for need in beyond for contract in need.contracts}
    return CutOff(
        open_minutes=sum(need.minutes_per_week for need in needs),
        placeable_minutes=int(placeable),
        areas=_without_any({need.area_id: [other for other in needs if other.area_id == need.area_id] for need in needs}),
        skills=_without_any(
            {skill: [other for other in needs if skill in other.skills] for need in needs for skill in need.skills}
        ),
        short=tuple(sorted({need.area_id for need in beyond})),
        full_providers=tuple(sorted(held)),
    )


def room_of_others(county: County, rules: RuleBook) -> tuple[int, int]:
    """Of everybody without a place the minutes, and the most of them that any plan can place: as ``cut_off``, in less time."""
    needs, contract_room, provider_room = _needs(county, rules)
    minutes = _by_contracts(needs)
    holders = {index: contract.provider_id for index, contract in enumerate(county.contracts)}
    return sum(minutes.values()), most_placeable(minutes, holders, contract_room, provider_room)


def _by_contracts(needs: Iterable[Need]) -> dict[tuple[int, ...], int]:
    """Minutes of those who may be asked of the same contracts."""
    minutes: defaultdict[tuple[int, ...], int] = defaultdict(int)
    for need in needs:
        minutes[need.contracts] += need.minutes_per_week
    return minutes


def _without_any(groups: Mapping[str, list[Need]]) -> tuple[str, ...]:
    return tuple(sorted(name for name, needs in groups.items() if not any(need.contracts for need in needs)))


def _needs(county: County, rules: RuleBook) -> tuple[list[Need], dict[int, int], dict[str, int]]:
    """Everybody without a place by what they need, and the room of contracts and of providers in minutes."""
    settled: dict[int, int | None] = {}
    for rule in rules.standing:
        settled.update(rule.settled(county))
    asked = np.array([package for package in range(len(county.packages)) if package not in settled], dtype=np.int64)
    candidates = judge(county, rules, asked)
    allowed = candidates.allowed.copy()
    usage = Usage.of(county, rules, entry_plan(county))
    row, contract = np.nonzero(allowed)
    package = candidates.packages[row]
    contract_room: dict[int, int] = {}
    provider_room: dict[str, int] = {}
    for limit, used in zip(usage.limits, usage.on_entry, strict=True):
        room = max(0, limit.whole_minutes - used)
        inside = np.isin(contract, limit.contracts)
        counts = np.zeros(len(package), dtype=np.bool_)
        counts[inside] = limit.counts_many(county, package[inside], contract[inside])
        # A package is placed whole: where one is larger than the room, it cannot go there.
        too_large = counts & (county.minutes[package] > room)
        allowed[row[too_large], contract[too_large]] = False
        if not counts[inside].all():
            continue
        holders = {county.contracts[each].provider_id for each in limit.contracts}
        if len(limit.contracts) == 1:
            (only,) = limit.contracts
            contract_room[only] = min(room, contract_room.get(only, room))
        elif len(holders) == 1 and set(limit.contracts) == _held_by(county, *holders):
            (holder,) = holders
            provider_room[holder] = min(room, provider_room.get(holder, room))
    grouped: defaultdict[tuple[str, tuple[str, ...], tuple[int, ...]], int] = defaultdict(int)
    for index, each in enumerate(candidates.packages.tolist()):
        person = county.packages[each]
        grouped[person.area_id, person.skills_needed, tuple(np.flatnonzero(allowed[index]).tolist())] += int(county.minutes[each])
    needs = [Need(*key, minutes) for key, minutes in sorted(grouped.items())]
    return needs, contract_room, provider_room


def _held_by(county: County, provider_id: str) -> set[int]:
    return {index for index, each in enumerate(county.contracts) if each.provider_id == provider_id}


def _network(
    county: County, minutes: Mapping[tuple[int, ...], int], contract_room: Mapping[int, int], provider_room: Mapping[str, int]
) -> DiGraph[object]:
    from networkx import DiGraph

    graph: DiGraph[object] = DiGraph()
    graph.add_nodes_from([PEOPLE, HOURS])
    for contracts, together in minutes.items():
        graph.add_edge(PEOPLE, ("asked", contracts), capacity=together)
        for contract in contracts:
            # A contract without a limit of its own is as good as its provider: an edge without a capacity holds what comes.
            graph.add_edge(("asked", contracts), _end(county, contract, contract_room))
    for contract in {each for contracts in minutes for each in contracts}:
        holder = ("provider", county.contracts[contract].provider_id)
        if contract in contract_room:
            graph.add_edge(("contract", contract), holder, capacity=contract_room[contract])
        if holder[1] in provider_room:
            graph.add_edge(holder, HOURS, capacity=provider_room[holder[1]])
        else:
            graph.add_edge(holder, HOURS)
    return graph


def _end(county: County, contract: int, contract_room: Mapping[int, int]) -> tuple[str, int | str]:
    return ("contract", contract) if contract in contract_room else ("provider", county.contracts[contract].provider_id)
