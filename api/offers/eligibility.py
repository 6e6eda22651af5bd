"""A package against the contracts of its area and the county, by every rule of the rule book, in the order asked.

The model's halves of the eligibility rules pick out who fails, for a whole row at once; the check's halves say why. Where the two
disagree nothing is answered. Before anybody is asked or placed, the check's halves judge that pair alone, passing rules too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from operator import itemgetter

import numpy as np

from api.state.holds import ALONE, Order, previous_of, usage_for
from api.state.state import Memory, State
from api.state.stored_records import Stored
from optimiser.county import NOWHERE
from optimiser.domain.person_records import REOPTIMISE, Answer
from optimiser.domain.records import Offer
from optimiser.explaining.remedies import companion_findings, companions, limit_findings
from optimiser.judging.checking import DisagreementError
from optimiser.judging.limit_use import Usage
from optimiser.judging.ranking import Place
from optimiser.rules.base import EligibilityRule, Limit
from optimiser.rules.vocabulary import Finding


@dataclass(frozen=True)
class Candidate:
    """A contract as one package meets it."""

    place: Place
    failed: tuple[Finding, ...]
    limits: tuple[tuple[Finding, Limit], ...]
    """Every limit that its care would count under."""
    asked: bool
    previous: bool
    """It keeps the package's hours since before a stay in hospital."""

    @property
    def may_be_asked(self) -> bool:
        return not self.failed


FRAMEWORK = "framework"

_Basis = tuple[tuple[int, ...], tuple[int, ...]]
_Turn = tuple[bool, float, int, Fraction | int, int, int, str]


@dataclass
class _Kept:
    """What is known of a package from earlier versions of the county."""

    said: tuple[tuple[Offer, ...], tuple[Answer, ...]] | None = None
    """The package's own offers, and what the person has answered to providers: all of it rests on them."""
    here: list[int] | None = None
    """The contracts that are looked at for it; None: to be found out."""
    failed: dict[int, list[Finding]] = field(default_factory=dict)
    """Per contract the eligibility rules that fail: they rest on the package's own offers and on nobody else's."""
    found: dict[int, tuple[_Basis, _Turn, Candidate]] = field(default_factory=dict)

    def without(self, contracts: Collection[int]) -> _Kept:
        failed = {contract: each for contract, each in self.failed.items() if contract not in contracts}
        found = {contract: each for contract, each in self.found.items() if contract not in contracts}
        return _Kept(self.said, None, failed, found)

    def basis_of(self, contract: int) -> _Basis | None:
        return self.found[contract][0] if contract in self.found else None


def for_move(state: State, move: str) -> State:
    """The state in which running care would move for something else: a decision is used for its own kind of move alone."""
    if move == state.county.move:
        return state
    after = replace(state, county=state.county.moving_for(move), memory=Memory())
    kept = ("entry", "holds", "usage", "cascade", "offers_of", "visits_of")
    after.__dict__.update({name: state.__dict__[name] for name in kept if name in state.__dict__})
    return after


def as_it_was_asked(state: State, stored: Stored) -> State:
    """The state in which an offer is judged: that of the move that it was made for."""
    return for_move(state, stored.body.get("move") or REOPTIMISE)


def asked_with(state: State, package: int) -> tuple[int, ...]:
    """The other packages of its bundle, which are asked for with it as one; none for a package that goes alone."""
    return companions(state.county, state.rules, package)


