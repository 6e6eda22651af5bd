"""Offers: who was asked for whom, and what they answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from . import figures
from .market import Contract, Market, barred
from .people import Person, pick
from .running import AS_OF, able, minutes_on
from .stories import at_work, day

Offer = dict[str, str]
REASONS = (
    ("no_capacity", 40),
    ("time_of_day", 22),
    ("too_far", 14),
    ("cannot_meet_need", 14),
    ("no_double_handed_run", 10),
)
TIERS = {"principal": 0, "framework": 1, "legacy": 2}


def offers(random: Random, persons: Sequence[Person], market: Market, live: Sequence[str]) -> list[Offer]:
    found: list[Offer] = []
    new = [p for p in persons if p.new]
    by_area = {p.area_id: p for p in random.sample(new, len(new)) if ordinary(p)}
    special = [by_area[a] for a in random.sample(sorted(by_area), 9)]
    hard = [p for p in new if p.hard]
    for person in hard:
        found += refused_everywhere(random, person, askable(person, market, live), person.minutes >= 2520)
    for person in new:
        asked = askable(person, market, live)
        if person in special or person in hard:
            continue
        for contract in asked[: pick(random, ((0, 45), (1, 30), (2, 17), (3, 8)))]:
            found.append(declined(random, person, contract))
    found += open_questions(random, special, market, live, minutes_on(persons, market))
    recent = [p for p in persons if not p.new and p.requested_at and p.care_started > "2026-09-15"]
    contracts = {c.contract_id: c for c in market.contracts}
    for person in random.sample(recent, min(24, len(recent))):
        found.append(answered(random, person, contracts[person.contract_id], person.requested_at, "accepted", ""))
    found.sort(key=lambda o: (o["offered_at"], o["package_id"], o["contract_id"]))
    return [{"offer_id": f"OF{number:04d}"} | offer for number, offer in enumerate(found, 1)]


def ordinary(person: Person) -> bool:
    return person.priority != "urgent" and person.minutes <= 420 and not person.hard


def refused_everywhere(random: Random, person: Person, options: Sequence[Contract], but_one: bool) -> list[Offer]:
    """Everybody who has the skills was asked in the last ten days, or all but the furthest, and said no."""
    by_provider = {c.provider.provider_id: c for c in reversed(options)}
    asked = sorted(by_provider.values(), key=options.index)
    person.requested_at = min(person.requested_at, at_work(random, day(-11)))
    reasons = (("cannot_meet_need", 50), ("no_double_handed_run", 30), ("no_capacity", 20))
    return [
        answered(random, person, c, at_work(random, day(-random.randint(3, 10))), "declined", pick(random, reasons))
        for c in (asked[:-1] if but_one else asked)
    ]


def with_holds(on_contract: dict[str, int], persons: Sequence[Person], asked: Sequence[Offer]) -> dict[str, int]:
    """Running care, and what accepted and unanswered offers hold."""
    new = {p.package_id: p.minutes for p in persons if p.new}
    held = dict(on_contract)
    for offer in asked:
        if offer["package_id"] in new and offer["response"] in ("", "accepted"):
            held[offer["contract_id"]] += new[offer["package_id"]]
    return held


def askable(person: Person, market: Market, live: Sequence[str]) -> list[Contract]:
    """Contracts in the order in which a broker asks: by tier, the nearest first."""
    fit = [
        c
        for c in market.contracts
        if c.in_force(AS_OF)
        and (c.tier == "legacy" or person.area_id in live)
        and c.area_id in ("", person.area_id)
        and able(c.provider, person)
        and not barred(c.provider)
    ]
    return sorted(fit, key=lambda c: (TIERS[c.tier], c.provider.miles_to(person.at), c.contract_id))


def declined(random: Random, person: Person, contract: Contract) -> Offer:
    reasons = [r for r in REASONS if r[0] != "no_double_handed_run" or person.workers == 2]
    first = dt.datetime.fromisoformat(person.requested_at)
    moments = [m for m in (at_work(random, day(-random.randint(1, 30))) for _ in range(12)) if m >= first.isoformat()]
    return answered(random, person, contract, (moments or [first.isoformat()])[0], "declined", pick(random, reasons))


def answered(random: Random, person: Person, contract: Contract, when: str, response: str, reason: str) -> Offer:
    answer = dt.datetime.fromisoformat(when) + dt.timedelta(minutes=random.randint(15, 150))
    return {
        "package_id": person.package_id,
        "contract_id": contract.contract_id,
        "offered_at": when,
        "responded_at": answer.isoformat() if response else "",
        "response": response,
        "reason": reason,
    }


def roomy(contract: Contract, person: Person, used: dict[str, int]) -> bool:
    return used[contract.contract_id] + person.minutes <= (contract.max_hours_4w or 0) * 15


def open_questions(
    random: Random, persons: Sequence[Person], market: Market, live: Sequence[str], used: dict[str, int]
) -> list[Offer]:
    """Six people wait for an answer, one of them from two providers; one offer is accepted, one expired."""
    found: list[Offer] = []
    today = figures.AS_OF.isoformat()
    for number, person in enumerate(persons):
        person.requested_at = min(person.requested_at, at_work(random, day(-5)))
        options = [c for c in askable(person, market, live) if not c.area_id or roomy(c, person, used)]
        if number < 6:
            waiting = options[1:3] if number == 0 else options[:1]
            found += [answered(random, person, c, f"{today}T08:{30 + 4 * number}:00", "", "") for c in waiting]
        elif number == 6:
            found.append(answered(random, person, options[0], "2026-11-20T14:20:00", "accepted", ""))
            found.append(answered(random, person, options[1], "2026-11-20T14:20:00", "withdrawn", ""))
        elif number == 7:
            expired = answered(random, person, options[0], "2026-11-20T09:05:00", "expired", "")
            found.append(expired | {"responded_at": f"{today}T09:05:00"})
        else:
            found.append(answered(random, person, options[0], "2026-11-19T11:40:00", "withdrawn", ""))
    return found
