"""The county as it is now, in memory: a snapshot of the database's records with all that follows from it.

A state is never changed. When the database has a newer version, a new state is made from the old one and from what was
written since (``incremental_state.py``), so that a change of an offer costs milliseconds, not the reading of a county. What was
worked out about single packages is kept from one version to the next.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, Self, TypeVar, cast

from api.state.holds import Hold, holds_of, with_holds
from api.state.stored_records import CALL_OFF_ID, Stock, Stored
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import Offer, Package, Visit
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import Note
from optimiser.io.likely_typos import Searched, notes_of, searched
from optimiser.judging.checking import LegalPlan, VerifiedPlan, legal, still_legal, with_levels
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.judging.placeable import nobody_left
from optimiser.judging.ranking import Cascade
from optimiser.rules.base import EligibilityRule
from optimiser.rules.book import RuleBook


class Kept(Protocol):
    """What is kept of one package, contract by contract."""

    def without(self, contracts: Collection[int]) -> Self:
        """Another of the same that knows nothing of these."""
        ...


class RestsOnNoContract:
    """A dataclass of what is kept, which a change of contracts leaves as it is."""

    def without(self, _: Collection[int]) -> Self:
        """A copy: whoever asks about the county before goes on with this one."""
        return copy(self)


T = TypeVar("T", bound=Kept)
W = TypeVar("W")

EVERYBODY = -1
"""In place of a package: what is kept of all of them together."""

LARGEST = 400
"""So many packages are kept, those asked about last: some 150 kB each."""


class Memory:
    """Shared by the states of a county that differ in their offers alone. Hold ``lock`` while using what it gives.

    What is kept says itself which offers and hours it rests on: it is used again only where that is still so.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._kept: OrderedDict[tuple[type, int], Kept] = OrderedDict()

    def without(self, contracts: Collection[int]) -> Memory:
        """Another one, for a county in which these contracts have changed: whoever asks about the county before goes on here."""
        other = Memory()
        with self.lock:
            for key, kept in self._kept.items():
                other._kept[key] = kept.without(contracts)
        return other

    def of(self, kind: type[T], package: int) -> T:
        """What is kept of a kind for a package, or for ``EVERYBODY``; an empty one where nothing is."""
        key = (kind, package)
        if key not in self._kept:
            self._kept[key] = kind()
        self._kept.move_to_end(key)
        while len(self._kept) > LARGEST:
            self._kept.popitem(last=False)
        return cast(T, self._kept[key])


