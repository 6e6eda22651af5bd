"""Rounds: running care of one provider in one area, cut into compact groups of about a dozen people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from .market import Contract
from .people import Person

Round = dict[str, str]
PEOPLE_IN_A_ROUND = 13
FEWEST = 3
"""Smaller pieces of work are visited as they come and are in no round."""


def rounds(random: Random, persons: Sequence[Person], contracts: dict[str, Contract]) -> list[Round]:
    work: dict[tuple[str, str], list[Person]] = {}
    for person in persons:
        if person.contract_id:
            work.setdefault((person.area_id, contracts[person.contract_id].provider.provider_id), []).append(person)
    found: list[Round] = []
    for (area_id, provider_id), group in sorted(work.items()):
        if len(group) < FEWEST:
            continue
        for members in halves(group):
            name = f"RD{len(found) + 1:03d}"
            hours = sum(p.minutes for p in members) / 60 * random.uniform(1.12, 1.3)
            for person in members:
                person.round_id = name
            staff = max(1, math.ceil(hours / random.uniform(22, 30)))
            found.append(
                {
                    "round_id": name,
                    "provider_id": provider_id,
                    "area_id": area_id,
                    "staff": str(staff),
                    "staff_hours_per_week": f"{hours:.1f}",
                }
            )
    return found


def halves(group: Sequence[Person]) -> list[list[Person]]:
    """Cut across the longer side, again and again, until the pieces are the size of a round."""
    if len(group) <= PEOPLE_IN_A_ROUND * 1.4:
        return [list(group)]
    tall = spread([p.at.latitude for p in group]) * 1.65 > spread([p.at.longitude for p in group])
    ordered = sorted(group, key=lambda p: (p.at.latitude if tall else p.at.longitude, p.package_id))
    pieces = math.ceil(len(group) / PEOPLE_IN_A_ROUND)
    cut = len(group) * (pieces // 2) // pieces
    return halves(ordered[:cut]) + halves(ordered[cut:])


def spread(values: Sequence[float]) -> float:
    return max(values) - min(values)
