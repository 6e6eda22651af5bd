"""The rule book: every rule of the model, found by looking into the folders of this package; and the same as plain data.

A rule is any concrete class of one of the kinds in a module of a rules folder. Nothing else registers it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any

from optimiser.county import County
from optimiser.domain.policy import Policy
from optimiser.rules import eligibility, levels, limits, standing, together
from optimiser.rules.base import (
    Beforehand,
    EligibilityRule,
    Level,
    Limit,
    LimitRule,
    MovingRule,
    Rule,
    StandingRule,
    TogetherRule,
)
from optimiser.rules.vocabulary import Group

VERSION = "2026.12"
"""The version of the rules as a whole: changed whenever a rule's meaning is."""


@dataclass(frozen=True)
class RuleBook:
    """The rules by kind, each kind in its order."""

    standing: tuple[StandingRule, ...]
    eligibility: tuple[EligibilityRule, ...]
    limits: tuple[LimitRule, ...]
    levels: tuple[Level, ...]
    together: tuple[TogetherRule, ...] = ()
    """What is placed together."""
    moving: tuple[MovingRule, ...] = ()
    """How many may move; none where nobody does."""
    version: str = VERSION

    def __repr__(self) -> str:
        return f"<RuleBook {self.version}: {len(list(self))} rules>"

    def __iter__(self) -> Iterator[Rule]:
        yield from self.standing
        yield from self.eligibility
        yield from self.limits
        yield from self.together
        yield from self.moving
        yield from self.levels

    def all_limits(self, county: County) -> list[Limit]:
        """Every limit that any limit rule sets on a county."""
        return [limit for rule in self.limits for limit in rule.limits(county)]

    def groups(self, county: County) -> list[tuple[int, ...]]:
        """The packages that any rule places together."""
        return [group for rule in self.together for group in rule.groups(county)]

    def setting(self, limit: Limit) -> LimitRule:
        """The rule that sets a limit."""
        return next(rule for rule in self.limits if rule.name == limit.rule)

    def level(self, group: Group) -> Level:
        """The first level of a group."""
        return next(rule for rule in self.levels if rule.group is group)

    def levels_of(self, group: Group) -> tuple[Level, ...]:
        """Every level of a group, in the strict order."""
        return tuple(rule for rule in self.levels if rule.group is group)

    def beforehand(self, county: County, package: int) -> Beforehand | None:
        """What is said of a package that a run did not decide on, as a person had asked."""
        return next((said for rule in self.standing if (said := rule.beforehand(county, package)) is not None), None)

    @property
    def private_names(self) -> frozenset[str]:
        """The rules whose findings may tell something of the person."""
        return frozenset(rule.name for rule in self.eligibility if rule.private)

    def with_rule(self, rule: Rule) -> RuleBook:
        """The same book with one more rule, in place of the one that it stands in for, if any."""
        kept = [each for each in self if type(each) is not rule.replaces]
        return replace(book_of([*kept, rule]), version=self.version)

    def with_rules(self, module: ModuleType) -> RuleBook:
        """The same book with the rules of one more module (or package) in it."""
        return book_of([*self, *rules_in(module)])


def rules_in(module: ModuleType) -> list[Rule]:
    """One instance of every concrete rule class defined in a module, and in the modules below it if it is a package.

    Rules that stand in for another are left out: a book has them where they are put.
    """
    modules = [module]
    for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
        modules.append(importlib.import_module(f"{module.__name__}.{found.name}"))
    return [
        member()
        for each in modules
        for _, member in inspect.getmembers(each, inspect.isclass)
        if issubclass(member, Rule)
        and not inspect.isabstract(member)
        and member.__module__ == each.__name__
        and member.replaces is None
    ]


@cache
def standard_rules() -> RuleBook:
    """The rule book of the model as it stands."""
    return book_of(rule for package in (standing, eligibility, limits, together, levels) for rule in rules_in(package))


def book_of(rules: Iterable[Rule]) -> RuleBook:
    """The book of these rules, each kind in its order. Raises ``ValueError`` when two share a name, or two of a kind an order."""
    ordered = sorted(rules, key=lambda rule: (rule.order, rule.name))
    names = [rule.name for rule in ordered]
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise ValueError(f"two rules share a name: {', '.join(sorted(repeated))}")
    made = RuleBook(
        standing=tuple(rule for rule in ordered if isinstance(rule, StandingRule)),
        eligibility=tuple(rule for rule in ordered if isinstance(rule, EligibilityRule)),
        limits=tuple(rule for rule in ordered if isinstance(rule, LimitRule)),
        together=tuple(rule for rule in ordered if isinstance(rule, TogetherRule)),
        moving=tuple(rule for rule in ordered if isinstance(rule, MovingRule)),
        levels=tuple(rule for rule in ordered if isinstance(rule, Level)),
    )
    for kind in (made.standing, made.eligibility, made.limits, made.together, made.moving, made.levels):
        for first, second in pairwise(kind):
            if first.order == second.order:
                raise ValueError(f"two rules of a kind share the order {first.order}: {first.name}, {second.name}")
    return made


def records(rules: RuleBook) -> list[dict[str, Any]]:
    """A record per rule, in the order of the book: its name, sentence, source, settings with their defaults, and effect."""
    return [
        {
            "name": rule.name,
            "sentence": rule.sentence(),
            "source": rule.source,
            "settings": {name: _shown(getattr(Policy(), name)) for name in rule.settings},
            "effect": rule.effect
            + (f" (level {rules.levels.index(rule) + 1}, in {rule.unit})" if isinstance(rule, Level) else ""),
        }
        for rule in rules
    ]


def without_settled(rules: RuleBook) -> dict[str, Level]:
    """The names under which levels may be required without the settled care that counts on them."""
    return {f"new_{level.name}": level for level in rules.levels if level.settled_in_words}


def names_to_require(rules: RuleBook) -> str:
    """Every level that may be required, in words."""
    without = {level.name: name for name, level in without_settled(rules).items()}
    said = (
        f"{level.name}, {without[level.name]} (without what is there already)" if level.name in without else level.name
        for level in rules.levels
    )
    return ", ".join(said)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(_shown(each) for each in value) or "none"
    return f"{float(value):g}" if not isinstance(value, bool | int | str) else str(value).lower()
