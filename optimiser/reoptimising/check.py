"""The independent check of a list of steps: after each of them, every rule and limit counted anew from plain records.

It shares nothing with what makes the steps but their shape, and imports no solver.
"""

from __future__ import annotations

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.checking import DisagreementError
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.reoptimising.steps import Steps
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.waiting import UnmetLevel


def verify_steps(county: County, rules: RuleBook, steps: Steps, step_moves: int) -> None:
    """Raises ``DisagreementError`` where a step moves too many, places nobody, passes a limit or makes the county worse off.

    The plan after all steps is the one that ``judging.checking.verify`` judges, rule by rule; on the way there only limits and
    levels can be broken.
    """
    contracts = list(entry_plan(county).contracts)
    limits = tuple(rules.all_limits(county))
    plan = Plan.of(contracts)
    on_entry = [used_minutes(county, limit, plan) for limit in limits]
    unmet = [rule for rule in rules.levels if isinstance(rule, UnmetLevel)]
    before = [rule.value(county, plan) for rule in unmet]
    for number, step in enumerate(steps.steps, start=1):
        moved = [change for change in step.changes if change.before is not None]
        if len(moved) > step_moves or len(moved) == len(step.changes):
            raise DisagreementError(f"step {number} moves {len(moved)} people and places {len(step.changes) - len(moved)}")
        for change in step.changes:
            if contracts[change.package] != change.before:
                raise DisagreementError(f"step {number} begins where its package is not")
            contracts[change.package] = change.after
        plan = Plan.of(contracts)
        touched = {change.after for change in step.changes}
        for limit, entry in zip(limits, on_entry, strict=True):
            if touched.intersection(limit.contracts) and used_minutes(county, limit, plan) > max(limit.whole_minutes, entry):
                raise DisagreementError(f"step {number} passes the limit {limit.rule} of {limit.subject}")
        after = [rule.value(county, plan) for rule in unmet]
        if after >= before:
            raise DisagreementError(f"step {number} leaves no less unmet need than before it")
        before = after
    if plan != steps.plan:
        raise DisagreementError("the steps do not lead to their plan")
