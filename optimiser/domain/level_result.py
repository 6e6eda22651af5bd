"""What is known of one level of a strict order: of an allocation, a trial, a re-optimisation or a transfer alike."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Generic, TypeVar

from optimiser.domain.words import percent

Amount = int | Fraction
"""Levels are whole numbers in their unit; a transfer's share of a provider's hours is an exact part of 1."""
A = TypeVar("A", int, Amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult(Generic[A]):
    """What the plan returned has, the best found, and that no plan is below ``bound``."""

    name: str
    unit: str
    value: A
    best: A
    bound: A
    tolerance: A
    """What later levels may take from it."""
    proven: bool
    given_to: tuple[str, ...] = ()
    """The later levels at whose work this one's value rose above its best, within its tolerance."""
    asked: bool = True
    """Whether a bound was asked for at all; if not, nothing is claimed but the value."""

    def of_plan(self, value: A) -> LevelResult[A]:
        """The same, said of a plan with this value."""
        return replace(self, value=value, given_to=self.given_to if value > self.best else ())

    @property
    def given_away(self) -> A:
        return self.value - self.best

    @property
    def open_part(self) -> Fraction:
        """What lies between the bound and the best, as a part of the best."""
        return Fraction(self.best - self.bound) / max(Fraction(self.best), Fraction(1))

    @property
    def gap(self) -> float:
        return float(self.open_part)


def level_record(level: LevelResult[A], *, without: Collection[str] = ()) -> dict[str, Any]:
    """A level as a result's JSON has it; parts are exact fractions, written as text. ``without``: what is not told there."""
    record = {
        "name": level.name,
        "unit": level.unit,
        "value": _written(level.value),
        "best": _written(level.best),
        "bound": _written(level.bound) if level.asked else None,
        "gap": level.gap,
        "tolerance": _written(level.tolerance),
        "proven": level.proven,
        "given_away": _written(level.given_away),
        "given_to": list(level.given_to),
    }
    return {name: value for name, value in record.items() if name not in without}


def level_row(level: LevelResult[A], *, open_by: Callable[[LevelResult[A]], str]) -> dict[str, str]:
    """A level as a line of a table. ``open_by``: what is said of one that is not proven."""
    given_to = f" to {', '.join(level.given_to)}" if level.given_to else ""
    return {
        "level": level.name,
        "unit": level.unit,
        "value": amount_in_words(level.value),
        "best": amount_in_words(level.best),
        "bound": amount_in_words(level.bound),
        "tolerance": amount_in_words(level.tolerance),
        "given away": f"{amount_in_words(level.given_away)}{given_to}",
        "proven": "yes" if level.proven else open_by(level),
    }


def amount_in_words(value: Amount) -> str:
    """A whole number with thousands, or a part as a percentage."""
    return f"{value:,}" if isinstance(value, int) else percent(value)


def _written(value: Amount) -> int | str:
    return value if isinstance(value, int) else f"{value.numerator}/{value.denominator}"
