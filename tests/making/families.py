"""Counties of many kinds, each made from its number alone: town and country, slack and tight, few contracts and many, a surge.

Places are invented round Dereham. Nothing here is drawn from the counties that the solver was tuned on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from optimiser.domain.records import Contract, Office, Package, Provider, Surgery
from optimiser.domain.snapshot import Snapshot
from tests.making import Place, area, at, contract, days, office, package, provider, snapshot, surgery

SKILLS = {"double_handed": 0.13, "dementia": 0.22, "medication": 0.35, "mental_health": 0.06}
"""How many in a hundred need each."""
LIVE_BEFORE = 400


@dataclass(frozen=True)
class Kind:
    """What a family's counties have in common."""

    people: int
    waiting: int
    areas: int
    slack: float
    """Room on the contracts, as a multiple of the care that runs and waits."""
    between: int = 9_000
    """Metres from the middle of one area to the next: a county of villages, or of one town."""
    in_area: int = 2
    """Framework contracts in an area."""
    needs: float = 1.0
    """How much more often than usual somebody needs a skill."""
    equal_prices: bool = False
    huge: float = 0.0
    """The share of packages of 40 hours a week and more."""
    moves: int = 15

    def of_size(self, share: float) -> tuple[int, int]:
        """People with care and people waiting, at a share of the usual size."""
        return round(self.people * share), max(4, round(self.waiting * share))


NIGHTS = {
    "small": Kind(300, 15, 2, 1.02),
    "full": Kind(500, 20, 2, 1.0),
    "town": Kind(600, 30, 3, 1.01, between=2_500, in_area=4),
    "villages": Kind(600, 30, 4, 1.02, between=16_000),
    "large": Kind(1_000, 40, 4, 1.01),
    "equal prices": Kind(500, 25, 3, 1.01, equal_prices=True),
    "huge packages": Kind(400, 20, 3, 1.02, huge=0.06),
    "many needs": Kind(500, 25, 3, 1.02, needs=2.0),
    "few contracts": Kind(400, 20, 2, 1.0, in_area=1),
    "surge": Kind(400, 80, 3, 0.95),
}
DAYS = {
    **{
        name: replace(kind, people=2 * kind.people, waiting=2 * kind.waiting, areas=2 * kind.areas)
        for name, kind in NIGHTS.items()
    },
    "county": Kind(2_600, 90, 9, 1.02),
    "full county": Kind(2_600, 120, 9, 1.0),
    "great surge": Kind(1_500, 1_100, 6, 0.9),
}
FAMILIES = {"reoptimise": NIGHTS, "allocate": DAYS}


def kind_of(mode: str, seed: int) -> str:
    """The families in turn."""
    names = list(FAMILIES[mode])
    return names[seed % len(names)]


def county_of(mode: str, seed: int) -> Snapshot:
    """The county of a number, somewhat smaller or larger than others of its family."""
    return county_of_kind(FAMILIES[mode][kind_of(mode, seed)], Random(f"{mode}: {seed}"))


