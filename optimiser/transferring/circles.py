"""Rounds that hand each other their room: swaps, and longer circles, in which each round goes where the next one leaves.

One by one none of them fits; together, on one day, they do: a wave is one day, and whatever leaves on it makes room under a
limit for whatever comes on it. The search needs none of this to find them, but it begins with a plan that has them, and keeps
it where it is cut short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from optimiser.county import County
from optimiser.transferring.candidate_rounds import Candidate
from optimiser.transferring.problem import STAYS, Choice, Limit, Problem
from optimiser.transferring.targets import Room, Target

if TYPE_CHECKING:
    from networkx import DiGraph


MOST_ROUNDS = 6
"""The longest circle looked for."""
MOST_CIRCLES = 1_000
"""So many circles are tried: a county may hold very many, and the search goes on from any of them."""


def with_circles(problem: Problem, choice: Choice) -> Choice:
    """A choice with every circle added that fits, the shortest ones first, each on the first day that all of it may move on."""
    for circle in sorted(islice(circles(problem, choice), MOST_CIRCLES), key=len):
        if all(choice[index] == STAYS for index in circle):
            choice = _with_circle(problem, choice, circle)
    return choice


def circles(problem: Problem, choice: Choice) -> Iterator[tuple[int, ...]]:
    """Circles of rounds that stay so far."""
    if not any(limit.counts_both_ways for limit in problem.limits):
        return
    from networkx import simple_cycles

    for circle in simple_cycles(_goes_where_another_leaves(problem, choice), length_bound=MOST_ROUNDS):
        yield tuple(sorted(circle))


def _goes_where_another_leaves(problem: Problem, choice: Choice) -> DiGraph[int]:
    """An arrow from each round to every one whose leaving makes enough room for it on a day that both may move on."""
    from networkx import DiGraph

    graph: DiGraph[int] = DiGraph()
    for limit in problem.limits:
        if limit.counts_both_ways:
            free = [index for index in limit.weights if problem.waves[index] and choice[index] == STAYS]
            leaving = [index for index in free if limit.weights[index] < 0]
            graph.add_edges_from(
                (comes, leaves)
                for comes in free
                if limit.weights[comes] > 0
                for leaves in leaving
                if limit.weights[comes] + limit.weights[leaves] <= limit.room
                and set(problem.waves[comes]) & set(problem.waves[leaves])
            )
    return graph


def _with_circle(problem: Problem, choice: Choice, circle: Iterable[int]) -> Choice:
    members = set(circle)
    for wave in sorted(set.intersection(*(set(problem.waves[index]) for index in members))):
        tried = tuple(wave if index in members else now for index, now in enumerate(choice))
        if not problem.breaks(tried):
            return tried
    return choice


def limits_of(
    county: County, room: Room, targets: tuple[Target, ...], found: tuple[Candidate, ...], wave_count: int
) -> list[Limit]:
    """One limit for all waves where nothing leaves; else one for each wave, on what has come by then less what has left."""
    coming = {
        i: room.counted(county, each.members, to)
        for i, each in enumerate(found)
        if (to := targets[each.target].contract) in room.contracts
    }
    leaving = leaving_minutes(county, room, found)
    possible = [wave for index in coming for wave in found[index].waves]
    if not leaving or not possible:
        return [Limit(room.rule, room.subject, coming, frozenset(range(wave_count)), room.minutes, room.sentence)]
    net = {i: coming.get(i, 0) - leaving.get(i, 0) for i in sorted(coming.keys() | leaving.keys())}
    sentence = f"{room.sentence}, what leaves counted"
    return [
        Limit(room.rule, room.subject, net, frozenset(range(wave + 1)), room.minutes, sentence)
        for wave in range(min(possible), wave_count)
    ]


def leaving_minutes(county: County, room: Room, found: tuple[Candidate, ...]) -> Mapping[int, int]:
    """Per candidate that may move: its minutes that count under the limit now, and would not any more."""
    if room.limit is None:
        return {}
    minutes = {}
    for index, each in enumerate(found):
        counted = [
            int(county.minutes[member])
            for member in (each.members if each.waves else ())
            if (now := int(county.running_on[member])) in room.limit.contracts and room.limit.counts(county, member, now)
        ]
        if counted:
            minutes[index] = sum(counted)
    return minutes
