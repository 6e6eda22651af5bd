"""The independent check: every rule's findings on a plan, from plain records. Never sees a solver or a model half.

A plan that has not been verified cannot reach a reader: reports accept a ``VerifiedPlan`` alone, and only ``verify`` makes one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass
from typing import Final

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.limit_use import Usage
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import Finding

_SEAL: Final = object()


@dataclass(frozen=True)
class LegalPlan:
    """A plan that keeps every rule, with the use of every limit. Made by this module alone."""

    plan: Plan
    usage: Usage
    seal: InitVar[object]
    """Not kept, so that no copy with other contents can be made of a checked plan."""

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("a plan is found legal, or verified, by optimiser.judging.checking alone")


@dataclass(frozen=True)
class VerifiedPlan(LegalPlan):
    """A legal plan with the value of every level. Made by ``verify`` and ``with_levels`` alone."""

    levels: Mapping[str, int]
    """Each level's value, recomputed from plain records, in the strict order."""

    def __repr__(self) -> str:
        return f"<VerifiedPlan {dict(self.levels)} of {self.plan!r}>"


@dataclass(frozen=True)
class Broken:
    """A rule that a plan breaks, and where."""

    subject: str
    finding: Finding

    def __str__(self) -> str:
        return f"{self.subject}: {self.finding.rule}: {self.finding.sentence}"


class PlanRefusedError(Exception):
    """The plan breaks rules; ``broken`` lists every finding."""

    def __init__(self, broken: list[Broken]) -> None:
        self.broken = broken
        shown = "\n".join(f"  {each}" for each in broken[:20])
        super().__init__(f"the plan breaks {len(broken)} rule(s):\n{shown}")


class DisagreementError(Exception):
    """The model says one thing of a plan and the check another: a defect of this software, never of the input."""


def verify(county: County, rules: RuleBook, plan: Plan, model_values: Mapping[str, int] | None = None) -> VerifiedPlan:
    """The plan, verified.

    Raises ``PlanRefusedError`` when a rule is broken, and ``DisagreementError`` when ``model_values`` (what the model makes of
    the plan, level by level) differ from the values found here.
    """
    return with_levels(county, rules, legal(county, rules, plan), model_values)


def legal(county: County, rules: RuleBook, plan: Plan) -> LegalPlan:
    """The plan, where it keeps every rule. Raises ``PlanRefusedError`` where it does not."""
    broken, usage = findings(county, rules, plan)
    if broken:
        raise PlanRefusedError(broken)
    return LegalPlan(plan, usage, _SEAL)


def still_legal(before: LegalPlan, county: County, rules: RuleBook, packages: Collection[int]) -> LegalPlan:
    """The same plan on a county in which nothing but offers for these packages is another. No limit counts an offer.

    Raises ``PlanRefusedError``.
    """
    plan = before.plan
    broken = [*_of_single(county, rules, plan, sorted(packages)), *_of_several(county, rules, plan)]
    if broken:
        raise PlanRefusedError(broken)
    return LegalPlan(plan, before.usage, _SEAL)


def with_levels(county: County, rules: RuleBook, found: LegalPlan, model_values: Mapping[str, int] | None = None) -> VerifiedPlan:
    """A legal plan of this county with its levels. Raises ``DisagreementError`` as ``verify`` does."""
    levels = {rule.name: rule.value(county, found.plan) for rule in rules.levels}
    if model_values is not None:
        differ = {name: (model_values.get(name), value) for name, value in levels.items() if model_values.get(name) != value}
        if differ:
            said = "; ".join(f"{name}: model {model}, check {check}" for name, (model, check) in differ.items())
            raise DisagreementError(f"model and check disagree on a plan's levels: {said}")
    return VerifiedPlan(found.plan, found.usage, _SEAL, levels)


def findings(county: County, rules: RuleBook, plan: Plan) -> tuple[list[Broken], Usage]:
    """Every rule that a plan breaks, and how much of every limit it uses."""
    if len(plan.contracts) != len(county.packages):
        raise ValueError(f"a plan for {len(plan.contracts)} packages, but the county has {len(county.packages)}")
    if not set(plan.contracts) <= {None, *range(len(county.contracts))}:
        raise ValueError("a plan names a contract that the county does not have")
    broken = _of_single(county, rules, plan, range(len(county.packages)))
    usage = Usage.of(county, rules, plan, pins=False)
    for index in usage.passed():
        limit = usage.limits[index]
        broken.append(
            Broken(
                limit.subject,
                Finding(
                    rule=limit.rule,
                    passed=False,
                    measured=usage.used[index],
                    limit=str(max(limit.minutes, usage.on_entry[index])),
                    unit="minutes a week",
                    sentence=limit.sentence(county, usage.used[index]),
                ),
            )
        )
    return [*broken, *_of_several(county, rules, plan)], usage


def _of_single(county: County, rules: RuleBook, plan: Plan, packages: Iterable[int]) -> list[Broken]:
    """What single packages break: what is settled about them, then who may have them at all."""
    looked_at = [(package, plan.contracts[package]) for package in packages]
    return [*_standing(county, rules, looked_at), *_eligibility(county, rules, looked_at)]


def _of_several(county: County, rules: RuleBook, plan: Plan) -> list[Broken]:
    """What several break together."""
    return [*_together(county, rules, plan), *_moving(county, rules, plan)]


def _standing(county: County, rules: RuleBook, looked_at: Sequence[tuple[int, int | None]]) -> list[Broken]:
    return [
        Broken(county.packages[package].package_id, finding)
        for package, contract in looked_at
        for rule in rules.standing
        if (finding := rule.finding(county, package, contract)) is not None and not finding.passed
    ]


def _together(county: County, rules: RuleBook, plan: Plan) -> list[Broken]:
    return [
        Broken(subject, finding)
        for rule in rules.together
        for subject, finding in rule.findings(county, plan)
        if not finding.passed
    ]


def _moving(county: County, rules: RuleBook, plan: Plan) -> list[Broken]:
    return [
        Broken(subject, finding)
        for rule in rules.moving
        for subject, finding in rule.findings(county, plan)
        if not finding.passed
    ]


def _eligibility(county: County, rules: RuleBook, looked_at: Sequence[tuple[int, int | None]]) -> list[Broken]:
    broken = []
    for package, contract in looked_at:
        if contract is None:
            continue
        person = county.packages[package]
        named = county.contracts[contract].contract_id
        if named == person.contract_id or county.offers_in_force.accepted.get(person.package_id) == contract:
            continue  # running care may stay; an accepted offer holds whatever the rules now say
        for rule in rules.eligibility:
            finding = rule.finding(county, package, contract)
            if not finding.passed:
                broken.append(Broken(f"{person.package_id} on {named}", finding))
    return broken
