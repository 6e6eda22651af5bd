"""Where the clock of everybody with enhanced home support stands, as the service knows it, and what of it is alerted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from api.offers.alerts import Occasion, look_at_all
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import ENHANCED_SUPPORT
from optimiser.domain.records import ENHANCED_HOME_SUPPORT, Package
from optimiser.judging.enhanced_support import SUPPORT_KINDS, Support, support_of, the_longest_first


def answered_at(state: State) -> Mapping[str, dt.datetime]:
    """Per package id when a named person last said whether care is still needed, in UTC."""
    answers = {package_id: stored.body["answers"] for package_id, stored in state.stock[ENHANCED_SUPPORT].items()}
    return {package_id: dt.datetime.fromisoformat(said[-1]["answered_at"]) for package_id, said in answers.items() if said}


def all_supports(state: State, now: dt.datetime) -> list[Support]:
    """Everybody's, who runs on longest first."""
    answered = answered_at(state)
    found = (support_of(each, state.snapshot.enhanced, now, answered.get(each.package_id)) for each in _of_the_service(state))
    return sorted((each for each in found if each is not None), key=the_longest_first)


def _of_the_service(state: State) -> Sequence[Package]:
    return state.county.kinds.of_service.get(ENHANCED_HOME_SUPPORT, ())


def support_now(state: State, package_id: str, now: dt.datetime) -> Support | None:
    """One person's; None where it has not begun, or is no such support."""
    person = state.county.packages[state.county.package_index[package_id]]
    return support_of(person, state.snapshot.enhanced, now, answered_at(state).get(package_id))


def support_occasions(state: State, settings: Settings) -> Iterator[Occasion]:
    """What is to be alerted and has not been."""
    for each in all_supports(state, settings.clock.moment()):
        for wrong in each.wrong:
            occasion = Occasion(wrong.kind, each.package_id, wrong.about)
            if occasion.alert_id not in state.stock["alerts"]:
                yield occasion


def look_at_support(change: Change, settings: Settings, package_id: str) -> None:
    """The alerts that a deed has answered count as looked at by whoever does it; of what still is so they stay."""
    state = change.as_if()
    support = support_now(state, package_id, settings.clock.moment()) if package_id in state.county.package_index else None
    wrong = () if support is None else support.wrong
    still = {Occasion(each.kind, package_id, each.about).alert_id for each in wrong}
    look_at_all(change, package_id, SUPPORT_KINDS, still)
