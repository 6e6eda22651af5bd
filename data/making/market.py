"""The invented market: providers with skills and ratings, their offices, and who holds which contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from . import figures
from .facts import Area
from .flat import Point, km, miles, shifted
from .names import provider_names
from .outlines import Settlement
from .people import pick

GOOD = ("good", "outstanding", "excellent")


@dataclass(slots=True)
class Provider:
    """An invented provider; the columns of `providers.csv`, and its offices."""

    provider_id: str
    name: str
    home_area: str
    size: float
    """How much work it seeks, relative to the others."""
    skills: list[str] = field(default_factory=list)
    cqc: str = "good"
    pamms: str = ""
    pamms_published: str = ""
    offices: list[Point] = field(default_factory=list)
    max_miles: int | None = None
    max_hours_4w: int | None = None

    def reaches(self, at: Point) -> bool:
        return self.max_miles is None or self.miles_to(at) <= self.max_miles - 0.05

    def miles_to(self, at: Point) -> float:
        return min(miles(office, at) for office in self.offices)


@dataclass(slots=True)
class Contract:
    """One line of `contracts.csv`; `pence` holds one price or one for each band."""

    contract_id: str
    provider: Provider
    tier: str
    area_id: str = ""
    starts: str = ""
    ends: str = ""
    max_hours_4w: int | None = None
    guarantee: str = ""
    pence: tuple[int, ...] = ()
    bands: str = ""
    increment: int = 15

    def in_force(self, on: str) -> bool:
        return self.starts <= on and (not self.ends or on < self.ends)


@dataclass(slots=True)
class Market:
    """All providers, framework members first, and all contracts."""

    providers: list[Provider]
    contracts: list[Contract]


def providers(random: Random, areas: Sequence[Area], homes: Sequence[Settlement]) -> list[Provider]:
    """The 86 members of the framework first, spread over the areas in turn, then the other registered providers."""
    names = provider_names(random, figures.PROVIDERS)
    found = []
    for number, name in enumerate(names):
        area = areas[number % len(areas)]
        towns = [h for h in homes if h.area_id == area.area_id]
        provider = Provider(f"PROV{number + 1:03d}", name, area.area_id, random.lognormvariate(0, 0.6))
        provider.skills = [s for s, chance in figures.PROVIDER_SKILL_CHANCES if random.random() < chance]
        rate(random, provider)
        open_office(random, provider, towns)
        provider.max_miles = reach(random)
        found.append(provider)
    return found


def reach(random: Random) -> int | None:
    """How far it goes from an office, in miles: most providers stay near, one in eight goes anywhere."""
    return None if random.random() < 0.12 else random.choice((4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 10, 12, 15))


def rate(random: Random, provider: Provider) -> None:
    """CQC's rating, and in four of five cases a PAMMS rating with its date of publication (a few are still to come)."""
    provider.cqc = pick(
        random, (("good", 76), ("requires_improvement", 14), ("outstanding", 5), ("not_rated", 4), ("inadequate", 1))
    )
    if random.random() < 0.8:
        provider.pamms = pick(random, (("good", 62), ("requires_improvement", 26), ("excellent", 9), ("poor", 3)))
        published = figures.AS_OF + dt.timedelta(days=random.randint(-600, 12))
        provider.pamms_published = published.isoformat() if random.random() < 0.95 else ""


def open_office(random: Random, provider: Provider, towns: Sequence[Settlement]) -> None:
    home = random.choices(towns, [h.people_65 + 1 for h in towns])[0]
    provider.offices.append(shifted(home.at, random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6), 4))


def barred(provider: Provider) -> bool:
    return provider.cqc == "inadequate" or provider.pamms == "poor"


def market(random: Random, areas: Sequence[Area], homes: Sequence[Settlement], hours_4w: dict[str, float]) -> Market:
    everyone = providers(random, areas, homes)
    members = everyone[: figures.FRAMEWORK_MEMBERS]
    lots = principal_lots(random, areas, members)
    found = Market(everyone, [])
    for area in areas:
        open_to_area(found.contracts, random, area, lots[area.area_id], members, hours_4w[area.area_id])
    for area in areas:
        ensure_office(random, lots[area.area_id], [h for h in homes if h.area_id == area.area_id])
    while sum(len(p.offices) for p in everyone) < figures.OFFICES:
        grower = random.choice(members)
        near = [h for h in homes if 8 < km(h.at, grower.offices[0]) < 35]
        if near and len(grower.offices) < 4:
            open_office(random, grower, near)
    for number, (area_id, starts, ends, hours, guarantee) in enumerate(figures.BLOCKS, 1):
        holders = [p for p in members if p.home_area == area_id and p is not lots[area_id] and not barred(p)]
        pence = (random.randint(*figures.BLOCK_PENCE),)
        block = Contract(f"OB-{number:02d}-{area_id}", holders[number % len(holders)], "legacy", area_id, starts, ends)
        block.max_hours_4w, block.guarantee, block.pence = hours, guarantee, pence
        found.contracts.append(block)
    for number, member in enumerate(members, 1):
        found.contracts.append(legacy(random, f"LF-{number:03d}", member, "2019-11-01", "2029-04-01"))
    for number, former in enumerate(everyone[len(members) : len(members) + 4], 1):
        found.contracts.append(legacy(random, f"LF-X{number:02d}", former, "2019-11-01", f"2025-{3 * number - 2:02d}-01"))
    return found


