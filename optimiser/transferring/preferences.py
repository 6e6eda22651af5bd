"""The preferences of a transfer in strict order: what each counts, exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from optimiser.domain.level_result import Amount
from optimiser.transferring.problem import Choice, Linear, OwnLevel, Problem


@dataclass(frozen=True)
class Level:
    """A preference: the less the better."""

    name: str
    unit: str
    value: Callable[[Problem, Choice], Amount]
    linear: Callable[[Problem], Linear] | None = None
    """The same as a sum, where it is one; the model is made of it."""
    proof_gap: Callable[[Problem, Amount], Amount] = lambda _problem, _value: 0
    """What a bound may leave open of it, at a value, when it counts as proven."""
    tolerance: Callable[[Problem], int] = lambda _problem: 0
    """What later levels may take from it."""


def summed(name: str, unit: str, linear: Callable[[Problem], Linear]) -> Level:
    """A level that is a sum over the rounds moved."""
    return Level(name, unit, lambda problem, choice: linear(problem).value(choice), linear)


def shortfall(problem: Problem) -> Linear:
    """Minutes a week short of the marks of all areas once everything has moved."""
    return Linear(problem.short_minutes, tuple(-minutes for minutes in problem.towards_mark))


def largest_share(problem: Problem, choice: Choice) -> Fraction:
    """The largest part of a provider's county-wide minutes that this plan moves away from it."""
    return max(problem.shares(choice).values(), default=Fraction(0))


def people_moved(problem: Problem) -> Linear:
    return Linear(0, problem.people)


def lateness(problem: Problem) -> Linear:
    """Minutes a week times the waves that they wait; the first wave waits for none."""
    return Linear(0, problem.minutes, times_wave=True)


def distance(problem: Problem) -> Linear:
    """Metres from each round moved to the principal's nearest office."""
    return Linear(0, problem.metres)


def cost(problem: Problem, choice: Choice) -> int:
    """Weekly pence of every contract once everything has moved, guarantees included."""
    return sum(payment.pence(choice) for payment in problem.payments)


def changes(problem: Problem, choice: Choice) -> int:
    """Rounds whose wave is not what it was in the earlier plan, those left out that had to be."""
    pairs = enumerate(zip(choice, problem.earlier or choice, strict=True))
    return sum(now != before for index, (now, before) in pairs if index not in problem.earlier_elsewhere)


def share_open(problem: Problem, value: Amount) -> Fraction:
    """A share of the value is left open."""
    return Fraction(value) / problem.distance_proof_divisor


def pence_open(problem: Problem, _value: Amount) -> int:
    """So many pence are left open."""
    return problem.cost_proof_pence


CHANGES = Level("changes", "rounds", changes, tolerance=lambda problem: problem.changes_tolerance)
LARGEST_SHARE = Level("largest_share", "share of a provider's hours", largest_share)
COST = Level("cost", "pence a week", cost, proof_gap=pence_open, tolerance=lambda problem: problem.cost_tolerance_pence)
"""The last, of a transfer and of a hand-back."""
LEVELS = (
    summed("shortfall", "minutes a week", shortfall),
    LARGEST_SHARE,
    summed("people_moved", "people", people_moved),
    summed("lateness", "minutes a week x waves waited", lateness),
    replace(summed("distance", "metres", distance), proof_gap=share_open),
    COST,
)


def levels_of(problem: Problem) -> tuple[Level, ...]:
    """The strict order: a hand-back's own; in a re-plan, as few changes as possible come first."""
    if problem.own_levels:
        return (*map(_own, problem.own_levels), COST)
    return (CHANGES, *LEVELS) if problem.earlier is not None else LEVELS


def _own(own: OwnLevel) -> Level:
    level = summed(own.name, own.unit, lambda _: own.linear)
    return replace(level, proof_gap=share_open) if own.to_a_share else level
