"""Which two levels, what is held while they are set against each other, and what is left free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimiser.io.faults import shown
from optimiser.rules.book import RuleBook


@dataclass(frozen=True)
class TwoLevels:
    """Names of levels. ``one`` comes before ``other`` in the strict order; so does all that is ``held``, in that order."""

    held: tuple[str, ...]
    one: str
    other: str
    free: tuple[str, ...]
    """Those between the two and behind them: a plan has some value of each, and none is brought down."""

    def __repr__(self) -> str:
        return f"<TwoLevels: {self.one}, {self.other}>"


def two_levels(named: Sequence[str], rules: RuleBook) -> TwoLevels:
    """In whichever order they are named. Raises ``ValueError`` with what was expected."""
    names = [rule.name for rule in rules.levels]
    for each in named:
        if each not in names:
            raise ValueError(f"a level, one of {', '.join(names)}; found {shown(each)}")
    if len(set(named)) != 2 or len(named) != 2:
        raise ValueError("two levels that are not the same")
    first, second = sorted(names.index(each) for each in named)
    free = tuple(name for place, name in enumerate(names) if place > first and place != second)
    return TwoLevels(tuple(names[:first]), names[first], names[second], free)