def legacy(random: Random, contract_id: str, provider: Provider, starts: str, ends: str) -> Contract:
    pence = (random.randint(*figures.LEGACY_PENCE),)
    return Contract(contract_id, provider, "legacy", "", starts, ends, None, "", pence, "", 5)


def principal_lots(random: Random, areas: Sequence[Area], members: Sequence[Provider]) -> dict[str, Provider]:
    """One principal an area, rated good or better; one provider of each larger region holds two lots, nobody more."""
    lots: dict[str, Provider] = {}
    for region in sorted({a.region for a in areas}):
        here = [a for a in areas if a.region == region]
        double = here[random.randrange(len(here) - 1)] if len(here) > 2 else None
        for position, area in enumerate(here):
            if double is not None and position > 0 and here[position - 1] is double:
                lots[area.area_id] = lots[double.area_id]
                continue
            fit = [p for p in members if p.home_area == area.area_id and p not in lots.values()]
            chosen = max(fit, key=lambda p: (len(p.skills), p.size))
            prepare_principal(random, chosen)
            lots[area.area_id] = chosen
    return lots


def prepare_principal(random: Random, provider: Provider) -> None:
    """A principal covers its whole area, double-handed care included, and was rated good when it bid."""
    provider.max_miles = None
    provider.size += 1.5
    provider.cqc = "outstanding" if random.random() < 0.15 else "good"
    if provider.pamms == "poor":
        provider.pamms = "good"
    wanted = {"double_handed", "dementia", "medication", *provider.skills}
    provider.skills = [s for s, _ in figures.PROVIDER_SKILL_CHANCES if s in wanted]


def ensure_office(random: Random, provider: Provider, towns: Sequence[Settlement]) -> None:
    if min(km(office, h.at) for office in provider.offices for h in towns) > 3:
        open_office(random, provider, towns)


def open_to_area(
    contracts: list[Contract],
    random: Random,
    area: Area,
    principal: Provider,
    members: Sequence[Provider],
    hours: float,
) -> None:
    """The area's principal and its framework, with limits in proportion to the hours that the area buys."""
    pence = random.randint(*figures.PRINCIPAL_PENCE)
    guarantee = random.choice(figures.GUARANTEES)
    ends = "2034-04-01" if area.region == "Norwich" else "2032-04-01"
    limit = round(hours * random.uniform(*figures.PRINCIPAL_MAX_SHARE), -1)
    first = Contract(f"PP-{area.area_id}", principal, "principal", area.area_id, area.go_live, ends)
    first.max_hours_4w, first.guarantee, first.pence = int(limit), guarantee, (pence,)
    contracts.append(first)
    count, share = figures.SHORT_FRAMEWORKS.get(
        area.area_id, (random.randint(*figures.FRAMEWORK_PROVIDERS), random.uniform(*figures.FRAMEWORK_MAX_SHARE))
    )
    chosen = framework_members(random, area, principal, members, contracts, count)
    parts = [random.uniform(0.8, 1.25) for _ in chosen]
    for number, (provider, part) in enumerate(zip(chosen, parts, strict=True), 1):
        contract = Contract(f"FW-{area.area_id}-{number}", provider, "framework", area.area_id, area.go_live, ends)
        contract.max_hours_4w = int(round(hours * share * part / sum(parts), -1))
        contract.pence = framework_pence(random, area)
        contract.bands = "1;2" if area.region in figures.CENTRAL_BELT and random.random() < 0.15 else ""
        contracts.append(contract)


def framework_pence(random: Random, area: Area) -> tuple[int, ...]:
    pence = random.randint(*figures.FRAMEWORK_PENCE)
    if area.region not in figures.CENTRAL_BELT:
        return (pence,)
    return pence, pence * figures.BAND_2_PER_CENT // 100, pence * figures.BAND_3_PER_CENT // 100


def framework_members(
    random: Random,
    area: Area,
    principal: Provider,
    members: Sequence[Provider],
    contracts: Sequence[Contract],
    count: int,
) -> list[Provider]:
    """Providers of the area first, then large ones from around; nobody holds more than three framework contracts."""
    held = [c.provider.provider_id for c in contracts if c.tier == "framework"]
    fit = [p for p in members if p is not principal and not barred(p) and held.count(p.provider_id) < 3]
    local = [p for p in fit if p.home_area == area.area_id]
    middle = principal.offices[0]
    near = sorted((p for p in fit if p not in local), key=lambda p: p.miles_to(middle) / (0.5 + p.size))
    chosen = random.sample(local, min(len(local), max(1, count - 1)))
    chosen += near[: count - len(chosen)]
    for provider in chosen:
        provider.max_miles = None if provider.max_miles is None else max(provider.max_miles, random.randint(10, 18))
    return chosen
