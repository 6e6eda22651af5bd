"""What would have to give: each way out of a conflict, measured, and tried on the county before it is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.words import hours_per_4w_in_words
from optimiser.judging.checking import PlanRefusedError, VerifiedPlan, verify
from optimiser.rules.base import Remedy
from optimiser.solving.outcome import Effort
from optimiser.solving.problem import IntArray
from optimiser.whatif.feasible.problem import Question
from optimiser.whatif.feasible.solve import decide, nearest
from optimiser.whatif.level_words import in_words


@dataclass(frozen=True)
class WayOut:
    """One change, or several together, after which the requirements hold: a plan was found and checked."""

    kind: str
    """``limits`` raised, or a ``requirement`` loosened."""
    sentences: tuple[str, ...]
    minutes_per_week: int | None
    """Limits: what they are raised by together (None for a requirement)."""
    people_unmet: int
    proven: bool
    """Whether nothing smaller of this kind would do."""


def ways_out(question: Question, places: Sequence[int], limits: Sequence[int], effort: Effort) -> list[WayOut]:
    """Each requirement of a conflict loosened alone, each limit of it raised alone, and the fewest hours on any limits."""
    everything = range(len(question.requirements))
    found = [_loosened(question, place, everything, effort) for place in places]
    found += [_raised(question, [number], effort) for number in limits]
    if limits:
        found.append(_raised(question, range(len(question.limits)), effort))
    if not any(found):
        found.append(_nearest(question, effort))
    unique: dict[tuple[str, ...], WayOut] = {}
    for way in found:
        if way is not None:
            unique.setdefault(way.sentences, way)
    return sorted(unique.values(), key=lambda way: (way.kind, way.minutes_per_week or 0, way.sentences))


def _loosened(question: Question, place: int, everything: Sequence[int], effort: Effort) -> WayOut | None:
    """All others as asked, this one as low as it goes."""
    others = [other for other in everything if other != place]
    decision = decide(question, others, (), effort, last=[question.levels[place], *question.nobody_waits])
    if decision.verdict != "yes":
        return None
    checked = checked_plan(question, question.county, decision.plan, others)
    if checked is None:
        return None
    asked = question.requirements[place]
    return WayOut(
        "requirement",
        (f"Loosen it: {asked.loosened_to(decision.best)}.",),
        None,
        people_unmet(question.county, checked),
        decision.best == decision.bound,
    )


def _nearest(question: Question, effort: Effort) -> WayOut | None:
    """Where no single change will do: every requirement as near as it goes, the earlier ones first."""
    plan, values = nearest(question, effort)
    checked = checked_plan(question, question.county, plan, ())
    if checked is None:
        return None
    loosened = [
        asked.loosened_to(value) for asked, value in zip(question.requirements, values, strict=True) if value > asked.most
    ]
    return WayOut(
        "requirement", (f"Loosen together: {'; '.join(loosened)}.",), None, people_unmet(question.county, checked), False
    )


def _raised(question: Question, limits: Collection[int], effort: Effort) -> WayOut | None:
    """Some limits may be raised, by as few minutes together as it takes."""
    decision = decide(
        question, range(len(question.requirements)), limits, effort, last=[question.excess(limits), *question.nobody_waits]
    )
    if decision.verdict != "yes":
        return None
    remedies = _remedies(question, decision.plan, limits)
    county = question.county
    for remedy in remedies:
        county = remedy.applied(county)
    checked = checked_plan(question, county, decision.plan, range(len(question.requirements)))
    if checked is None or not remedies:
        return None
    return WayOut(
        "limits",
        tuple(f"{remedy.sentence}" for remedy in remedies),
        decision.best,
        people_unmet(county, checked),
        decision.best == decision.bound,
    )


def _remedies(question: Question, plan: IntArray, limits: Collection[int]) -> list[Remedy]:
    """The smallest raise, in quarter hours per four weeks, of every limit that a plan passes."""
    used = question.problem.limits.totals(question.problem.chosen(plan))
    remedies: list[Remedy] = []
    for number in sorted(limits):
        if used[number] <= question.problem.limit_capacity[number]:
            continue
        limit = question.limits[number]
        rule = next(rule for rule in question.rules.limits if rule.name == limit.rule)
        remedies += rule.raised(question.county, limit, Fraction(int(used[number]) + question.on_entry[number]))
    return remedies


def checked_plan(question: Question, county: County, plan: IntArray, places: Sequence[int]) -> VerifiedPlan | None:
    """The plan, verified on a county, if every requirement named holds by the check's own measure; else None."""
    try:
        verified = verify(county, question.rules, question.model.plan_of(plan))
    except PlanRefusedError:
        return None
    return verified if all_met(question, county, verified, places) else None


def all_met(question: Question, county: County, verified: VerifiedPlan, places: Sequence[int]) -> bool:
    """Whether every requirement named holds by the check's own measure."""
    return not any(question.requirements[place].missed_by(county, question.rules, verified.plan) for place in places)


def people_unmet(county: County, verified: VerifiedPlan) -> int:
    """People on no contract and not being asked for."""
    return county.people(
        package
        for package, contract in enumerate(verified.plan.contracts)
        if contract is None and county.packages[package].package_id not in county.offers_in_force.pending
    )


def hours_in_words(minutes: int) -> str:
    """Minutes a week as hours a week and per four weeks."""
    return f"{in_words(minutes, 'minutes a week')} ({hours_per_4w_in_words(minutes)})"
