"""The whole answer: yes with a plan, no with a conflict and the ways out of it, or not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from optimiser.county import County
from optimiser.judging.checking import VerifiedPlan, verify
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.shares import minutes_on
from optimiser.rules.vocabulary import Group
from optimiser.solving.outcome import Effort
from optimiser.whatif.feasible.conflicts import Conflict, conflict_of
from optimiser.whatif.feasible.problem import Question
from optimiser.whatif.feasible.relaxing import WayOut, all_met, ways_out
from optimiser.whatif.feasible.requirement import SHARE, Requirement
from optimiser.whatif.feasible.solve import Decision, Verdict, decide
from optimiser.whatif.level_words import in_words


@dataclass(frozen=True)
class Answer:
    """What is known of a question."""

    verdict: Verdict
    question: Question
    decision: Decision
    verified: VerifiedPlan | None
    """For a yes: the plan that keeps every rule and every requirement."""
    conflict: Conflict | None
    members: tuple[str, ...]
    """The conflict in the field's words."""
    ways_out: tuple[WayOut, ...]


def answer(
    county: County,
    rules: RuleBook,
    requirements: Sequence[Requirement],
    effort: Effort,
    should_stop: Callable[[], bool] | None = None,
) -> Answer:
    """Whether the requirements can hold together on a county. Raises ``PlanRefusedError``."""
    question = replace(Question.of(county, rules, requirements), should_stop=should_stop)
    everything = range(len(question.requirements))
    decision = decide(question, everything, (), effort, last=question.nobody_waits)
    if decision.verdict == "yes":
        verified = verify(county, rules, question.model.plan_of(decision.plan))
        if all_met(question, county, verified, everything):
            return Answer("yes", question, decision, verified, None, (), ())
        # A plan that the check measures otherwise proves nothing.
        return Answer("not known", question, decision, None, None, (), ())
    if decision.verdict == "not known":
        return Answer("not known", question, decision, None, None, (), ())
    conflict = conflict_of(question, effort)
    if conflict is None:
        return Answer("no", question, decision, None, None, (), ())
    members = _members(question, conflict)
    out = ways_out(question, conflict.requirements, conflict.limits, effort)
    return Answer("no", question, decision, None, conflict, members, tuple(out))


def _members(question: Question, conflict: Conflict) -> tuple[str, ...]:
    said = [f"requirement {question.requirements[place].text}" for place in conflict.requirements]
    said += [_limit_in_words(question, number) for number in conflict.limits]
    for place in conflict.requirements:
        said += _settled(question, conflict, question.requirements[place])
    return tuple(said)


def _limit_in_words(question: Question, number: int) -> str:
    limit, used = question.limits[number], question.on_entry[number]
    kind = question.rules.setting(limit).subject_is or limit.rule
    taken = f", of which {in_words(used, 'minutes a week')} are taken already" if used else ""
    return f"{kind} {limit.subject}'s {limit.in_words}{taken}"


def _settled(question: Question, conflict: Conflict, asked: Requirement) -> list[str]:
    """What is no limit and cannot be lifted: care that is settled already, and who may be asked at all."""
    county, model = question.county, question.model
    if asked.name == SHARE:
        return _shares(question, asked)
    said, level = [], next(rule for rule in question.rules.levels if rule.name == asked.name)
    if level.settled_in_words:
        running = level.value(county, model.settled)
        if running:
            said.append(f"running care stays: {in_words(running, level.unit)} {level.settled_in_words}")
    if level.group is Group.WAITING:
        said += [f"area {area_id}'s needs: {people}" for area_id, people in _needs(question, conflict, asked.name)]
    return said


def _needs(question: Question, conflict: Conflict, level: str) -> list[tuple[str, str]]:
    """Per area: the people of a level who wait and whom nobody may be asked for, or nobody but under the limits in conflict."""
    county, problem = question.county, question.problem
    priorities = getattr(next(rule for rule in question.rules.levels if rule.name == level), "priorities", ())
    wanted = {
        item: mine
        for item, packages in enumerate(question.model.item_packages)
        if (mine := [package for package in packages if county.packages[package].priority in priorities])
    }
    choices: dict[int, set[int]] = {item: set() for item in wanted}
    for choice, item in enumerate(problem.choice_item.tolist()):
        if item in wanted:
            choices[item].add(choice)
    under = {
        choice
        for number in conflict.limits
        for choice in problem.limits.choice[problem.limits.start[number] : problem.limits.start[number + 1]].tolist()
    }
    people: dict[str, list[int]] = defaultdict(list)
    for item, own in choices.items():
        if own <= under:
            for package in wanted[item]:
                people[county.packages[package].area_id].append(package)
    who = "whom no other contract may be asked for" if conflict.limits else "whom no contract may be asked for"
    return [
        (
            area_id,
            f"{county.people(packages)} waiting, {in_words(int(county.minutes[packages].sum()), 'minutes a week')}, {who}",
        )
        for area_id, packages in sorted(people.items())
    ]


def _shares(question: Question, asked: Requirement) -> list[str]:
    """The areas whose share is out of reach even with everybody who waits and may go to the principal; else all of them."""
    county, model = question.county, question.model
    said: list[tuple[int, str]] = []
    for area_id, contract, least in asked.least_minutes:
        may_come = {package for _, package, where in model.pairs() if county.counts_with[where] == contract}
        running = minutes_on(county, model.settled, contract)
        reach = running + int(county.minutes[sorted(may_come)].sum())
        name = county.snapshot.areas[county.area_of[area_id]].name
        wanted, has, more = (in_words(minutes, asked.unit) for minutes in (least, running, reach - running))
        said.append(
            (
                least - reach,
                f"{name} ({area_id}): its principal would have to deliver {wanted}; it delivers {has}, and those who wait and"
                f" may go to it need {more}",
            )
        )
    short = sorted((each for each in said if each[0] > 0), key=lambda each: (-each[0], each[1]))
    return [words for _, words in short or said]
