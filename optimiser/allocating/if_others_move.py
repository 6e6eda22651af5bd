"""The smallest single change that would place somebody who waits, if others who wait may go elsewhere: re-solved, with its bound.

Everybody whom the plan places stays placed, on this contract or that; running care stays where the plan has it. So nobody
loses by the change, and no level up to the person's own is worse. A limit may be raised wherever that helps; a change of a
radius, a skill, a band or an answer is looked at for the person's own care. Every change that takes others elsewhere is tried
by the check.
"""

from __future__ import annotations

from collections.abc import Callable

from optimiser.allocating.own_changes import OwnChanges, pairs_failing_one_rule
from optimiser.allocating.raised_limits import RaisedLimits
from optimiser.allocating.waiting_alone import Answer, Waiting
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.explaining.remedies import IfOthersMove, turn
from optimiser.judging.checking import DisagreementError, VerifiedPlan, findings
from optimiser.rules.book import RuleBook
from optimiser.solving.formulation import Model
from optimiser.solving.interruptible import Halt, Watch


def changes_if_others_move(
    county: County,
    rules: RuleBook,
    verified: VerifiedPlan,
    model: Model,
    should_stop: Callable[[], bool] | None = None,
    wall_seconds: float | None = None,
) -> dict[int, list[IfOthersMove]]:
    """Per package that nobody has been found for: the smallest change of each kind that was found, in the order of ``turn``.

    Those that are left when somebody or the clock (a last resort) ends the search are not in it. Raises ``DisagreementError``
    where the check does not confirm what the model says: a defect of this software.
    """
    waiting = Waiting.of(county, rules, model, verified.plan)
    watch = Watch(should_stop, wall_seconds, lambda: None)
    made: dict[int, list[IfOthersMove]] = {}
    unplaced = sorted(waiting.unplaced(), key=lambda item: (waiting.minutes(county, item), item))
    if not unplaced:
        return made
    failing = pairs_failing_one_rule(county, rules, waiting)
    kinds: list[RaisedLimits | OwnChanges] = [RaisedLimits(county, waiting, rule, watch) for rule in rules.limits]
    kinds += [OwnChanges(county, waiting, rule, failing[rule.name], watch) for rule in rules.eligibility]
    try:
        for item in unplaced:
            found = [answer for kind in kinds if (answer := kind.smallest(item)) is not None]
            told = sorted((_checked(county, rules, verified.plan, each) for each in found), key=lambda each: turn(each.remedy))
            made.update((package, told) for package in waiting.item_packages[item])
    except Halt:
        pass
    return made


def _checked(county: County, rules: RuleBook, before: Plan, answer: Answer) -> IfOthersMove:
    """An answer with what becomes of the others; where it moves any, confirmed by the check with the change made."""
    others = sum(was not in (None, now) for was, now in zip(before.contracts, answer.plan.contracts, strict=True))
    if others:
        broken, _ = findings(answer.remedy.applied(county), rules, answer.plan)
        lost = any(was is not None and now is None for was, now in zip(before.contracts, answer.plan.contracts, strict=True))
        if broken or lost:
            said = broken[0].finding.rule if broken else "somebody loses their place"
            raise DisagreementError(f"model and check disagree on what a change ({answer.remedy.change}) makes possible: {said}")
    return IfOthersMove(remedy=answer.remedy, at_least=answer.at_least, others_elsewhere=others)
