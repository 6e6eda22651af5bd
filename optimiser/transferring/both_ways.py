"""Limits that what leaves makes room under: what comes to a provider and what leaves it count together, wave by wave.

A wave is one day: whatever leaves on it makes room for whatever comes on it, so that two principals may hand each other a round.
"""

from __future__ import annotations

from collections.abc import Mapping

from optimiser.county import County
from optimiser.transferring.candidate_rounds import Candidate
from optimiser.transferring.problem import Limit
from optimiser.transferring.targets import Room, Target


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
