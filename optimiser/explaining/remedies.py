"""The smallest single change that would place somebody higher, with everybody else where they are.

Only changes in the council's or a provider's power are looked at, never the person's needs, refusal, protection or
priority. Each is tried: made, the package can be placed; made one unit smaller, it cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import TIERS
from optimiser.judging.checking import VerifiedPlan
from optimiser.judging.limit_use import Usage
from optimiser.judging.ranking import Place
from optimiser.rules.base import Limit, Remedy
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import Finding

RAISE_AT_EASE = 2
"""A limit may be asked to grow by so many times the care that it would place; more is far-fetched."""


@dataclass(frozen=True)
class Seat:
    """A package against each contract considered, in the order asked, with every rule's finding."""

    package: int
    places: list[Place]
    findings: list[list[Finding]]

    @staticmethod
    def of(county: County, rules: RuleBook, verified: VerifiedPlan, package: int, places: list[Place]) -> Seat:
        new = county.packages[package].status == "new"
        asked = [rule for rule in rules.eligibility if not (new and rule.running_only) and rule.in_use(county)]
        return Seat(
            package,
            places,
            [
                [rule.finding(county, package, place.contract) for rule in asked]
                + list(companion_findings(county, rules, package, place.contract))
                + [
                    finding
                    for finding, _ in limit_findings(
                        county, verified.usage, verified.plan, package, place.contract, companions(county, rules, package)
                    )
                ]
                for place in places
            ],
        )


def companions(county: County, rules: RuleBook, package: int) -> tuple[int, ...]:
    """The other packages that are placed with this one or not at all."""
    return tuple(each for group in rules.groups(county) if package in group for each in group if each != package)


def companion_findings(county: County, rules: RuleBook, package: int, contract: int) -> Iterator[Finding]:
    """For a package of a group: whether every other one of it may go to a contract. It tells nothing more of them."""
    for rule in rules.together:
        for group in rule.groups(county):
            if package in group:
                others = [each for each in group if each != package]
                barred = sum(any(not r.finding(county, each, contract).passed for r in rules.eligibility) for each in others)
                yield Finding(
                    rule=rule.name,
                    passed=not barred,
                    measured=barred,
                    limit=0,
                    unit="packages that may not",
                    sentence=f"It is placed together with {len(others)} more; {len(others) - barred} of them may go there.",
                )


def limit_findings(
    county: County, usage: Usage, plan: Plan, package: int, contract: int, together: Sequence[int] = ()
) -> Iterator[tuple[Finding, Limit]]:
    """Every limit that a package on a contract counts under, with everybody else where they are, but for those ``together``."""
    for index in usage.touching.get(contract, ()):
        limit = usage.limits[index]
        if not limit.counts(county, package, contract):
            continue
        used, own = usage.used[index], _own_seats(county, plan, limit, package)
        for each in (package, *together):
            # What the package itself takes up already (placed, or held by its own offers) is not somebody else's.
            seats = len(_own_seats(county, plan, limit, each))
            used += county.packages[each].minutes_per_week * (int(limit.counts(county, each, contract)) - seats)
        # A limit exceeded on entry may stay so, for whoever is there already; nobody is added to it.
        passed = used <= limit.whole_minutes or (contract in own and used <= usage.on_entry[index])
        yield _finding(county, limit, used, passed), limit


def _own_seats(county: County, plan: Plan, limit: Limit, package: int) -> list[int]:
    """The contracts under a limit on which a package counts already."""
    now = plan.contracts[package]
    here = county.offers_in_force.pending.get(county.packages[package].package_id, ()) if now is None else (now,)
    return [contract for contract in here if contract in limit.contracts and limit.counts(county, package, contract)]


def _finding(county: County, limit: Limit, used: int, passed: bool) -> Finding:
    sentence = limit.sentence(county, used)
    if passed and used > limit.whole_minutes:
        sentence = f"{sentence.removesuffix('.')}; it was over on entry and may stay so."
    return Finding(
        rule=limit.rule,
        passed=passed,
        measured=used,
        limit=limit.whole_minutes,
        unit="minutes a week",
        sentence=sentence,
    )


