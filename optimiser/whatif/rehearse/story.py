"""Night after night of a county: who is asked for, who is placed, who waits, and who is passed over though there is room.

Each night the county is allocated as ``optimiser allocate`` would, and everybody placed has care from then on: providers are
taken to say yes. Nobody moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter

from optimiser.allocating.story import allocate
from optimiser.county import County
from optimiser.domain.dates import days_after
from optimiser.domain.policy import Policy
from optimiser.domain.records import TIERS, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.who_comes_last import people_asked_for
from optimiser.judging.placeable import placeable_alone
from optimiser.rules.book import RuleBook
from optimiser.rules.longest_first.book_of_a_county import rules_for
from optimiser.solving.outcome import Effort, Progress
from optimiser.whatif.rehearse.to_come import ToCome


@dataclass
class Waited:
    """What became of one person's request, part by part."""

    groups: Mapping[str, tuple[str, ...]]
    nights: dict[str, int] = field(default_factory=dict)
    """Per package the nights that it was left without a place."""
    waits: set[str] = field(default_factory=set)
    """The packages that still wait."""

    @property
    def longest(self) -> int:
        """How many nights the person waited: until the last part of the care had a place."""
        return max(self.nights.values(), default=0)


@dataclass
class Nights:
    """A county's nights under one policy."""

    people: dict[str, Waited] = field(default_factory=dict)
    passed_over: dict[str, int] = field(default_factory=dict)
    """Per package how many nights a provider had room for it and it was left waiting."""
    decided: list[str] = field(default_factory=list)
    """Packages placed by a decision, one after the other, where that was asked for."""
    all_proven: bool = True
    complete: bool = True

    def __repr__(self) -> str:
        return f"<Nights of {len(self.people)} people>"

    @property
    def most_passed_over(self) -> int:
        return max(self.passed_over.values(), default=0)


def rehearsed(
    snapshot: Snapshot,
    to_come: ToCome,
    policy: Policy,
    effort: Effort,
    *,
    decide: bool = False,
    rules: RuleBook | None = None,
    after_a_night: Callable[[int], None] | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Nights:
    """The nights of ``to_come``. ``decide``: whoever has been passed over as often as the setting allows is placed ahead of all.

    ``rules``: a book to try in place of the one that the policy asks for.
    """
    book, found = rules or rules_for(policy), Nights()
    here = _begun(replace(snapshot, policy=policy))
    for night, (asked, ended) in enumerate(zip(to_come.requests, to_come.ends, strict=True)):
        stay = [package for package in here.packages if package.status == "new" or package.package_id not in ended]
        here = _of(here, [*stay, *asked], night and 1)
        if decide:
            here = _decided(here, book, found)
        here = _one_night(here, book, found, effort, report)
        if not found.complete:
            break
        if after_a_night is not None:
            after_a_night(night + 1)
    return found


def _begun(snapshot: Snapshot) -> Snapshot:
    """The county with accepted offers begun, and those that wait for an answer let go; answers that stand are kept."""
    county = County.of(snapshot)
    accepted = county.offers_in_force.accepted
    packages = [
        _with_care(package, snapshot, county.contracts[accepted[package.package_id]].contract_id)
        if package.package_id in accepted and package.status == "new"
        else package
        for package in snapshot.packages
    ]
    answered = tuple(offer for offer in snapshot.offers if offer.response not in ("", "accepted"))
    return replace(
        snapshot, packages=tuple(packages), offers=answered, visits=(), rounds=(), meanwhile=(), decisions=(), answers=()
    )


def _of(snapshot: Snapshot, packages: list[Package], later: int) -> Snapshot:
    """The county so many days later, with these packages."""
    known = {package.package_id for package in packages}
    return replace(
        snapshot,
        as_of=days_after(snapshot.as_of, later),
        packages=tuple(sorted(packages, key=attrgetter("package_id"))),
        offers=tuple(offer for offer in snapshot.offers if offer.package_id in known),
    )


def _with_care(package: Package, snapshot: Snapshot, contract_id: str) -> Package:
    return replace(package, status="active", contract_id=contract_id, care_started=snapshot.as_of)


def _one_night(
    here: Snapshot, book: RuleBook, found: Nights, effort: Effort, report: Callable[[Progress], None] | None
) -> Snapshot:
    """The county after its night; what it left waiting is noted."""
    made = allocate(here, rules=book, effort=effort, report=report)
    found.all_proven &= made.all_proven
    found.complete = made.stopped != "cancelled"
    county, alone = made.county, placeable_alone(made.county, book)
    for person in people_asked_for(county):
        first = county.packages[person.packages[0]]
        noted = found.people.setdefault(first.part_of or first.package_id, Waited(person.groups))
        for package in person.packages:
            name, unmet = county.packages[package].package_id, made.outcome(package) == "unmet"
            noted.nights[name] = noted.nights.get(name, 0) + unmet
            (noted.waits.add if unmet else noted.waits.discard)(name)
            if unmet and package in alone:
                found.passed_over[name] = found.passed_over.get(name, 0) + 1
    placed = {package: contract for package, contract in made.verified.plan.placed() if here.packages[package].status == "new"}
    packages = [
        _with_care(package, here, county.contracts[placed[index]].contract_id) if index in placed else package
        for index, package in enumerate(here.packages)
    ]
    return replace(here, packages=tuple(packages))


def _decided(here: Snapshot, book: RuleBook, found: Nights) -> Snapshot:
    """Whoever was passed over too often and can be placed tonight is, the most often first, by tier in the order asked."""
    limit = here.policy.passed_over_limit
    while True:
        county = County.of(here)
        over = [
            (-nights, county.packages[package].package_id, package, contracts)
            for package, contracts in placeable_alone(county, book).items()
            if (nights := found.passed_over.get(county.packages[package].package_id, 0)) >= limit
        ]
        if not over:
            return here
        _, name, package, contracts = min(over)
        first = min(contracts, key=lambda each: (TIERS.index(county.contracts[each].tier), county.contracts[each].contract_id))
        begun = _with_care(here.packages[package], here, county.contracts[first].contract_id)
        here = replace(here, packages=(*here.packages[:package], begun, *here.packages[package + 1 :]))
        found.decided.append(name)
        for noted in found.people.values():
            noted.waits.discard(name)
