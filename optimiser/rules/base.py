"""The kinds of rule. Each rule is one class in one file, with two halves that are written apart on purpose:

* the *model half* judges whole columns at once, or tells the model what to limit or to charge for;
* the *check half* judges one case from plain records and says it in a sentence. It also serves explanations.

The check never calls the model half. Tests compare the two on random counties.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from optimiser.amounts import hours_4w
from optimiser.county import County, Ints, whole_half_up
from optimiser.domain.plan import Plan
from optimiser.rules.findings import Change, Finding
from optimiser.rules.vocabulary import Charges, Pairs

Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """A change in somebody's power, with the same change one unit smaller, so that both can be tried."""

    change: Change
    subject: str
    """Whose contract, limit, radius or answer it is: an id."""
    amount: Fraction
    """How much, in ``unit``: remedies of one kind are compared by it."""
    unit: str
    sentence: str
    applied: Callable[[County], County]
    """The county with the change made."""
    one_unit_less: Callable[[County], County]
    """The county with the change made one unit too small."""


class Rule(ABC):
    """What every rule says of itself. The first line of its docstring is the sentence of the rule book."""

    name: ClassVar[str]
    order: ClassVar[int]
    """Where it stands among rules of its kind, in explanations and in the rule book (for levels: the strict order)."""
    source: ClassVar[str]
    """The document that it comes from."""
    settings: ClassVar[tuple[str, ...]] = ()
    """The policy settings that it reads."""
    effect: ClassVar[str]

    @classmethod
    def sentence(cls) -> str:
        return (cls.__doc__ or "").strip().splitlines()[0]


class EligibilityRule(Rule):
    """Who may be asked: judges a package and a contract. Running care on its own contract is never judged."""

    effect = "decides who may be asked"
    private: ClassVar[bool] = False
    """True when a finding may tell something of the person that a provider must not see."""
    running_only: ClassVar[bool] = False
    """True when it can fail for running care alone: it is then left out where new care is explained."""
    change: ClassVar[Change]
    """The kind of change of its remedies; needed only where ``smallest_change`` gives any."""
    obstacle: ClassVar[str] = ""
    """What stands in the way where it fails, in a few words ("it" is the provider); empty: said by the rule's name."""

    def in_the_way(self) -> str:
        """What stands in the way where it fails."""
        return self.obstacle or f"the rule {self.name} does not allow it"

    @abstractmethod
    def passes(self, county: County, packages: Ints) -> Bools:
        """Model half: which pairs pass, shape (len(packages), contracts)."""

    @abstractmethod
    def finding(self, county: County, package: int, contract: int) -> Finding:
        """Check half: one pair, with the figures compared."""

    def smallest_change(self, county: County, package: int, contract: int) -> Iterator[Remedy]:
        """The smallest change of this rule's kind that would make a failing pair pass (none by default)."""
        return iter(())


class Limit(ABC):
    """How much: one amount that care on some contracts may add up to, in minutes a week."""

    rule: str
    subject: str
    """The id of the contract, provider or restriction."""
    minutes: Fraction
    contracts: tuple[int, ...]
    """The contracts whose care may count."""
    area_id: str = ""
    """The one area whose care counts; empty: everywhere."""
    called: str = ""
    """What it is to one of its contracts, in a few words; empty: called by its rule's name."""

    @cached_property
    def whole_minutes(self) -> int:
        """The limit in whole minutes: care comes in whole minutes, so it is kept exactly when this is."""
        return int(self.minutes // 1)

    @cached_property
    def in_words(self) -> str:
        """The limit as people say it."""
        return hours_4w(self.minutes)

    def in_short(self) -> str:
        """What it is to one of its contracts."""
        return self.called or f"the limit {self.rule}"

    @abstractmethod
    def counts(self, county: County, package: int, contract: int) -> bool:
        """Check half: whether the care of a package on one of the contracts counts."""

    @abstractmethod
    def counts_many(self, county: County, packages: Ints, contracts: Ints) -> Bools:
        """Model half: the same for many pairs at once."""

    @abstractmethod
    def sentence(self, county: County, used: int) -> str:
        """What is used of what is allowed, in words."""


class LimitRule(Rule):
    """How much: yields the limits that a county's contracts, providers or restrictions set."""

    effect = "limits how much"
    change: ClassVar[Change]
    """The kind of change that raises it."""

    @abstractmethod
    def limits(self, county: County) -> list[Limit]:
        """Every limit of this kind."""

    @abstractmethod
    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        """The smallest change that raises a limit to at least this many minutes a week, and the one a unit smaller."""


class MovingRule(Rule):
    """How many may move: what the people who change provider may add up to. Part of a book that lets running care move."""

    effect = "limits how many may move"

    @abstractmethod
    def rows(self, county: County, packages: Ints, contracts: Ints) -> Iterator[tuple[Ints, int]]:
        """Model half: rows of amounts over pairs (package, contract), each with what they may add up to in a plan."""

    @abstractmethod
    def findings(self, county: County, plan: Plan) -> Iterator[tuple[str, Finding]]:
        """Check half: what a plan moves of what may be moved, each with its subject (an id, or empty)."""


class StandingRule(Rule):
    """What is settled before anybody is asked: running care, accepted offers, offers still waiting for an answer."""

    effect = "settles a package before the choice begins"

    @abstractmethod
    def settled(self, county: County) -> Mapping[int, int | None]:
        """Model half: the packages that it settles, each with its contract or None (on none)."""

    @abstractmethod
    def finding(self, county: County, package: int, contract: int | None) -> Finding | None:
        """Check half: whether a plan's contract for a package keeps the rule; None when it does not apply."""


class Level(Rule):
    """What is better: one level of the strict order, measured in whole units."""

    effect = "is minimised in strict order"
    unit: ClassVar[str]

    @abstractmethod
    def measure(self, county: County, plan: Plan) -> Fraction | int:
        """Check half: the level's exact value for a plan, from plain records."""

    @abstractmethod
    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        """Model half: what each choice costs."""

    def value(self, county: County, plan: Plan) -> int:
        """The level's value as reported: half up, once."""
        return whole_half_up(Fraction(self.measure(county, plan)))

    def tolerance(self, county: County) -> int:
        """How much of it later levels may give away."""
        return 0

    def proof(self, county: County) -> tuple[int, Fraction]:
        """A best is proven when its gap is at most this many units, or this share of the best."""
        return 0, Fraction(0)