def remedies(county: County, rules: RuleBook, verified: VerifiedPlan, seat: Seat, contract: int | None) -> list[Remedy]:
    """Per kind of change, the smallest that would place the package higher than it is; empty: no single change would.

    In the order of ``turn``.
    """
    now = len(TIERS) if contract is None else TIERS.index(county.contracts[contract].tier)
    best: dict[str, Remedy] = {}
    for place, findings in zip(seat.places, seat.findings, strict=True):
        if TIERS.index(county.contracts[place.contract].tier) >= now:
            continue
        failed = [finding for finding in findings if not finding.passed]
        if len(failed) != 1:
            continue  # several things would have to change
        for remedy in _changes(county, rules, verified, seat.package, place.contract, failed[0]):
            known = best.get(remedy.change)
            if (known is None or remedy.amount < known.amount) and _holds(
                county, rules, verified, seat.package, place.contract, remedy
            ):
                best[remedy.change] = remedy
    return sorted(best.values(), key=turn)


def turn(remedy: Remedy) -> tuple[bool, str]:
    """Where a change is told among the smallest of each kind: what is out of all proportion last, else by its kind's name."""
    return remedy.far_fetched, remedy.change


def in_figures(amount: Fraction) -> str:
    """An amount as it is told, without its unit."""
    return f"{float(amount):.12g}"


@dataclass(frozen=True, kw_only=True)
class IfOthersMove:
    """The smallest change found of a kind that would place somebody if others who wait may go elsewhere; what is proven of it."""

    remedy: Remedy
    at_least: Fraction
    """Nothing smaller than this would do, in the remedy's unit."""
    others_elsewhere: int
    """How many of the others who wait go to another contract than in the plan; 0: nobody has to."""

    @property
    def proven(self) -> bool:
        """Whether it is the smallest there is."""
        return self.at_least >= self.remedy.amount


def _changes(
    county: County, rules: RuleBook, verified: VerifiedPlan, package: int, contract: int, failed: Finding
) -> Iterator[Remedy]:
    for rule in rules.eligibility:
        if rule.name == failed.rule:
            yield from rule.smallest_change(county, package, contract)
    for limit_rule in rules.limits:
        if limit_rule.name == failed.rule:
            together = companions(county, rules, package)
            for finding, limit in limit_findings(county, verified.usage, verified.plan, package, contract, together):
                if not finding.passed and finding.rule == failed.rule:
                    needed = Fraction(int(finding.measured or 0))
                    own = sum(county.packages[each].minutes_per_week for each in (package, *together))
                    for remedy in limit_rule.raised(county, limit, needed):
                        yield in_proportion(remedy, needed - limit.minutes, own)


def in_proportion(remedy: Remedy, more_minutes: Fraction, own: int) -> Remedy:
    """A raise by so many minutes a week for care of so many: far-fetched where it is more than ``RAISE_AT_EASE`` times as much.

    Where a limit is exceeded already, all of the excess would have to be allowed first.
    """
    return replace(remedy, far_fetched=more_minutes > RAISE_AT_EASE * own)


def _holds(county: County, rules: RuleBook, verified: VerifiedPlan, package: int, contract: int, remedy: Remedy) -> bool:
    """Tried, not believed: with the change the package fits, with one unit less it does not."""
    return _fits(remedy.applied(county), rules, verified, package, contract) and not _fits(
        remedy.one_unit_less(county), rules, verified, package, contract
    )


def _fits(changed: County, rules: RuleBook, verified: VerifiedPlan, package: int, contract: int) -> bool:
    """Every rule of the changed county keeps for the package on the contract, everybody else where they are."""
    together = companions(changed, rules, package)
    if any(not rule.finding(changed, each, contract).passed for each in (package, *together) for rule in rules.eligibility):
        return False
    usage = verified.usage.with_limits(rules.all_limits(changed))
    return all(finding.passed for finding, _ in limit_findings(changed, usage, verified.plan, package, contract, together))