def candidates(state: State, package: int) -> list[Candidate]:
    """Every contract of the package's area and the county (but the one that it runs under), in the order asked.

    A restart's previous provider comes first while it keeps the hours; a principal that the package would lift above the upper
    edge of its share comes after the framework. Of an earlier version's candidates those are kept that rest on nothing changed:
    the same objects. What bars one package of a bundle bars the contract for all of it, and there has to be room for all.
    """
    if together := asked_with(state, package):
        return _candidates_of_a_bundle(state, package, together)
    with state.memory.lock:
        kept, package_id = state.memory.of(_Kept, package), state.county.packages[package].package_id
        said = state.offers_of.get(package_id, ()), state.county.answers.of_person(package_id)
        asked = frozenset(hold.contract for hold in state.holds if hold.package == package and _is_offer(hold.order))
        previous = previous_of(state.county, package)
        if kept.said != said:
            kept.said, kept.here, kept.failed, kept.found = said, None, {}, {}
        kept.here = kept.here or _here(state, package, {*asked, previous})
        if unknown := [contract for contract in kept.here if contract not in kept.failed]:
            kept.failed |= eligibility_failures(state, package, unknown)
        usage = usage_for(state.county, state.usage, state.holds, package)
        bases = {contract: _basis(state, usage, contract) for contract in kept.failed}
        missing = [contract for contract, basis in bases.items() if kept.basis_of(contract) != basis]
        for place in state.cascade.copy().places(package, missing, now_on=state.entry.contracts[package]):
            limits = tuple(limit_findings(state.county, usage, state.entry, package, place.contract))
            full = [finding for finding, _ in limits if not finding.passed]
            failed = (*kept.failed[place.contract], *full)
            found = Candidate(place, failed, limits, asked=place.contract in asked, previous=place.contract == previous)
            turn = *_turn(place, previous=found.previous), *state.cascade.rank(package, place)
            kept.found[place.contract] = bases[place.contract], turn, found
        return [found for _, _, found in sorted(kept.found.values(), key=itemgetter(1))]


def in_turn(state: State, package: int, contracts: Iterable[int]) -> list[int]:
    """Some contracts in the order in which ``candidates`` has them, without what stands in their way; whichever it has not are
    left out.
    """
    together = bool(asked_with(state, package))
    previous = previous_of(state.county, package)
    asked = set() if together else {hold.contract for hold in state.holds if hold.package == package and _is_offer(hold.order)}
    here = [contract for contract in dict.fromkeys(contracts) if _is_here(state, package, contract, {*asked, previous})]
    now_on = None if together else state.entry.contracts[package]
    places = state.cascade.copy().places(package, here, now_on=now_on)
    turns = {
        place.contract: (*_turn(place, previous=place.contract == previous), *state.cascade.rank(package, place))
        for place in places
    }
    return sorted(here, key=turns.__getitem__)


def _candidates_of_a_bundle(state: State, package: int, together: Sequence[int]) -> list[Candidate]:
    """They rest on the offers of every package of it: nothing is kept."""
    previous = previous_of(state.county, package)
    usage = usage_for(state.county, state.usage, state.holds, package)
    failing = eligibility_failures(state, package, _here(state, package, {previous}))
    found: list[tuple[_Turn, Candidate]] = []
    for place in state.cascade.copy().places(package, list(failing), now_on=None):
        contract = place.contract
        limits = tuple(limit_findings(state.county, usage, state.entry, package, contract, together))
        others = companion_findings(state.county, state.rules, package, contract)
        failed = [*failing[contract], *(f for f in (*others, *(finding for finding, _ in limits)) if not f.passed)]
        candidate = Candidate(place, tuple(failed), limits, asked=False, previous=contract == previous)
        found.append(((*_turn(place, previous=candidate.previous), *state.cascade.rank(package, place)), candidate))
    return [candidate for _, candidate in sorted(found, key=itemgetter(0))]


def _here(state: State, package: int, known: Collection[int | None]) -> list[int]:
    """The contracts that are looked at for a package: of its area, of the county, and those that know it already."""
    return [contract for contract in range(len(state.county.contracts)) if _is_here(state, package, contract, known)]


def _is_here(state: State, package: int, contract: int, known: Collection[int | None]) -> bool:
    county = state.county
    of_area = county.contracts[contract].area_id in ("", county.packages[package].area_id)
    return (of_area or contract in known) and contract != county.running_on[package]


