"""What a run is asked to do, judged before it begins: every id that is not known, every pin that a rule or limit forbids.

A brief is refused whole. Pins are judged by the check halves of the rules, as a plan is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from optimiser.county import County
from optimiser.county.succession import taken_over
from optimiser.domain.brief import Brief, Part
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.base import A_PRIVATE_RULE
from optimiser.rules.book import RuleBook
from optimiser.rules.briefed.briefed_books import briefed_rules
from optimiser.rules.briefed.outside_the_part import OutsideThePartStays


class BriefRefusedError(Exception):
    """What was asked for cannot be done; ``faults`` say all that is wrong with it, a sentence each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"the part or the pins have {len(self.faults)} fault(s): " + "; ".join(self.faults))


def briefed(county: County, rules: RuleBook, brief: Brief, *, may_move: bool) -> tuple[County, RuleBook, Brief]:
    """The county and the book of a run with a brief, and the brief with all of a bundle where one of it is named.

    ``may_move``: whether the run may move running care. Raises ``BriefRefusedError``.
    """
    if not brief:
        return county, rules, brief
    faults = brief_faults(county, rules, brief, may_move=may_move)
    if faults:
        raise BriefRefusedError(faults)
    whole = with_bundles(county, brief)
    inside = OutsideThePartStays(whole.part)
    left_out = frozenset(at for at in _new(county) if not inside.is_inside(county, at))
    return replace(county, pinned=_placed(county, whole), not_asked_for=left_out), briefed_rules(rules, whole), whole


def with_bundles(county: County, brief: Brief) -> Brief:
    """What is called off together is asked for and pinned together: one of a bundle stands for all of it."""
    packages, pins = set(brief.part.packages), dict(brief.pins)
    for members in county.bundles.values():
        names = [county.packages[member].package_id for member in members]
        if packages.intersection(names):
            packages.update(names)
        for name in names:
            if name in brief.pins:
                pins |= {other: pins.get(other, brief.pins[name]) for other in names}
    return Brief(replace(brief.part, packages=tuple(sorted(packages))), dict(sorted(pins.items())))


def pinned_as_one(county: County, brief: Brief) -> list[tuple[str, ...]]:
    """The pins as they were asked for, those of a bundle as one: per pin its package ids, in the order of the first."""
    bundle_of = {
        county.packages[member].package_id: tuple(county.packages[each].package_id for each in members)
        for members in county.bundles.values()
        for member in members
    }
    return sorted({bundle_of.get(package_id, (package_id,)) for package_id in brief.pins})


def brief_faults(county: County, rules: RuleBook, brief: Brief, *, may_move: bool) -> list[str]:
    """Everything wrong with a brief: unknown ids with the nearest one, and each pin that contradicts a rule, with figures."""
    faults = list(_unknown(county, brief))
    faults += _taken_over(county, brief)
    known = {name: at for name, at in brief.pins.items() if name in county.package_index and _is_known(county, at)}
    # A part that names what nobody knows is judged as none: that pins lie outside of it would only be said for its fault.
    part = Part() if list(_unknown(county, replace(brief, pins={}))) else brief.part
    whole = with_bundles(county, Brief(part, known))
    inside = OutsideThePartStays(whole.part)
    if part and not any(inside.is_inside(county, at) for at in _new(county)):
        faults.append("the part: nobody who waits is in it, so there would be nobody to place; name areas or packages as well")
    faults += _torn_bundles(county, brief)
    book = briefed_rules(rules, replace(whole, pins={}))
    for package_id, contract_id in whole.pins.items():
        contract = None if contract_id is None else county.contract_index[contract_id]
        found = list(_against_a_pin(county, book, inside, county.package_index[package_id], contract, may_move=may_move))
        faults += [f"pin {package_id}={contract_id or 'waiting'}: {each}" for each in found]
    return faults or list(_passed_limits(county, book, whole))


def _is_known(county: County, contract_id: str | None) -> bool:
    if contract_id is None:
        return True
    return contract_id in county.contract_index and county.succession.named_instead(contract_id, county.as_of) is None


