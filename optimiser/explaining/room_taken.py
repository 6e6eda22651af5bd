"""Whose is the room that somebody finds taken, and by which rule they came first: counted, without a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from optimiser.county import County
from optimiser.judging.checking import VerifiedPlan
from optimiser.rules.base import Limit
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.waiting import UnmetLevel


def room_taken(county: County, rules: RuleBook, verified: VerifiedPlan, package: int, full: Iterable[Limit]) -> str:
    """Who has the room under the limits that are full for a package: those whom this plan places, by the rule that they came
    first by, and whatever was there before. A sentence.
    """
    limits = list(full)
    placed = {
        taker
        for limit in limits
        for contract in limit.contracts
        for taker in verified.plan.on.get(contract, ())
        if _is_new(county, taker) and limit.counts(county, taker, contract)
    }
    counted = Counter(_came_first(county, rules, package, taker) for taker in placed)
    said = [
        f"{count} package{'s' if count > 1 else ''} that {why.many if count > 1 else why.one} ({level})"
        for level, why in sorted(counted, key=lambda each: _turn(rules, *each))
        if (count := counted[level, why])
    ]
    if not said:
        return "Their room is taken by running care, accepted offers and offers without an answer."
    return f"Their room went to {'; '.join(said)}. Running care, accepted offers and offers without an answer have the rest."


@dataclass(frozen=True)
class Why:
    """How somebody came first, said of one and of several."""

    one: str
    many: str


COUNT_MORE = Why(
    "counts more: longer past its date, more hours, or a higher priority",
    "count more: longer past their date, more hours, or a higher priority",
)
LEAVE_LESS = Why(
    "counts no more, but with it less need is unmet in all", "count no more each, but with them less need is unmet in all"
)


def _is_new(county: County, package: int) -> bool:
    """Whether a plan chooses where it goes: nobody has accepted it yet."""
    record = county.packages[package]
    return record.status == "new" and record.package_id not in county.offers_in_force.accepted


def _came_first(county: County, rules: RuleBook, package: int, taker: int) -> tuple[str, Why]:
    """The level by which somebody has the room and not the package, and how."""
    level = next(rule for rule in rules.levels if isinstance(rule, UnmetLevel) and rule.counts(county, taker))
    if level.told_as and not level.counts(county, package):
        return level.name, Why(f"is {level.told_as}", f"are {level.told_as}")
    more = level.cost(county, taker) > level.cost(county, package)
    return level.name, COUNT_MORE if more and level.counts(county, package) else LEAVE_LESS


def _turn(rules: RuleBook, level: str, why: Why) -> tuple[int, bool]:
    return [rule.name for rule in rules.levels].index(level), why is LEAVE_LESS