@dataclass(frozen=True)
class State:
    """The county at one version, on one day."""

    version: int
    stock: Stock
    county: County
    rules: RuleBook
    memory: Memory = field(default_factory=Memory)
    """What is kept of single packages; the next state shares it where nothing but offers changes, and takes over what rests on
    none of the contracts that a change touches."""

    @property
    def snapshot(self) -> Snapshot:
        return self.county.snapshot

    @property
    def as_of(self) -> dt.date:
        return self.county.as_of

    @cached_property
    def entry(self) -> Plan:
        """Where everybody is before anything is decided: running care and accepted offers."""
        return entry_plan(self.county)

    @cached_property
    def standing_plan(self) -> LegalPlan:
        """Where everybody is before anything is decided, with the use of every limit."""
        known, changed = self.standing_plan_before
        if known is None:
            return legal(self.county, self.rules, self.entry)
        return still_legal(known, self.county, self.rules, changed)

    @cached_property
    def standing_plan_before(self) -> tuple[LegalPlan | None, frozenset[int]]:
        """The same as it was checked in an earlier state, and the packages whose offers have changed since; None: it is new."""
        return None, frozenset()

    @cached_property
    def standing_levels(self) -> VerifiedPlan:
        """The same with the value of every level."""
        return with_levels(self.county, self.rules, self.standing_plan)

    @cached_property
    def holds(self) -> tuple[Hold, ...]:
        """The hours that are kept free for somebody, in the order in which they were asked for."""
        return holds_of(self.county, {each: stored.version for each, stored in self.stock["offers"].items()})

    @cached_property
    def usage(self) -> Usage:
        """How much of every limit is used, all that is held included."""
        return with_holds(Usage.of(self.county, self.rules, self.entry), self.county, self.holds)

    @cached_property
    def guaranteed(self) -> Mapping[int, tuple[int, int]]:
        """Per contract with a guarantee its weekly pence: what its care costs today, and what it is paid at least.

        One that has not begun and succeeds it stands with it: they are one sum.
        """
        county = self.county
        found: dict[int, tuple[int, int]] = {}
        for contract in range(len(county.contracts)):
            together = county.counting_with.get(contract, ())
            if guaranteed := county.guaranteed_pence(contract):
                care = sum(county.care_pence(each, self.entry.on.get(each, ())) for each in together)
                found |= dict.fromkeys(together, (care, guaranteed))
        return found

    @cached_property
    def eligibility_rules(self) -> tuple[EligibilityRule, ...]:
        """Those that could make anybody's care impossible anywhere in this county."""
        return tuple(rule for rule in self.rules.eligibility if rule.in_use(self.county))

    @cached_property
    def cascade(self) -> Cascade:
        """Read it, or order with a copy: ordering changes it for a moment."""
        return Cascade(self.county, self.entry)

    @cached_property
    def offers_of(self) -> Mapping[str, tuple[Offer, ...]]:
        """Per package id its offers, answered ones too, by id; nothing for a package without any."""
        found: dict[str, list[Offer]] = defaultdict(list)
        for offer in self.snapshot.offers:
            found[offer.package_id].append(offer)
        return {package_id: tuple(offers) for package_id, offers in found.items()}

    @cached_property
    def visits_of(self) -> Mapping[str, tuple[Visit, ...]]:
        """Per package id its visits, by id."""
        found: dict[str, list[Visit]] = defaultdict(list)
        for visit in self.snapshot.visits:
            found[visit.package_id].append(visit)
        return {package_id: tuple(visits) for package_id, visits in found.items()}

    @cached_property
    def called_off(self) -> Mapping[str, tuple[str, ...]]:
        """Per call-off the ids of the packages that it asked for and that are still there, parts divided off them included."""
        found: dict[str, set[str]] = defaultdict(set)
        packages = self.stock["packages"]
        for package_id, stored in packages.items():
            whole = packages.get(stored.record.part_of)
            for each in (stored, whole):
                if each is not None and (call_off_id := each.body.get(CALL_OFF_ID)):
                    found[call_off_id].add(package_id)
        return {call_off_id: tuple(sorted(ids)) for call_off_id, ids in found.items()}

    @cached_property
    def likely_typos(self) -> tuple[Note, ...]:
        """What is probably mistyped in the county's records."""
        return notes_of(self.typos)

    @cached_property
    def typos(self) -> tuple[Searched, ...]:
        """The same as it was searched for."""
        return searched(self.snapshot, self.typos_before)

    @cached_property
    def typos_before(self) -> tuple[Searched, ...]:
        """What was found in an earlier state, whose records are searched again where they have changed."""
        return ()

    @cached_property
    def nobody_left(self) -> frozenset[int]:
        """The packages that wait, with nobody asked, that no contract may take or has room for."""
        return frozenset(nobody_left(self.county, self.rules, self.usage))

    @cached_property
    def _worked_out(self) -> dict[str, Any]:
        return {}

    def once(self, name: str, work_out: Callable[[], W]) -> W:
        """What a feature works out of this state, under a name of its own: it is kept for whoever asks next."""
        if name not in self._worked_out:
            self._worked_out[name] = work_out()
        return cast(W, self._worked_out[name])

    @cached_property
    def bodies(self) -> dict[Any, bytes]:
        """Answers made from this state already: whoever asks again gets the same bytes."""
        return {}

    def situation_of(self, package: int) -> str:
        """``waiting`` (nobody asked), ``pending`` (no answer yet), ``accepted`` (not begun yet), ``running`` or ``on_hold``."""
        person, standing = self.county.packages[package], self.county.offers_in_force
        if person.status == "active":
            return "running" if person.held_until is None else "on_hold"
        if person.package_id in standing.accepted:
            return "accepted"
        return "pending" if person.package_id in standing.pending else "waiting"

    def days_since_request(self, person: Package) -> int | None:
        """Whole days since the care was asked for; None where that is not said."""
        return None if person.requested_at is None else max((self.as_of - person.requested_at.date()).days, 0)

    def contract_of(self, package: int) -> str | None:
        """The contract that a package is under today, or has been accepted on; None: neither."""
        contract = self.entry.contracts[package]
        return None if contract is None else self.county.contracts[contract].contract_id

    def get(self, kind: str, record_id: str) -> Stored | None:
        return self.stock[kind].get(record_id)
