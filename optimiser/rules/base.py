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
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from optimiser.county import County, Ints
from optimiser.domain.money import whole_half_up
from optimiser.domain.plan import Plan
from optimiser.domain.words import hours_per_4w_in_words
from optimiser.rules.vocabulary import Change, Charges, Finding, Group, Pairs

Bools = NDArray[np.bool_]
A_PRIVATE_RULE = "a rule about the person does not allow it"


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
    far_fetched: bool = False
    """Whether it is out of all proportion to the care that it would place: told after all others."""


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """How a rule is told where it keeps a round from moving to a principal. Counted: it names nobody."""

    principal: str = ""
    """For a rule about the principal or its contract: the whole clause. Nobody is counted then."""
    one: str = ""
    """For a rule about people: what follows "1 person" ..."""
    many: str = ""
    """... and what follows "5 people"."""
    turn: int = 0
    """Where it stands among others; 0: by the rule's order."""


class Rule(ABC):
    """What every rule says of itself. The first line of its docstring is the sentence of the rule book."""

    name: ClassVar[str]
    order: ClassVar[int]
    """Where it stands among rules of its kind, in explanations and in the rule book (for levels: the strict order)."""
    source: ClassVar[str]
    """The document that it comes from."""
    settings: ClassVar[tuple[str, ...]] = ()
    """The policy settings that it reads."""
    replaces: ClassVar[type[Rule] | None] = None
    """The rule of the standard book that it stands in for, in a book made with it: the standard book has it not."""
    in_statements: ClassVar[str] = ""
    """Out of ``OWN_REASONS``, where it is counted in what a provider is told each month that it was not asked for, or
    ``NOT_ITS_AREA``. Empty: among other reasons, as whatever could tell of a person or of another provider has to be."""
    effect: ClassVar[str]

    @classmethod
    def sentence(cls) -> str:
        return (cls.__doc__ or "").strip().splitlines()[0]


class EligibilityRule(Rule):
    """Who may be asked: judges a package and a contract. Running care on its own contract is never judged."""

    effect = "decides who may be asked"
    of_one_run: ClassVar[bool] = False
    """True where it narrows whom one run may ask, as a person had asked: an unmet need then says nothing of all the others."""
    private: ClassVar[bool] = False
    """True when a finding may tell something of the person that a provider must not see."""
    running_only: ClassVar[bool] = False
    """True when it can fail for running care alone: it is then left out where new care is explained."""
    fixed: ClassVar[bool] = False
    """True only where nothing but places, needs and the terms of contracts and providers can change a finding, no day, offer or
    restriction: it is then judged once where a county is played forward."""
    depends_on_date: ClassVar[bool] = True
    """False only where neither the day of a move nor what is in force on it can change a finding: judged once for all days."""
    told_when_waived: ClassVar[str] = ""
    """Said of everybody who moves against it when a provider cannot go on with their care; empty where that is told otherwise."""
    waived_on_hand_back: ClassVar[bool] = False
    """True where a contract that is handed back leaves no choice: everybody on it needs another provider."""
    bars_asking_alone: ClassVar[bool] = False
    """True where it bars asking and no more: whoever was asked while it passed may still say yes."""
    blocks: ClassVar[Blocks] = Blocks()
    """Its words where it keeps a round from moving; a private rule without any is told as "may not move"."""
    change: ClassVar[Change]
    """The kind of change of its remedies; needed only where ``smallest_change`` gives any."""
    obstacle: ClassVar[str] = ""
    """What stands in the way where it fails, in a few words ("it" is the provider); empty: said by the rule's name."""

    def in_the_way(self) -> str:
        """What stands in the way where it fails; a private rule that has no words for it is not named."""
        return self.obstacle or (A_PRIVATE_RULE if self.private else f"the rule {self.name} does not allow it")

    def bars_new_work(self, _county: County, _contract: int) -> str:
        """Whether it bars a contract from all new work, whoever it is for, as it stands after "none: "; empty: it does not.

        What it says is told only to those who may see restrictions.
        """
        return ""

    def in_use(self, county: County) -> bool:
        """False where nothing in a county could make it fail for anybody: it is then left out where findings are told."""
        return True

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
        return hours_per_4w_in_words(self.minutes)

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
    providers_own: ClassVar[bool] = False
    """True where the provider sets it itself: it may say yes beyond it, and staff who come with a round may take it further."""
    subject_is: ClassVar[str] = ""
    """What its subject is (contract, provider, restriction), in words; empty: said by the rule's name."""
    before_subject: ClassVar[str] = ""
    """What it is, as it stands before the id of its subject; empty: said by the rule's name."""

    def said_of(self, subject: str) -> str:
        """The limit on one subject, as it stands in a reason."""
        return f"{self.before_subject or f'the limit {self.name} of'} {subject}"

    @abstractmethod
    def limits(self, county: County) -> list[Limit]:
        """Every limit of this kind."""

    @abstractmethod
    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        """The smallest change that raises a limit to at least this many minutes a week, and the one a unit smaller."""


