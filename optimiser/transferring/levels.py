"""The preferences of a transfer in strict order: what each counts, exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from optimiser.transferring.problem import Choice, Linear, Problem

Amount = int | Fraction


@dataclass(frozen=True)
class Level:
    """A preference: the less the better."""

    name: str
    unit: str
    value: Callable[[Problem, Choice], Amount]
    linear: Callable[[Problem], Linear] | None = None
    """The same as a sum, where it is one; the model is made of it."""


def summed(name: str, unit: str, linear: Callable[[Problem], Linear]) -> Level:
    """A level that is a sum over the rounds moved."""
    return Level(name, unit, lambda problem, choice: linear(problem).value(choice), linear)


def shortfall(problem: Problem) -> Linear:
    """Minutes a week short of the marks of all areas once everything has moved."""
    return Linear(problem.short_minutes, tuple(-minutes for minutes in problem.minutes))


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
    return sum(a != b for a, b in zip(choice, problem.earlier or choice, strict=True))


CHANGES = Level("changes", "rounds", changes)
LEVELS = (
    summed("shortfall", "minutes a week", shortfall),
    Level("largest_share", "share of a provider's hours", largest_share),
    summed("people_moved", "people", people_moved),
    summed("lateness", "minutes a week x waves waited", lateness),
    summed("distance", "metres", distance),
    Level("cost", "pence a week", cost),
)


def levels_of(problem: Problem) -> tuple[Level, ...]:
    """The strict order: a hand-back's own; in a re-plan, as few changes as possible come first."""
    if problem.own_levels:
        return tuple(_own(name, unit, linear) for name, unit, linear in problem.own_levels) + LEVELS[-1:]
    return (CHANGES, *LEVELS) if problem.earlier is not None else LEVELS


def _own(name: str, unit: str, linear: Linear) -> Level:
    return summed(name, unit, lambda _: linear)


@dataclass(frozen=True)
class LevelResult:
    """One level as it is reported: what the plan has, the best, and what is proven."""

    name: str
    unit: str
    value: Amount
    best: Amount
    bound: Amount
    tolerance: Amount
    proven: bool

    @property
    def gap(self) -> Fraction:
        return Fraction(self.best - self.bound) / max(Fraction(self.best), Fraction(1))
