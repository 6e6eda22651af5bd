"""The three strict orders that are worked out side by side. None is better than the others: a named person chooses."""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.domain.records import HARMS
from optimiser.rules.base import Level
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Group

PEOPLE_WITH_NOTHING, DAYS_WAITED = "people_with_nothing", "days_waited"


def uncovered(harm: str) -> str:
    """The level of the minutes a week of visits that cannot wait and nobody makes, of people who would be harmed so much."""
    return f"uncovered_{harm}"


def nothing(harm: str) -> str:
    """The level of the people who would be harmed so much and have no visit at all."""
    return f"nothing_{harm}"


def not_whole(harm: str) -> str:
    """The level of the people who would be harmed so much and have not all of their visits that cannot wait."""
    return f"not_whole_{harm}"


FILLED, NONE_EMPTY, WHOLE_FIRST = "filled", "none empty", "whole first"


@dataclass(frozen=True)
class Alternative:
    """One strict order. ``own_levels``: before those of the rule book; ``begins_with``: what its first plan sees to first."""

    name: str
    sentence: str
    begins_with: str
    own_levels: tuple[str, ...]


_UNCOVERED = tuple(map(uncovered, HARMS))
ALTERNATIVES = (
    Alternative(
        "harm_first",
        "As few minutes as possible of the visits that would harm most are left out, whoever they are of.",
        FILLED,
        (*_UNCOVERED, PEOPLE_WITH_NOTHING, DAYS_WAITED),
    ),
    Alternative(
        "people_first",
        "As few people as possible are left with no visit at all, those first who would be harmed most.",
        NONE_EMPTY,
        (*map(nothing, HARMS), *_UNCOVERED, DAYS_WAITED),
    ),
    Alternative(
        "whole_care",
        "As many people as possible have all of their visits that cannot wait, those first who would be harmed most.",
        WHOLE_FIRST,
        (*map(not_whole, HARMS), *_UNCOVERED, PEOPLE_WITH_NOTHING, DAYS_WAITED),
    ),
)


def own_rules() -> tuple[Level, ...]:
    """The levels of the rule book that come after those of a bridge: care by exception. Cost and travel decide nothing."""
    return (standard_rules().level(Group.EXCEPTION),)