def _taken_over(county: County, brief: Brief) -> Iterator[str]:
    """The pins to contracts that have ended and were taken over from."""
    for package_id, contract_id in brief.pins.items():
        after = None if contract_id is None else county.succession.named_instead(contract_id, county.as_of)
        if contract_id is not None and after is not None:
            yield f"pin {package_id}={contract_id}: {taken_over(contract_id, after)}"


def _new(county: County) -> list[int]:
    return [at for at, package in enumerate(county.packages) if package.status == "new"]


def _placed(county: County, brief: Brief) -> dict[int, int]:
    """The new packages that pins put on a contract, but for those that an accepted offer has put there."""
    found = ((county.package_index[name], contract) for name, contract in brief.pins.items() if contract is not None)
    return {
        at: county.contract_index[contract]
        for at, contract in found
        if county.packages[at].status == "new" and county.packages[at].package_id not in county.offers_in_force.accepted
    }


def _unknown(county: County, brief: Brief) -> Iterator[str]:
    part, facts = brief.part, county.snapshot
    rounds = {each.round_id for each in facts.rounds} | {each.round_id for each in county.packages if each.round_id}
    providers = [each.provider_id for each in county.providers]
    packages = [*part.packages, *(each for each in brief.pins if each not in part.packages)]
    for kind, named, known in (
        ("area", part.areas, county.area_of),
        ("package", packages, county.package_index),
        ("round", part.rounds, rounds),
        ("provider", part.providers, providers),
        ("contract", sorted({each for each in brief.pins.values() if each is not None}), county.contract_index),
    ):
        for name in named:
            if name not in known:
                # One person's id is no suggestion to another.
                near = [] if kind == "package" else get_close_matches(name, sorted(known), n=1)
                yield f"{kind} {name}: there is no such {kind}" + (f"; the nearest is {near[0]}" if near else "")


def _torn_bundles(county: County, brief: Brief) -> Iterator[str]:
    for bundle_id, members in county.bundles.items():
        asked = {brief.pins[name] for name in (county.packages[each].package_id for each in members) if name in brief.pins}
        if len(asked) > 1:
            where = ", ".join(sorted(each or "waiting" for each in asked))
            yield f"bundle {bundle_id}: it goes to one contract or waits as a whole, and its packages are pinned to {where}"


def _against_a_pin(
    county: County, book: RuleBook, inside: OutsideThePartStays, package: int, contract: int | None, *, may_move: bool
) -> Iterator[str]:
    person = county.packages[package]
    if not inside.is_inside(county, package):
        yield "it is outside of the part that the run is for"
    elif person.contract_id:
        if not may_move:
            yield f"its care runs under {person.contract_id}; an allocation moves nobody, so there is nothing to pin"
        elif contract is None:
            yield f"its care runs under {person.contract_id}; no run ends anybody's care"
        elif county.contracts[contract].contract_id != person.contract_id:
            yield (
                f"its care runs under {person.contract_id}: a pin may keep it there; a named person moves it by an offer,"
                " with a social work decision"
            )
    else:
        for standing in book.standing:
            finding = standing.finding(county, package, contract)
            if finding is not None and not finding.passed:
                yield f"{standing.name}: {finding.sentence}"
        if contract is not None and person.package_id not in county.offers_in_force.accepted:
            for rule in book.eligibility:
                judged = rule.finding(county, package, contract)
                if not judged.passed:
                    yield A_PRIVATE_RULE if rule.private else f"{rule.name}: {judged.sentence}"


def _passed_limits(county: County, book: RuleBook, brief: Brief) -> Iterator[str]:
    """The limits that all pins together would pass, on top of running care, accepted offers and holds."""
    pinned = _placed(county, brief)
    usage = Usage.of(replace(county, pinned=pinned), book, entry_plan(replace(county, pinned=pinned)), pins=False)
    for index in usage.passed():
        limit = usage.limits[index]
        who = [
            county.packages[package].package_id
            for package, contract in sorted(pinned.items())
            if contract in limit.contracts and limit.counts(county, package, contract)
        ]
        yield f"pins of {', '.join(who)}: {limit.rule}: {limit.sentence(county, usage.used[index])}"
