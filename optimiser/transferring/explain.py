"""Why a round moves or stays, in one plain sentence with its figures. No name of a person, and no reason that is one person's."""

from __future__ import annotations

from fractions import Fraction

from optimiser.domain.words import date_in_words, hours_in_words, people, percent
from optimiser.transferring.problem import STAYS, Limit
from optimiser.transferring.transfer_plan import TransferPlan


def round_reason(plan: TransferPlan, index: int) -> str:
    """The reason of a candidate's decision."""
    each, wave = plan.candidates[index], plan.wave_of(index)
    if wave is not None:
        pending = sum(plan.is_pending(member) for member in each.members)
        waits = f"; {_decisions(pending, each.people)} pending: if one is refused, the round stays" if pending else ""
        all_of_it = "its one person may move" if each.people == 1 else f"all {people(each.people)} may move"
        part = Fraction(each.minutes, max(1, plan.problem.before_minutes[each.provider_id]))
        return (
            f"Moves whole on {date_in_words(wave.date)}: {all_of_it}{waits}."
            f" {hours_in_words(each.minutes)} a week, {percent(part)} of {each.provider_id}'s hours."
        )
    cut = next((c for c in moving_cuts(plan) if plan.candidates[c].recut_of == each.round_id), None)
    if cut is not None:
        return f"Moves in part only, as {plan.candidates[cut].round_id}; the others stay with their provider."
    if each.blockers:
        return f"The whole round stays: {'; '.join(blocker.sentence for blocker in each.blockers)}."
    if not each.members:
        return "The whole round stays: everybody in it has asked to stay."
    return f"It may move, but there is no room: {'; '.join(in_the_way(plan, index))}."


def _decisions(pending: int, of_people: int) -> str:
    if of_people == 1:
        return "the decision is"
    return "the decision on 1 of them is" if pending == 1 else f"the decisions on {pending} of them are"


def moving_cuts(plan: TransferPlan) -> list[int]:
    """The proposed parts of rounds that move."""
    return [index for index in plan.moving if plan.candidates[index].recut_of]


def in_the_way(plan: TransferPlan, index: int) -> list[str]:
    """The limits that the plan would pass if this round moved as well: those that it would pass on every wave first."""
    of_round = plan.candidates_of(plan.candidates[index].round_id)
    by_wave = [_passed(plan, each, wave) for each in of_round for wave in plan.candidates[each].waves]
    if not all(by_wave):
        return ["no better plan was found with it"]
    always = [limit for name, limit in by_wave[-1].items() if all(name in passed for passed in by_wave)]
    if always:
        return [_with_figures(plan, index, limit) for limit in always]
    rules = {limit.rule for passed in by_wave for limit in passed.values()}
    if "reviews" not in rules:
        reached = dict.fromkeys(name for passed in by_wave for name in passed)
        return [f"on every wave one limit or another is reached: {'; '.join(reached)}"]
    need = people(plan.candidates[index].people)
    return [f"on some waves the reviews leave no room for {need} more, on the others {_others(rules)}"]


def rules_in_the_way(plan: TransferPlan, index: int) -> frozenset[str] | None:
    """The kinds of limit that keep a round that may move from moving, on one wave or another; None for any other round."""
    of_round = plan.candidates_of(plan.candidates[index].round_id)
    days = [(each, wave) for each in of_round for wave in plan.candidates[each].waves]
    if not days or not is_movable_but_stays(plan, index):
        return None
    return frozenset(limit.rule for each, wave in days for limit in _passed(plan, each, wave).values())


def _passed(plan: TransferPlan, index: int, wave: int) -> dict[str, Limit]:
    """By what it is called: each limit that is passed if a round moves on this wave; the tightest of those that share a name."""
    choice = (*plan.choice[:index], wave, *plan.choice[index + 1 :])
    found: dict[str, Limit] = {}
    for limit in plan.problem.limits:
        if limit.used(choice) > limit.room:
            other = found.get(limit.sentence)
            if other is None or _left(plan, limit) < _left(plan, other):
                found[limit.sentence] = limit
    return found


def _left(plan: TransferPlan, limit: Limit) -> int:
    return max(0, limit.room - limit.used(plan.choice))


def _others(rules: set[str]) -> str:
    words = {"destabilisation": "too much of its provider's work would move within a year", "mark": "the mark is reached"}
    return " or ".join(words[rule] for rule in sorted(rules) if rule in words) or "another limit is reached"


def _with_figures(plan: TransferPlan, index: int, limit: Limit) -> str:
    of_round = plan.candidates_of(plan.candidates[index].round_id)
    left, own = _left(plan, limit), max(limit.weights.get(each, 0) for each in of_round)
    if limit.rule == "reviews":
        return f"{limit.sentence}: {people(left)} left, {own} needed"
    return f"{limit.sentence}: {hours_in_words(left)} left, {hours_in_words(own)} needed"


def person_reason(plan: TransferPlan, index: int, package: int, *, name_blockers: bool) -> str:
    """The reason of one person's decision, for the transition team. Who stands in a round's way is told only where asked for."""
    each, wave = plan.candidates[index], plan.wave_of(index)
    if package in each.alone:
        provider = plan.county.provider(int(plan.county.running_on[package])).name
        return (
            f"Stays with {provider} by a direct payment, as recorded; {provider} says who visits once the round's"
            " staff have left."
        )
    if wave is not None:
        return "Moves with the round; decision pending." if plan.is_pending(package) else "Moves with the round; decision made."
    if name_blockers:
        own = [blocker.kind for blocker in each.blockers if package in blocker.packages]
        if own:
            return f"The whole round stays; this person's part in it: {', '.join(own).replace('_', ' ')}."
    return "The whole round stays."


def is_movable_but_stays(plan: TransferPlan, index: int) -> bool:
    """Whether a round stays for want of room alone."""
    return plan.choice[index] == STAYS and not plan.candidates[index].blockers