def _basis(state: State, usage: Usage, contract: int) -> _Basis:
    """The figures of other people's care and offers that a candidate rests on."""
    return tuple(usage.used[limit] for limit in usage.touching.get(contract, ())), state.cascade.rests_on(contract)


def _turn(place: Place, *, previous: bool) -> tuple[bool, float]:
    return not previous, place.turn


def _is_offer(order: Order) -> bool:
    return order[0].year > 1


def _rules(state: State, package: int) -> Sequence[EligibilityRule]:
    new = state.county.running_on[package] == NOWHERE
    return [rule for rule in state.eligibility_rules if not (new and rule.running_only)]


def eligibility_failures(state: State, package: int, contracts: Sequence[int]) -> dict[int, list[Finding]]:
    """Per contract the eligibility rules that fail, each found by both of its halves."""
    failed: dict[int, list[Finding]] = {contract: [] for contract in contracts}
    row = np.array([package])
    for rule in _rules(state, package):
        passes = rule.passes(state.county, row)[0]
        for contract in contracts:
            if not passes[contract]:
                finding = rule.finding(state.county, package, contract)
                if finding.passed:
                    raise DisagreementError(f"model and check disagree on the rule {rule.name}")
                failed[contract].append(finding)
    return failed


def eligibility(state: State, package: int, contract: int) -> list[Finding]:
    """The check's findings of every eligibility rule for one pair, passing ones too."""
    return [rule.finding(state.county, package, contract) for rule in _rules(state, package)]


def barred(state: State, package: int, contract: int, closed_reserve_offers: str) -> list[Finding]:
    """The eligibility rules that stand in the way of a yes to an offer that was made.

    ``closed_reserve_offers``: ``answered`` or ``withdrawn``, what becomes of it where a rule that bars asking alone fails by now.
    """
    rules = [rule for rule in _rules(state, package) if closed_reserve_offers == "withdrawn" or not rule.bars_asking_alone]
    return [found for rule in rules if not (found := rule.finding(state.county, package, contract)).passed]


def broken(state: State, package: int, contract: int, others: Mapping[int, int] = ALONE) -> list[Finding]:
    """Every rule that stands in the way of a package and its bundle on a contract that it is not on yet, by the check alone.

    ``others``: who goes ahead together with it (see ``usage_for``).
    """
    companions_may = companion_findings(state.county, state.rules, package, contract)
    has_room = (finding for finding, _ in room(state, package, contract, others=others))
    return [finding for finding in (*eligibility(state, package, contract), *companions_may, *has_room) if not finding.passed]


def room(
    state: State, package: int, contract: int, before: Order | None = None, others: Mapping[int, int] = ALONE
) -> list[tuple[Finding, Limit]]:
    """Every limit for one pair. ``before``: as of an offer's place in the queue, ``others``: with these (see ``usage_for``)."""
    usage = usage_for(state.county, state.usage, state.holds, package, before, others)
    together = [each for each in asked_with(state, package) if each not in others] if before is None else ()
    return list(limit_findings(state.county, usage, state.entry, package, contract, together))


def next_step(found: Sequence[Candidate], framework_asked: str) -> list[Candidate]:
    """Whom to ask next, of candidates in the order asked; empty when nobody is left.

    ``framework_asked``: ``all`` or ``in_turn``. A provider with two framework contracts is asked on the first of them.
    """
    open_ = [candidate for candidate in found if candidate.may_be_asked and not candidate.asked]
    if not open_:
        return []
    first = open_[0]
    if first.place.tier != FRAMEWORK or first.previous or framework_asked == "in_turn":
        return [first]
    return [candidate for candidate in open_ if candidate.place.tier == FRAMEWORK]


def name_of(step: Sequence[Candidate]) -> str:
    """What a step is called."""
    if not step:
        return "nobody"
    return "previous provider" if step[0].previous else step[0].place.tier
