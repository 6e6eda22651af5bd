"""Which sizes stand in the way: limits that are full, and who would be asked for there, first or at all, if they were not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.candidates import Candidates, judge
from optimiser.judging.limit_use import Usage
from optimiser.rules.base import A_PRIVATE_RULE, Limit
from optimiser.rules.book import RuleBook
from optimiser.whatif.everybody_free.totals import Gathered

BETTER = ("principal", "framework")
"""Where care counts on no level of exception."""


@dataclass(frozen=True)
class Full:
    """A limit in which none of those who would be asked for there fits."""

    limit: Limit
    what: str
    """What it is of, in words."""
    used: Gathered
    used_today: Gathered
    unmet: Gathered
    """Who has no care, and whom every rule would let go there."""
    by_exception: Gathered
    """Who is with the legacy framework or the reserve, and whom every rule would let go there, to a principal or a framework."""

    @property
    def minutes(self) -> int:
        """Of both together."""
        return self.unmet.minutes_per_week + self.by_exception.minutes_per_week


def full_limits(county: County, rules: RuleBook, plan: Plan, usage: Usage, today: Plan) -> list[Full]:
    """Those that hold back most, first. A person is counted under every limit that holds them back."""
    candidates = judge(county, rules)
    found = []
    for place, limit in enumerate(usage.limits):
        room = limit.whole_minutes - usage.used[place]
        unmet, exception = _held_back(county, candidates, plan, limit)
        kept = [*unmet, *exception]
        if kept and min(county.packages[package].minutes_per_week for package in kept) > room:
            used, used_today = (_of(county, _under(county, limit, where)) for where in (plan, today))
            what = rules.setting(limit).said_of(limit.subject)
            found.append(Full(limit, what, used, used_today, _of(county, unmet), _of(county, exception)))
    return sorted(found, key=lambda each: (-each.minutes, each.limit.rule, each.limit.subject, each.limit.area_id))


def _held_back(county: County, candidates: Candidates, plan: Plan, limit: Limit) -> tuple[list[int], list[int]]:
    """The packages without care, and those placed by exception, that a rule-abiding place under the limit would be better for."""
    allowed = candidates.allowed[:, list(limit.contracts)]
    better = np.array([county.contracts[contract].tier in BETTER for contract in limit.contracts], dtype=np.bool_)
    unmet, exception = [], []
    for package in np.flatnonzero(allowed.any(axis=1)).tolist():
        contract = plan.contracts[package]
        counted = [
            place for place in np.flatnonzero(allowed[package]).tolist() if limit.counts(county, package, limit.contracts[place])
        ]
        if contract is None and counted:
            unmet.append(package)
        elif contract is not None and county.contracts[contract].tier in ("legacy", "reserve") and better[counted].any():
            exception.append(package)
    return unmet, exception


def _under(county: County, limit: Limit, plan: Plan) -> list[int]:
    """The packages that count under a limit."""
    return [
        package
        for contract in limit.contracts
        for package in plan.on.get(contract, ())
        if limit.counts(county, package, contract)
    ]


def _of(county: County, packages: list[int]) -> Gathered:
    return Gathered(county.people(packages), sum(county.packages[package].minutes_per_week for package in packages))


def not_placed_so_today(county: County, rules: RuleBook, today: Plan) -> Iterator[tuple[str, Gathered]]:
    """By rule: whose care of today no rule-abiding choice of today would be. Rules about the person are told as one."""
    package = np.array([each for each, _ in today.placed()], dtype=np.int64)
    contract = np.array([where for _, where in today.placed()], dtype=np.int64)
    found: dict[str, set[int]] = defaultdict(set)
    for rule in rules.eligibility:
        passes = rule.passes(county, package)[np.arange(len(package)), contract] if len(package) else np.zeros(0, dtype=np.bool_)
        found[A_PRIVATE_RULE if rule.private else rule.in_the_way()].update(package[~passes].tolist())
    for what, those in found.items():
        if those:
            yield what, _of(county, sorted(those))
