"""Whose turn has come of those who have said yes: asked at every change of all of them, so what is known is not worked out again.

As long as one alone has said yes, or somebody who may still answer is waited for, nothing but the package and its own offers
decides it. Where several have said yes the published order does, which other people's care changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.offers.alerts import YES_PUT_FORWARD, Occasion
from api.offers.own_yes import SAID, put_forward, said_in
from api.state.state import EVERYBODY, RestsOnNoContract, State
from optimiser.domain.records import Offer, Package


@dataclass(frozen=True)
class _Turn:
    """What was found of a package. ``offers``: its own, the very same as long as none of them is written."""

    offers: tuple[Offer, ...]
    person: Package
    found: Occasion | None
    decided_alone: bool
    """Whether nothing but they decides it."""

    def holds_for(self, offers: tuple[Offer, ...], person: Package) -> bool:
        return self.offers is offers and self.person is person


@dataclass
class _Kept(RestsOnNoContract):
    """By package id, where nothing but its own offers decides it."""

    turns: Mapping[str, _Turn] = field(default_factory=dict)


def turns_come(state: State) -> list[Occasion]:
    """Per package with a yes that is to be placed now what is alerted, by package id; those that were alerted as well."""
    of = {each.record.package_id for each in state.stock["offers"].values() if SAID in each.body and not each.record.response}
    with state.memory.lock:
        kept = state.memory.of(_Kept, EVERYBODY)
        turns = {package_id: _turn_of(state, package_id, kept.turns.get(package_id)) for package_id in sorted(of)}
        kept.turns = {package_id: turn for package_id, turn in turns.items() if turn.decided_alone}
    return [turn.found for turn in turns.values() if turn.found is not None]


def turns_come_of(state: State, packages: Iterable[str]) -> list[Occasion]:
    """The same of some packages."""
    found = (_found(state, package_id) for package_id in sorted(packages))
    return [occasion for occasion in found if occasion is not None]


def _turn_of(state: State, package_id: str, known: _Turn | None) -> _Turn:
    offers, person = state.offers_of[package_id], state.county.packages[state.county.package_index[package_id]]
    if known is not None and known.holds_for(offers, person):
        return known
    found = _found(state, package_id)
    yeses = sum(said_in(state.stock["offers"][each.offer_id]) is not None for each in offers)
    return _Turn(offers, person, found, decided_alone=found is None or yeses == 1)


def _found(state: State, package_id: str) -> Occasion | None:
    front = put_forward(state, package_id)
    return None if front is None else Occasion(YES_PUT_FORWARD, package_id, front)