def county_of_kind(kind: Kind, dice: Random) -> Snapshot:
    """A county of a kind, drawn by these dice."""
    people, waiting = kind.of_size(dice.uniform(0.8, 1.2))
    providers = [_provider(number, dice) for number in range(max(6, kind.areas * (kind.in_area + 1)))]
    middles = [(kind.between * (number % 3), kind.between * (number // 3)) for number in range(kind.areas)]
    names = [f"A{number:02}" for number in range(kind.areas)]
    contracts = _contracts(kind, names, providers, dice)
    persons = [_person(number, number >= people, kind, names, middles, dice) for number in range(people + waiting)]
    persons = _placed(persons, contracts, {each.provider_id: set(each.skills) for each in providers}, dice)
    return snapshot(
        persons,
        _with_room(contracts, persons, kind, dice),
        providers=providers,
        offices=[_office(each.provider_id, kind, middles, dice) for each in providers],
        areas=[area(name, go_live=days(-LIVE_BEFORE)) for name in names],
        surgeries=[_surgery(name, middle) for name, middle in zip(names, middles, strict=True)],
        max_moves=kind.moves,
    )


def _near(middle: tuple[int, int], kind: Kind, dice: Random) -> Place:
    spread = kind.between / 3
    return at(round(middle[0] + dice.gauss(0, spread)), round(middle[1] + dice.gauss(0, spread)))


def _provider(number: int, dice: Random) -> Provider:
    return provider(f"PROV{number:03}", skills=tuple(sorted(skill for skill in SKILLS if dice.random() < 0.8)))


def _office(provider_id: str, kind: Kind, middles: list[tuple[int, int]], dice: Random) -> Office:
    return office(provider_id, _near(dice.choice(middles), kind, dice))


def _surgery(name: str, middle: tuple[int, int]) -> Surgery:
    return surgery(f"S-{name}", at(*middle), area_id=name)


def _contracts(kind: Kind, names: list[str], providers: list[Provider], dice: Random) -> list[Contract]:
    """A principal and some of the framework in every area, and legacy ones for the whole county."""
    made = []
    for name in names:
        for place, chosen in enumerate(dice.sample(providers, kind.in_area + 1)):
            tier = "framework" if place else "principal"
            made.append(_contract(f"{tier[0].upper()}-{name}-{place}", chosen, kind, dice, tier=tier, area_id=name))
    for number, chosen in enumerate(dice.sample(providers, max(2, len(providers) // 3))):
        made.append(_contract(f"L-{number:02}", chosen, kind, dice, tier="legacy", area_id=""))
    return made


def _contract(contract_id: str, chosen: Provider, kind: Kind, dice: Random, *, tier: str, area_id: str) -> Contract:
    first = 2400 if kind.equal_prices else 2400 + dice.randrange(-200, 300)
    prices = (first, first, first) if kind.equal_prices else (first, first + 90, first + 210)
    guarantee = Fraction(4, 5) if tier == "principal" else Fraction(0)
    return contract(contract_id, chosen.provider_id, tier=tier, area_id=area_id, rates_pence=prices, guarantee=guarantee)


def _person(number: int, waits: bool, kind: Kind, names: list[str], middles: list[tuple[int, int]], dice: Random) -> Package:
    where = dice.randrange(len(names))
    hours = Fraction(dice.randint(160, 260), 4) if dice.random() < kind.huge else Fraction(dice.randint(8, 80), 4)
    return package(
        f"N{number:05}",
        _near(middles[where], kind, dice),
        hours=hours,
        area_id=names[where],
        visits_per_week=dice.choice([7, 14, 21, 28]),
        skills=tuple(sorted(skill for skill, often in SKILLS.items() if dice.random() < kind.needs * often)),
        priority=dice.choices(["urgent", "discharge", "standard", "planned"], [1, 3, 5, 2])[0] if waits else "standard",
        start_by=days(dice.randint(-40, 10)) if waits else None,
        transfer_decision="" if waits else dice.choices(["suitable", "", "not_suitable"], [5, 4, 1])[0],
        protected="" if waits or dice.random() < 0.9 else "complex_dementia",
    )


def _placed(persons: list[Package], contracts: list[Contract], able: dict[str, set[str]], dice: Random) -> list[Package]:
    """Those who do not wait, each on a contract of their area, or a legacy one, whose provider can meet their needs."""
    made = []
    for person in persons:
        if person.start_by is not None:
            made.append(person)
            continue
        here = [
            each for each in contracts if each.area_id in ("", person.area_id) and set(person.skills) <= able[each.provider_id]
        ]
        weights = [{"principal": 8, "framework": 3, "legacy": 1}[each.tier] for each in here]
        if here:
            chosen = dice.choices(here, weights)[0]
            made.append(replace(person, status="active", contract_id=chosen.contract_id))
    return made


def _with_room(contracts: list[Contract], persons: list[Package], kind: Kind, dice: Random) -> list[Contract]:
    """Each contract with room for what runs on it and its part of what waits, some more and some less."""
    waiting = sum(person.minutes_per_week for person in persons if person.status == "new")
    running = sum(person.minutes_per_week for person in persons) - waiting
    made = []
    for each in contracts:
        there = sum(person.minutes_per_week for person in persons if person.contract_id == each.contract_id)
        part = there * kind.slack * (1 + waiting / max(1, running)) * dice.uniform(0.97, 1.03)
        made.append(replace(each, max_hours_4w=Fraction(max(there, round(part)) // 15, 1)))
    return made
