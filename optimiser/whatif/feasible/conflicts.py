"""Which limits and requirements cannot hold together: a set of which each one matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from optimiser.solving.outcome import Effort
from optimiser.whatif.feasible.problem import Question
from optimiser.whatif.feasible.solve import QUICK, decide


@dataclass(frozen=True)
class Conflict:
    """Limits (by number) and requirements (by place) that cannot hold together, whatever becomes of all others."""

    requirements: tuple[int, ...]
    limits: tuple[int, ...]
    needed: tuple[bool, ...]
    """Per member, requirements first: whether a plan was found that keeps all the others. All: the set is irreducible."""

    @property
    def irreducible(self) -> bool:
        return all(self.needed)


Member = tuple[str, int]


def conflict_of(question: Question, effort: Effort) -> Conflict | None:
    """The conflict of a question whose answer is a proven no; None when the proof needs more than can be taken apart.

    QuickXplain (Junker 2004): halves at a time, so that a few members out of hundreds are found in few questions.
    """
    limits: list[Member] = [("limit", number) for number in range(len(question.limits))]
    asked: list[Member] = [("requirement", place) for place in range(len(question.requirements))]

    def impossible(members: Sequence[Member], spent: Effort = QUICK) -> bool:
        kept = {number for kind, number in members if kind == "limit"}
        places = [number for kind, number in members if kind == "requirement"]
        lifted = [number for number in range(len(question.limits)) if number not in kept]
        return decide(question, sorted(places), lifted, spent).verdict == "no"

    prove: Callable[[Sequence[Member]], bool] = impossible
    if not impossible([*asked, *limits]):

        def prove(members: Sequence[Member]) -> bool:
            return impossible(members, effort)

        if not prove([*asked, *limits]):
            return None
    found = sorted(_quick_xplain([], False, [*asked, *limits], prove), key=lambda member: (member[0] == "limit", member[1]))
    needed = tuple(_is_needed(question, member, found, effort) for member in found)
    return Conflict(
        tuple(number for kind, number in found if kind == "requirement"),
        tuple(number for kind, number in found if kind == "limit"),
        needed,
    )


def _quick_xplain(
    background: list[Member], grown: bool, members: list[Member], prove: Callable[[Sequence[Member]], bool]
) -> list[Member]:
    if grown and prove(background):
        return []
    if len(members) == 1:
        return members
    half = len(members) // 2
    first, second = members[:half], members[half:]
    from_second = _quick_xplain([*background, *first], True, second, prove)
    from_first = _quick_xplain([*background, *from_second], bool(from_second), first, prove)
    return [*from_first, *from_second]


def _is_needed(question: Question, member: Member, found: Sequence[Member], effort: Effort) -> bool:
    """Whether the others of a conflict can hold together: then this one matters."""
    others = [each for each in found if each != member]
    kept = {number for kind, number in others if kind == "limit"}
    places = sorted(number for kind, number in others if kind == "requirement")
    lifted = [number for number in range(len(question.limits)) if number not in kept]
    return decide(question, places, lifted, effort).verdict == "yes"
