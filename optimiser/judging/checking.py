"""The independent check: every rule's findings on a plan, from plain records. Never sees a solver or a model half.

A plan that has not been verified cannot reach a reader: reports accept a ``VerifiedPlan`` alone, and only ``verify`` makes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from typing import Final

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.limit_use import Usage
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import Finding

_SEAL: Final = object()


@dataclass(frozen=True)
class VerifiedPlan:
    """A plan that keeps every rule, with the value of every level. Made by ``verify`` alone."""

    plan: Plan
    levels: Mapping[str, int]
    """Each level's value, recomputed from plain records, in the strict order."""
    usage: Usage
    seal: InitVar[object]
    """Not kept, so that no copy with other contents can be made of a verified plan."""

    def __repr__(self) -> str:
        return f"<VerifiedPlan {dict(self.levels)} of {self.plan!r}>"

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("a VerifiedPlan is made by checking.verify alone")


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
    broken, usage = findings(county, rules, plan)
    if broken:
        raise PlanRefusedError(broken)
    levels = {rule.name: rule.value(county, plan) for rule in rules.levels}
    if model_values is not None:
        differ = {name: (model_values.get(name), value) for name, value in levels.items() if model_values.get(name) != value}
        if differ:
            said = "; ".join(f"{name}: model {model}, check {check}" for name, (model, check) in differ.items())
            raise DisagreementError(f"model and check disagree on a plan's levels: {said}")
    return VerifiedPlan(plan, levels, usage, _SEAL)


def findings(county: County, rules: RuleBook, plan: Plan) -> tuple[list[Broken], Usage]:
    """Every rule that a plan breaks, and how much of every limit it uses."""
    if len(plan.contracts) != len(county.packages):
        raise ValueError(f"a plan for {len(plan.contracts)} packages, but the county has {len(county.packages)}")
    if not set(plan.contracts) <= {None, *range(len(county.contracts))}:
        raise ValueError("a plan names a contract that the county does not have")
    broken = [*_standing(county, rules, plan), *_eligibility(county, rules, plan)]
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
    return [*broken, *_together(county, rules, plan), *_moving(county, rules, plan)], usage


def _standing(county: County, rules: RuleBook, plan: Plan) -> list[Broken]:
    return [
        Broken(county.packages[package].package_id, finding)
        for package, contract in enumerate(plan.contracts)
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


def _eligibility(county: County, rules: RuleBook, plan: Plan) -> list[Broken]:
    broken = []
    for package, contract in plan.placed():
        person = county.packages[package]
        named = county.contracts[contract].contract_id
        if named == person.contract_id or county.offers_in_force.accepted.get(person.package_id) == contract:
            continue  # running care may stay; an accepted offer holds whatever the rules now say
        for rule in rules.eligibility:
            finding = rule.finding(county, package, contract)
            if not finding.passed:
                broken.append(Broken(f"{person.package_id} on {named}", finding))
    return broken
