"""What happened and what is decided: dates, priorities, protections, transfer decisions, restrictions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from . import figures
from .facts import Area
from .market import Contract, Market
from .people import Person, pick

HOSPITAL = ("acute_hospital", "community_hospital", "short_term_bed", "reablement", "out_of_hospital")
Restriction = dict[str, str]


def day(offset: int) -> dt.date:
    return figures.AS_OF + dt.timedelta(days=offset)


def at_work(random: Random, when: dt.date) -> str:
    """A moment in office hours of that day, or of the Friday before when it falls on a weekend."""
    when -= dt.timedelta(days=max(0, when.weekday() - 4))
    return f"{when.isoformat()}T{random.randint(8, 16):02d}:{random.randrange(0, 60, 5):02d}:00"


def needs(random: Random, persons: Sequence[Person]) -> None:
    """Priority, the setting that asked, protection as an assessment found it, and providers whom the person refuses."""
    for person in persons:
        person.priority = pick(random, (("standard", 52), ("discharge", 27), ("planned", 15), ("urgent", 6)))
        hospital = 0.93 if person.priority == "discharge" else 0.12
        person.source = random.choice(HOSPITAL) if random.random() < hospital else "community"
        person.protected = protection(random, person.skills)


def protection(random: Random, skills: Sequence[str]) -> str:
    if "end_of_life" in skills and random.random() < 0.8:
        return "end_of_life"
    if "dementia" in skills and random.random() < 0.06:
        return "complex_dementia"
    if "mental_health" in skills and random.random() < 0.11:
        return "mental_health"
    if "learning_disability" in skills and random.random() < 0.10:
        return "autism"
    return ""


def refusals(random: Random, persons: Sequence[Person], market: Market) -> None:
    """One person in forty refuses one or two providers, most of them near."""
    members = market.providers[: figures.FRAMEWORK_MEMBERS]
    for person in persons:
        if random.random() < 0.025:
            near = sorted(members, key=lambda p: p.miles_to(person.at))[:8]
            person.excluded = sorted(p.provider_id for p in random.sample(near, 1 if random.random() < 0.8 else 2))


def dates(random: Random, persons: Sequence[Person], market: Market) -> None:
    starts = {c.contract_id: c.starts for c in market.contracts}
    for person in persons:
        if person.new:
            waiting_dates(random, person)
        else:
            running_dates(random, person, dt.date.fromisoformat(starts[person.contract_id]))


def waiting_dates(random: Random, person: Person) -> None:
    """Asked for in the last five weeks; one in ten should have started before today."""
    asked = -random.randint(1, 9) if person.priority in ("urgent", "discharge") else -random.randint(2, 35)
    overdue = random.random() < 0.1
    latest = {"urgent": 2, "discharge": 6, "standard": 14, "planned": 35}[person.priority]
    start = -random.randint(1, min(10, -asked)) if overdue else random.randint(0, latest)
    person.requested_at, person.start_by = at_work(random, day(asked)), day(start).isoformat()


def running_dates(random: Random, person: Person, contract_starts: dt.date) -> None:
    age = min(int(random.expovariate(1 / 420)) + 4, (figures.AS_OF - contract_starts).days)
    started = day(-age)
    person.care_started = started.isoformat()
    if age < 200:
        waited = random.randint(0, 2) if person.source != "community" else random.randint(1, 12)
        asked = at_work(random, max(started - dt.timedelta(days=waited), contract_starts))
        person.requested_at = asked
        person.start_by = (started + dt.timedelta(days=random.randint(-2, 4))).isoformat()


def decisions(random: Random, persons: Sequence[Person], contracts: dict[str, Contract], areas: Sequence[Area]) -> None:
    """Social work decisions on a transfer: none for care with a principal, more the longer an area has been live."""
    chance = {"East": 0.62, "West": 0.55, "North": 0.55, "South": 0.45, "Norwich": 0.25}
    region = {a.area_id: a.region for a in areas}
    for person in persons:
        if person.new or contracts[person.contract_id].tier == "principal" or random.random() > chance[region[person.area_id]]:
            continue
        vulnerable = bool(person.protected) or random.random() < 0.14
        person.decision = "not_suitable" if vulnerable else "suitable"


def restrictions(random: Random, market: Market) -> list[Restriction]:
    """A restricted principal, a framework provider whose new work is capped in one area, and one that has ended."""
    principals = [c for c in market.contracts if c.tier == "principal" and c.starts <= figures.AS_OF.isoformat()]
    held = [c.provider.provider_id for c in principals]
    single = [c for c in principals if held.count(c.provider.provider_id) == 1]
    stopped = random.choice(single)
    framework = [c for c in market.contracts if c.tier == "framework" and c.starts <= figures.AS_OF.isoformat()]
    capped, former = random.sample([c for c in framework if c.provider.provider_id not in held], 2)
    return [
        restriction("R1", stopped, "", "2026-10-05", "2027-04-05", "no_new_work", "", "improvement plan agreed"),
        restriction("R2", capped, capped.area_id, "2026-11-09", "2027-05-10", "capped", "60", "too few supervisors"),
        restriction("R3", former, "", "2026-03-02", "2026-08-31", "no_new_work", "", "medication records, put right"),
    ]


def restriction(name: str, contract: Contract, area: str, starts: str, ends: str, kind: str, cap: str, why: str) -> Restriction:
    return {
        "restriction_id": name,
        "provider_id": contract.provider.provider_id,
        "area_id": area,
        "starts": starts,
        "ends": ends,
        "kind": kind,
        "new_hours_4w": cap,
        "reason": why,
    }