class TogetherRule(Rule):
    """What goes together: packages that are placed on one contract, all of them or none."""

    effect = "places several packages as one"
    obstacle: ClassVar[str] = ""
    """What stands in the way where another of the group may not go to a contract; empty: said by the rule's name."""

    def in_the_way(self) -> str:
        return self.obstacle or f"the rule {self.name} does not allow it"

    @abstractmethod
    def groups(self, county: County) -> list[tuple[int, ...]]:
        """Model half: the groups, each of two packages or more; no package is in two."""

    @abstractmethod
    def findings(self, county: County, plan: Plan) -> Iterator[tuple[str, Finding]]:
        """Check half: whether a plan keeps each group together, each with the group's id."""


class MovingRule(Rule):
    """How many may move: what the people who change provider may add up to. Part of a book that lets running care move."""

    effect = "limits how many may move"

    @abstractmethod
    def rows(self, county: County, packages: Ints, contracts: Ints) -> Iterator[tuple[Ints, int]]:
        """Model half: rows of amounts over pairs (package, contract), each with what they may add up to in a plan."""

    @abstractmethod
    def findings(self, county: County, plan: Plan) -> Iterator[tuple[str, Finding]]:
        """Check half: what a plan moves of what may be moved, each with its subject (an id, or empty)."""


@dataclass(frozen=True)
class Beforehand:
    """What is said of a package that a run did not decide on, as a person had asked. It tells nothing of whom the care is for."""

    what: Literal["pinned", "left waiting", "outside"]
    """On a contract by a pin, waiting by a pin, or outside of the part that the run was for."""
    reason: str


class StandingRule(Rule):
    """What is settled before anybody is asked: running care, accepted offers, offers still waiting for an answer."""

    effect = "settles a package before the choice begins"

    @abstractmethod
    def settled(self, county: County) -> Mapping[int, int | None]:
        """Model half: the packages that it settles, each with its contract or None (on none)."""

    @abstractmethod
    def finding(self, county: County, package: int, contract: int | None) -> Finding | None:
        """Check half: whether a plan's contract for a package keeps the rule; None when it does not apply."""

    def beforehand(self, county: County, package: int) -> Beforehand | None:
        """What is said of a package that it settles because a person asked so of this run (none by default)."""
        return None


class Level(Rule):
    """What is better: one level of the strict order, measured in whole units."""

    effect = "is minimised in strict order"
    unit: ClassVar[str]
    group: ClassVar[Group] = Group.OTHER
    """What it is about, where other parts need to know."""
    about: ClassVar[str] = ""
    """What it is about, in a few plain words; empty: said by its name."""
    indicator: ClassVar[str] = ""
    """Its heading where counties are compared; empty: what it is about."""
    indicator_turn: ClassVar[int] = 100
    """Where it stands among the figures that counties are compared by; those of one turn stand in the strict order."""
    charges_moves: ClassVar[bool] = False
    """Whether people moved are charged for on it (``move_charge``), beside what it is about."""
    settled_in_words: ClassVar[str] = ""
    """What settled care that counts on it does, after its amount; given, the level may be required without that care as well."""

    def in_words(self) -> str:
        """What it is about."""
        return self.about or self.name.replace("_", " ")

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

    def proof_may_leave(self, county: County, best: int) -> Fraction:
        """The same for one best: the larger of the two, in the level's unit."""
        units, share = self.proof(county)
        return max(Fraction(units), share * best)
