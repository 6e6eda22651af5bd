"""The offers that wait, each with what decides whether it is over, looked at anew only where something of it has changed.

It is asked at every change, of every offer that waits. What a rule finds of one rests on the person's own offers and answers, on
the contract with all that touches it, and on the day: nobody else's answer changes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from api.offers.eligibility import as_it_was_asked, barred
from api.offers.going_together import step_of
from api.state.state import EVERYBODY, State
from api.state.stored_records import Stored
from optimiser.county.answers import AnswersOfPeople
from optimiser.rules.vocabulary import Finding


@dataclass(frozen=True)
class Watched:
    """An offer that waits."""

    stored: Stored
    contract: int
    """Which it counts for today."""
    due: dt.datetime | None
    """When it expires; None for one that came with a snapshot, whose time follows from settings."""
    goes_alone: bool
    """Whether it belongs to no step that goes ahead together."""
    failed: tuple[Finding, ...]
    """The rules that stand in the way of a yes."""

    def goes_on(self, now: dt.datetime) -> bool:
        """Whether it is waited for, unless its package was placed; most are. False: it is to be looked at further."""
        return self.due is not None and self.due > now and self.goes_alone and not self.failed


@dataclass
class _Looked:
    """What was found when it was looked last. ``again``: contracts that have changed since."""

    offers: Mapping[str, Stored] = field(default_factory=dict)
    answers: AnswersOfPeople | None = None
    watched: Mapping[str, Watched] = field(default_factory=dict)
    again: frozenset[int] | None = None


@dataclass
class _Kept:
    """Per way of treating offers of a closed reserve."""

    looked: dict[str, _Looked] = field(default_factory=dict)

    def without(self, contracts: Collection[int]) -> _Kept:
        return _Kept(
            {
                how: _Looked(each.offers, each.answers, each.watched, frozenset(contracts) | (each.again or frozenset()))
                for how, each in self.looked.items()
            }
        )


def watched_of(state: State, closed_reserve_offers: str) -> Mapping[str, Watched]:
    """The offers that wait, by id. ``closed_reserve_offers``: as ``barred`` has it."""
    return state.once(f"watched_{closed_reserve_offers}", lambda: _watched_of(state, closed_reserve_offers))


def _watched_of(state: State, how: str) -> Mapping[str, Watched]:
    with state.memory.lock:
        kept = state.memory.of(_Kept, EVERYBODY)
        before, offers = kept.looked.get(how, _Looked()), state.stock["offers"]
        to_look_at = {each for each, stored in offers.items() if before.offers.get(each) is not stored}
        gone = before.offers.keys() - offers.keys()
        packages = {offers[each].record.package_id for each in to_look_at}
        packages |= {before.offers[each].record.package_id for each in (*to_look_at, *gone) if each in before.offers}
        packages |= _answered_otherwise(before.answers, state.county.answers)
        found = {each: watched for each, watched in before.watched.items() if each in offers and each not in to_look_at}
        again = {offer.offer_id for package_id in packages for offer in state.offers_of.get(package_id, ())}
        if before.again is not None:
            again |= {each for each, watched in found.items() if _counts_elsewhere(state, watched, before.again)}
        for offer_id in again:
            stored = offers[offer_id]
            if stored.record.response:
                found.pop(offer_id, None)
            else:
                found[offer_id] = _look_at(state, stored, how)
        kept.looked[how] = _Looked(offers, state.county.answers, found)
    return found


def _look_at(state: State, stored: Stored, how: str) -> Watched:
    package, contract = state.county.package_index[stored.record.package_id], state.county.contract_of_offer(stored.record)
    failed, written = barred(as_it_was_asked(state, stored), package, contract, how), stored.body.get("expires_at")
    due = dt.datetime.fromisoformat(written) if written else None
    return Watched(stored, contract, due, step_of(stored) is None, tuple(failed))


def _answered_otherwise(before: AnswersOfPeople | None, after: AnswersOfPeople) -> set[str]:
    """The packages whose people have answered since."""
    if before is after or before is None:
        return set()
    known = before.by_person.keys() | after.by_person.keys()
    return {package_id for package_id in known if before.of_person(package_id) != after.of_person(package_id)}


def _counts_elsewhere(state: State, watched: Watched, contracts: Collection[int]) -> bool:
    """Whether the contract of an offer has changed, or another has taken over from it."""
    return watched.contract in contracts or state.county.contract_of_offer(watched.stored.record) != watched.contract
