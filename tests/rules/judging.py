"""Asking a rule both ways: its check half and its model half must say the same, in every worked example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.checking import findings
from optimiser.judging.limit_use import Usage
from optimiser.rules.base import EligibilityRule, Level, MovingRule, Rule, StandingRule
from optimiser.rules.book import RuleBook, standard_rules
from optimiser.rules.vocabulary import Finding
from optimiser.solving.formulation import Model, build_model
from optimiser.solving.problem import UNPLACED, IntArray
from tests.making import plan


def rule_named(name: str, rules: RuleBook | None = None) -> Rule:
    """The rule of this name, of the standard book unless another is given."""
    (found,) = [rule for rule in rules or standard_rules() if rule.name == name]
    return found


def finding(county: County, rule: str, package_id: str, contract_id: str) -> Finding:
    """What an eligibility rule finds of one pair; its model half must agree."""
    judge = cast(EligibilityRule, rule_named(rule))
    package, contract = county.package_index[package_id], county.contract_index[contract_id]
    found = judge.finding(county, package, contract)
    in_model = bool(judge.passes(county, np.array([package], dtype=np.int64))[0, contract])
    assert found.rule == rule
    assert found.passed == in_model, f"model {in_model}, check {found}"
    return found


def passes(county: County, rule: str, package_id: str, contract_id: str) -> bool:
    """Whether an eligibility rule lets the package go to the contract, both halves agreeing."""
    return finding(county, rule, package_id, contract_id).passed


def used(county: County, rule: str, subject: str, places: Mapping[str, str | None] | None = None) -> int:
    """The minutes a week that a plan takes up under one limit; both halves must count the same cases."""
    usage = Usage.of(county, standard_rules(), plan(county, places))
    index = next(i for i, limit in enumerate(usage.limits) if (limit.rule, limit.subject) == (rule, subject))
    limit = usage.limits[index]
    packages, contracts = all_pairs(county)
    in_model = limit.counts_many(county, packages, contracts)
    for package, contract, counted in zip(packages, contracts, in_model, strict=True):
        in_check = int(contract) in limit.contracts and limit.counts(county, int(package), int(contract))
        assert bool(counted) == in_check, (rule, subject, int(package), int(contract))
    return usage.used[index]


def all_pairs(county: County) -> tuple[IntArray, IntArray]:
    """Every package with every contract."""
    count = len(county.contracts)
    packages = np.arange(len(county.packages), dtype=np.int64)
    return np.repeat(packages, count), np.tile(np.arange(count, dtype=np.int64), len(packages))


def settled(county: County, rule: str, places: Mapping[str, str | None], *, rules: RuleBook | None = None) -> list[bool | None]:
    """Per package named: whether a standing rule is kept by its place (None: the rule says nothing of it)."""
    judge = cast(StandingRule, rule_named(rule, rules))
    model = judge.settled(county)
    verdicts: list[bool | None] = []
    for package_id, contract_id in places.items():
        package = county.package_index[package_id]
        contract = None if contract_id is None else county.contract_index[contract_id]
        found = judge.finding(county, package, contract)
        assert (found is None) == (package not in model)
        assert found is None or found.passed == (model[package] == contract)
        verdicts.append(None if found is None else found.passed)
    return verdicts


def value(county: County, level: str, places: Mapping[str, str | None] | None = None, *, rules: RuleBook | None = None) -> int:
    """A level's value for a plan: by the check, and by the model where it can hold the plan."""
    rules = rules or standard_rules()
    chosen = plan(county, places)
    found = cast(Level, rule_named(level, rules)).value(county, chosen)
    model = build_model(county, rules)
    choices = choices_of(model, chosen)
    if choices is not None:
        names = [each.name for each in model.problem.levels]
        assert model.problem.values(choices)[names.index(level)] == found
    return found


def choices_of(model: Model, plan: Plan) -> IntArray | None:
    """The model's own words for a plan; None when the model has no such plan (somebody settled or barred is elsewhere)."""
    problem = model.problem
    choices = np.full(problem.item_count, UNPLACED, dtype=np.int64)
    open_packages = {package: item for item, packages in enumerate(model.item_packages) for package in packages}
    choice_at = {
        (int(item), int(contract)): choice
        for choice, (item, contract) in enumerate(zip(problem.choice_item, model.choice_contract, strict=True))
    }
    if any(len({plan.contracts[each] for each in together}) > 1 for together in model.item_packages):
        return None  # parted
    for package, contract in enumerate(plan.contracts):
        item = open_packages.get(package)
        if item is None:
            if contract != model.settled.contracts[package]:
                return None
        elif contract is not None:
            choice = choice_at.get((item, contract))
            if choice is None:
                return None
            choices[item] = choice
    return choices


def kept(county: County, rule: MovingRule, places: Mapping[str, str | None]) -> bool:
    """Whether a plan keeps a rule on moving, both halves agreeing."""
    chosen = plan(county, places)
    packages, contracts = all_pairs(county)
    taken = np.array([chosen.contracts[package] == contract for package, contract in zip(packages, contracts, strict=True)])
    in_model = all(int(amounts[taken].sum()) <= most for amounts, most in rule.rows(county, packages, contracts))
    in_check = all(found.passed for _, found in rule.findings(county, chosen))
    assert in_model == in_check, f"model {in_model}, check {in_check}"
    return in_check


def broken(county: County, places: Mapping[str, str | None] | None = None) -> list[tuple[str, str]]:
    """The rules that a plan breaks by the check, each with its subject; the model allows the plan exactly when there are none."""
    chosen, rules = plan(county, places), standard_rules()
    found = [(each.finding.rule, each.subject) for each in findings(county, rules, chosen)[0]]
    model = build_model(county, rules)
    choices = choices_of(model, chosen)
    allowed = choices is not None and model.problem.is_legal(choices)
    assert allowed == (not found), f"model allows: {allowed}, check: {found}"
    return found
