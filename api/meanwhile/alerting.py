"""Who waits without being safe, as the service knows it: for whom nobody can be asked, since when, and what is alerted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from api.offers.alerts import CASCADE_EXHAUSTED, Occasion, look_at_all
from api.offers.eligibility import candidates
from api.state.holds import previous_of
from api.state.state import EVERYBODY, RestsOnNoContract, State
from api.state.store import Change
from api.state.stored_records import Body, Stored
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.placeable import with_nobody_asked
from optimiser.judging.safe_meanwhile import CHOICE_OVERDUE, KINDS, NOBODY, Standing, Wrong, standing, standings


def alerted_since(state: State) -> Mapping[str, dt.date]:
    """Per package id the day on which it was alerted that nobody is left, where nobody was asked after that."""
    return state.once("alerted_since", lambda: _alerted_since(state))


def _alerted_since(state: State) -> dict[str, dt.date]:
    found: dict[str, dt.date] = {}
    for body in _exhausted(state):
        package_id, at = body["package_id"], dt.datetime.fromisoformat(body["at"])
        if all((offer.responded_at or offer.offered_at) <= at for offer in state.offers_of.get(package_id, ())):
            day = dt.date.fromisoformat(body["about"])
            found[package_id] = min(day, found.get(package_id, day))
    return found


@dataclass
class _Alerts(RestsOnNoContract):
    """The alerts that nobody is left to ask, of all that are kept: there are more every week, and few are such."""

    stock: Mapping[str, Stored] = field(default_factory=dict)
    exhausted: tuple[Body, ...] = ()


def _exhausted(state: State) -> tuple[Body, ...]:
    with state.memory.lock:
        kept = state.memory.of(_Alerts, EVERYBODY)
        if kept.stock is not state.stock["alerts"]:
            bodies = (stored.body for stored in state.stock["alerts"].values())
            kept.exhausted = tuple(body for body in bodies if body.get("kind") == CASCADE_EXHAUSTED)
            kept.stock = state.stock["alerts"]
        return kept.exhausted


def nobody_since(state: State) -> Mapping[str, dt.date]:
    """Per package id for which nobody can be asked now: since which day, as it was alerted, else today."""
    return state.once("nobody_since", lambda: _nobody_since(state))


def _nobody_since(state: State) -> dict[str, dt.date]:
    alerted, named = alerted_since(state), (state.county.packages[each].package_id for each in _nobody_to_ask(state))
    return {each: alerted.get(each, state.as_of) for each in named}


def _nobody_to_ask(state: State) -> Iterator[int]:
    """All rules at once for most; one by one where hours are kept for the package itself, or others are asked with it."""
    together = {member for group in state.rules.groups(state.county) for member in group}
    for package in with_nobody_asked(state.county):
        if package in together or previous_of(state.county, package) is not None:
            if not somebody_can_be_asked(state, package):
                yield package
        elif package in state.nobody_left:
            yield package


def somebody_can_be_asked(state: State, package: int) -> bool:
    return any(candidate.may_be_asked or candidate.asked for candidate in candidates(state, package))


def all_standings(state: State) -> Mapping[str, Standing]:
    """How everybody who waits is safe, by package id, most harm first."""
    return state.once("standings", lambda: {each.package_id: each for each in standings(state.snapshot, nobody_since(state))})


def standing_of(state: State, package_id: str) -> Standing | None:
    """The same of one person, looked at alone; None for one whose care has begun."""
    package = state.county.package_index[package_id]
    person = state.county.packages[package]
    if person.status != "new":
        return None
    since = alerted_since(state).get(package_id, state.as_of) if nobody_is_left(state, package) else None
    plan = state.get("meanwhile", package_id) or state.get("meanwhile", person.part_of)
    record = None if plan is None else plan.record
    return standing(person, record, state.as_of, state.snapshot.meanwhile_settings, since)


def occasion_of(each: Standing, wrong: Wrong) -> Occasion:
    return Occasion(wrong.kind, each.package_id, wrong.about)


def occasions(state: State, *, everybody: bool) -> Iterator[Occasion]:
    """What is to be alerted and has not been. ``everybody``: those are looked for, too, for whom nobody is left since lately."""
    known, alerted = state.stock["alerts"], alerted_since(state)
    if everybody:
        for package_id in nobody_since(state):
            found = Occasion(CASCADE_EXHAUSTED, package_id, state.as_of.isoformat())
            if package_id not in alerted and found.alert_id not in known:
                yield found
    for occasion in _all_wrong(state, {**alerted, **(nobody_since(state) if everybody else NOBODY)}):
        if occasion.alert_id not in known:
            package = state.county.package_index[occasion.package_id]
            if occasion.kind != CHOICE_OVERDUE or nobody_is_left(state, package):
                yield occasion


@dataclass
class _Kept(RestsOnNoContract):
    """What is wrong for whom, and what that was judged by: it is asked at every change, and most change none of it."""

    judged_by: tuple[Snapshot, Mapping[str, dt.date]] | None = None
    occasions: tuple[Occasion, ...] = ()

    def holds_for(self, snapshot: Snapshot, since: Mapping[str, dt.date]) -> bool:
        if self.judged_by is None:
            return False
        then, then_since = self.judged_by
        same = then.packages is snapshot.packages and then.meanwhile is snapshot.meanwhile and then.as_of == snapshot.as_of
        return same and then.meanwhile_settings == snapshot.meanwhile_settings and then_since == since


def _all_wrong(state: State, since: Mapping[str, dt.date]) -> tuple[Occasion, ...]:
    """All that is wrong for those who wait, alerted or not, most harm first. ``since``: as ``standings`` has it."""
    with state.memory.lock:
        kept = state.memory.of(_Kept, EVERYBODY)
        if not kept.holds_for(state.snapshot, since):
            kept.occasions = tuple(occasion_of(each, wrong) for each in standings(state.snapshot, since) for wrong in each.wrong)
            kept.judged_by = state.snapshot, since
        return kept.occasions


def nobody_is_left(state: State, package: int) -> bool:
    """Whether one person waits and nobody is asked or can be."""
    return state.situation_of(package) == "waiting" and not somebody_can_be_asked(state, package)


def look_at_answered(change: Change, package_id: str) -> None:
    """The alerts of a person that a deed has answered count as looked at by whoever does it; of what is still wrong they stay."""
    state = change.as_if()
    each = standing_of(state, package_id) if package_id in state.county.package_index else None
    still = set() if each is None else {occasion_of(each, wrong).alert_id for wrong in each.wrong}
    look_at_all(change, package_id, KINDS, still)
