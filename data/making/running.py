"""Who delivers the care that is running, and the limits that leave the county about as tight as a real one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from . import figures
from .flat import Point
from .market import Contract, Market, Provider
from .people import Person

AS_OF = figures.AS_OF.isoformat()


@dataclass(slots=True)
class Slot:
    """Room for running care on one contract, in minutes a week."""

    contract: Contract
    size: float
    left: float


def able(provider: Provider, person: Person) -> bool:
    """What every tier needs: the skills, within the provider's reach, and not refused by the person."""
    fits = set(person.skills) <= set(provider.skills) and provider.reaches(person.at)
    return fits and provider.provider_id not in person.excluded


def place_running(random: Random, persons: Sequence[Person], market: Market, live: Sequence[str]) -> None:
    areas = sorted({p.area_id for p in persons})
    for area_id in areas:
        here = [p for p in persons if p.area_id == area_id]
        slots = area_slots(random, market, area_id, area_id in live)
        spot = spot_providers(market, area_id, area_id in live)
        total = sum(p.minutes for p in here)
        spot_left = total - sum(p.minutes for p in here if p.new) - sum(s.left for s in slots)
        for person in random.sample(here, len(here)):
            if not person.new:
                spot_left -= settle(random, person, slots, spot, spot_left)


def settle(random: Random, person: Person, slots: Sequence[Slot], spot: Sequence[Contract], spot_left: float) -> int:
    """Give one person a contract; returns the minutes that went to the legacy framework."""
    fit = [s for s in slots if s.left >= person.minutes and able(s.contract.provider, person)]
    room = sum(s.left for s in fit)
    if fit and random.random() * (room + max(spot_left, 0)) < room:
        slot = random.choices(fit, [s.left * nearness(s.contract.provider, person.at, 6) for s in fit])[0]
        slot.left -= person.minutes
        person.contract_id = slot.contract.contract_id
        return 0
    able_here = [c for c in spot if able(c.provider, person)] or [c for c in spot if set(person.skills) <= set(c.provider.skills)]
    chosen = random.choices(able_here, [c.provider.size * nearness(c.provider, person.at, 2.5) for c in able_here])[0]
    person.contract_id = chosen.contract_id
    return person.minutes


def nearness(provider: Provider, at: Point, scale: float) -> float:
    return math.exp(-provider.miles_to(at) / scale) + 1e-9


def area_slots(random: Random, market: Market, area_id: str, is_live: bool) -> list[Slot]:
    """The contracts of the area that are in force, each filled up to a little under its limit."""
    slots = []
    for contract in market.contracts:
        if contract.area_id != area_id or not contract.in_force(AS_OF) or contract.max_hours_4w is None:
            continue
        if contract.tier != "legacy" and not is_live:
            continue
        limit = contract.max_hours_4w * 15
        spare = random.uniform(*(figures.PRINCIPAL_HEADROOM if contract.tier == "principal" else figures.FRAMEWORK_HEADROOM))
        slots.append(Slot(contract, limit, limit * (1 - spare)))
    return slots


def spot_providers(market: Market, area_id: str, is_live: bool) -> list[Contract]:
    """County-wide legacy contracts in force; where an area is live, its principal does not work on one."""
    principals = {c.provider.provider_id for c in market.contracts if c.tier == "principal" and c.area_id == area_id and is_live}
    return [
        c
        for c in market.contracts
        if c.tier == "legacy" and not c.area_id and c.in_force(AS_OF) and c.provider.provider_id not in principals
    ]


def minutes_on(persons: Sequence[Person], market: Market) -> dict[str, int]:
    """Running care of every contract, in minutes a week."""
    on_contract = {c.contract_id: 0 for c in market.contracts}
    for person in persons:
        if person.contract_id:
            on_contract[person.contract_id] += person.minutes
    return on_contract


def set_limits(random: Random, on_contract: dict[str, int], market: Market) -> None:
    """What a provider can do in all: what it does or holds now, most of the room on its area contracts, a bit more."""
    work = {p.provider_id: 0 for p in market.providers}
    for contract in market.contracts:
        work[contract.provider.provider_id] += on_contract[contract.contract_id]
    for provider in market.providers[: figures.FRAMEWORK_MEMBERS]:
        mine = [c for c in market.contracts if c.provider is provider and c.in_force(AS_OF) and c.max_hours_4w is not None]
        room = sum(max(0.0, (c.max_hours_4w or 0) - on_contract[c.contract_id] / 15) for c in mine if c.tier != "legacy")
        hours = work[provider.provider_id] / 15
        spare = hours * random.uniform(*figures.PROVIDER_SPARE_SHARE) + random.uniform(*figures.PROVIDER_SPARE_HOURS)
        limit = hours + figures.ROOM_IT_CAN_FILL * room + spare
        provider.max_hours_4w = max(int(limit // 10) * 10, math.ceil(hours / 10) * 10)
    overfull(random, market, on_contract, work)


def overfull(random: Random, market: Market, on_contract: dict[str, int], work: dict[str, int]) -> None:
    """Three limits that running care already exceeds: two framework contracts and one provider's own."""
    framework = [c for c in market.contracts if c.tier == "framework" and on_contract[c.contract_id] > 0]
    for contract in random.sample(framework, 2):
        contract.max_hours_4w = on_contract[contract.contract_id] // 150 * 10 - 10
    held = {c.provider.provider_id for c in market.contracts if c.tier != "legacy"}
    spot_only = [p for p in market.providers if p.provider_id not in held and work[p.provider_id] > 3000]
    chosen = random.choice(spot_only)
    chosen.max_hours_4w = work[chosen.provider_id] // 150 * 10 - 20
