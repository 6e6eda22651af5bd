"""A plan to begin the search of a hand-back with: places taken one after another, so that one cut short has placed most."""

from __future__ import annotations

from collections import defaultdict

from optimiser.transferring.problem import STAYS, Choice, Problem


def one_after_another(problem: Problem) -> Choice:
    """Options taken as long as every limit has room: what the levels count first in front, whole rounds before single people.

    An option has one wave. Only what limits use up is looked at, so it needs limits under which nobody makes room.
    """
    under: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, limit in enumerate(problem.limits):
        for option, weight in limit.weights.items():
            under[option].append((number, weight))
    room = [limit.room for limit in problem.limits]
    shut: dict[int, list[int]] = defaultdict(list)
    for group in problem.excludes:
        for option in group:
            shut[option] += group
    choice, closed = [STAYS] * len(problem.minutes), set[int]()
    for option in sorted(range(len(choice)), key=lambda each: _in_turn(problem, each)):
        fits = all(room[number] >= weight for number, weight in under[option])
        if fits and option not in closed and problem.waves[option]:
            choice[option] = problem.waves[option][0]
            closed.update(shut[option])
            for number, weight in under[option]:
                room[number] -= weight
    return tuple(choice)


def _in_turn(problem: Problem, option: int) -> tuple[bool, list[int], int]:
    """Rounds before single people, then by what each adds to the levels of their own, the first of them first."""
    return problem.people[option] == 1, [level.linear.weights[option] for level in problem.own_levels], option
