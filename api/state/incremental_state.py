"""A state made from the one before it and from what was written since: what the change leaves alone is not worked out again.

Most changes are offers and their answers. They move nobody, so that all of a county but its standing offers is kept, and of
the limits only those are counted again that a changed offer counts under. A test compares all of it with a fresh state.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any

import orjson

from api.state.holds import followed_by, recounted
from api.state.state import Memory, State
from api.state.stored_records import (
    COLUMNS,
    IN_SNAPSHOT,
    Body,
    KeptSettings,
    Stock,
    all_extra,
    next_extra,
    records_of,
    with_written,
)
from api.state.touched import touched_contracts
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import Offer
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.longest_first.book_of_a_county import rules_for

MOVE_NOBODY = {"offers", "meanwhile", "answers"}
"""Kinds of records on which, but for the standing of offers, nothing rests that is worked out of a county."""


def first_state(version: int, stock: Stock, today: dt.date, title: str, settings: KeptSettings) -> State:
    """A state made from its records alone."""
    parts: dict[str, Any] = {kind: records_of(stock[kind]) for kind in IN_SNAPSHOT}
    extra = all_extra(stock)
    snapshot = Snapshot(as_of=today, title=title, extra=extra, **settings._asdict(), **parts)
    return State(version, stock, County.of(snapshot), rules_for(settings.policy))


def with_bodies(state: State, bodies: Mapping[tuple[str, str], Body | None], version: int | None = None) -> State:
    """The state with some records written or gone. ``version``: None for the next. Raises ``InputRefusedError`` for a wrong cell.

    It is what whoever reads the records from the database will have: they pass through the same JSON.
    """
    version = state.version + 1 if version is None else version
    written = [(*name, version, None if body is None else orjson.loads(orjson.dumps(body))) for name, body in bodies.items()]
    return next_state(version, with_written(state.stock, written), state)


def next_state(version: int, stock: Stock, before: State, today: dt.date | None = None) -> State:
    """A later state, with all that holds of an earlier one."""
    after = _next_state(version, stock, before, today)
    after.__dict__["typos_before"] = before.__dict__.get("typos", before.typos_before)
    if "visits_of" in before.__dict__ and after.snapshot.visits is before.snapshot.visits:
        after.__dict__["visits_of"] = before.visits_of
    return after


def _next_state(version: int, stock: Stock, before: State, today: dt.date | None) -> State:
    changed = {kind: records_of(stock[kind]) for kind in IN_SNAPSHOT if _differ(stock, before.stock, kind)}
    extra = all_extra(stock) if _differ(stock, before.stock, COLUMNS) else next_extra(stock, before.snapshot.extra, changed)
    snapshot = replace(before.snapshot, as_of=today or before.as_of, extra=extra, **changed)
    if snapshot.as_of != before.as_of or not changed.keys() <= MOVE_NOBODY:
        county = County.of(snapshot, like=before.county)
        _keep_measures(before.county, county)
        touched = touched_contracts(before.snapshot, snapshot, changed)
        memory = Memory() if touched is None else before.memory.without(touched)
        return State(version, stock, county, before.rules, memory)
    after = State(version, stock, before.county.with_offers(snapshot), before.rules, before.memory)
    _keep_counts(before, after)
    return after


def _differ(stock: Stock, before: Stock, kind: str) -> bool:
    return stock[kind] is not before[kind] and stock[kind] != before[kind]


def _keep_measures(before: County, after: County) -> None:
    """Facts worked out already, where they rest on the same records."""
    if _same_homes(before, after) and after.snapshot.areas is before.snapshot.areas:
        for name in ("base_metres", "package_area", "demand_minutes", "package_index", "area_of"):
            if name in before.__dict__ and after.office_metres is before.office_metres:
                after.__dict__[name] = before.__dict__[name]


def _same_homes(before: County, after: County) -> bool:
    """The same people in the same areas with the same need, cared for under the same contracts."""
    if after.snapshot.packages is before.snapshot.packages:
        return True
    facts = attrgetter("package_id", "area_id", "minutes_per_week", "contract_id", "service")
    return list(map(facts, after.packages)) == list(map(facts, before.packages))


def _keep_counts(before: State, after: State) -> None:
    """Where everybody is, how much of every limit is used and who has how much, where offers alone have changed."""
    known, changed = before.__dict__, _changed_offers(before, after)
    packages = {after.county.package_index[each] for each in changed}
    if "offers_of" in known:
        after.__dict__["offers_of"] = _offers_of(before, after, changed) if changed else before.offers_of
    if "holds" in known:
        offers = [offer for package_id in changed for offer in after.offers_of.get(package_id, ())]
        versions = {offer.offer_id: after.stock["offers"][offer.offer_id].version for offer in offers}
        followed = followed_by(before.holds, after.county, packages, offers, versions) if changed else before.holds
        after.__dict__["holds"] = followed
    if "eligibility_rules" in known:
        after.__dict__["eligibility_rules"] = before.eligibility_rules
    if "entry" not in known:
        return
    same = after.county.offers_in_force.accepted == before.county.offers_in_force.accepted
    after.__dict__["entry"] = before.entry if same else entry_plan(after.county)
    if same:
        plan, since = (before.standing_plan, frozenset()) if "standing_plan" in known else before.standing_plan_before
        after.__dict__["standing_plan_before"] = plan, since | packages
    if "usage" in known:
        touched = {*_moved(before.entry, after.entry), *_held_otherwise(before, after, packages)}
        after.__dict__["usage"] = (
            recounted(before.usage, after.county, after.entry, after.holds, touched) if touched else before.usage
        )
    if "cascade" in known:
        after.__dict__["cascade"] = before.cascade.following(after.county, None if same else after.entry)


def _changed_offers(before: State, after: State) -> Mapping[str, set[str]]:
    """Per package id the ids of its offers that were written or are gone; one that is another package's now is of both."""
    was, now = before.stock["offers"], after.stock["offers"]
    found: dict[str, set[str]] = defaultdict(set)
    if was is not now:
        written = [(each, stored) for each, stored in now.items() if was.get(each) is not stored]
        replaced = [(each, was[each]) for each, _ in written if each in was]
        for offer_id, stored in (*written, *replaced, *((each, was[each]) for each in was.keys() - now.keys())):
            found[stored.record.package_id].add(offer_id)
    return found


def _offers_of(before: State, after: State, changed: Mapping[str, set[str]]) -> Mapping[str, tuple[Offer, ...]]:
    """Per package id its offers, by id, where it is known which have changed."""
    found, now = dict(before.offers_of), after.stock["offers"]
    for package_id, offer_ids in changed.items():
        ids = sorted({offer.offer_id for offer in found.pop(package_id, ())} | offer_ids)
        records = (now[each].record for each in ids if each in now)
        if mine := tuple(record for record in records if record.package_id == package_id):
            found[package_id] = mine
    return found


def _moved(before: Plan, after: Plan) -> Iterable[int]:
    """The contracts that somebody has come to or left."""
    if after is before:
        return ()
    pairs = zip(before.contracts, after.contracts, strict=True)
    return {each for pair in pairs if pair[0] != pair[1] for each in pair if each is not None}


def _held_otherwise(before: State, after: State, packages: Collection[int]) -> Iterable[int]:
    """The contracts under which hours of some of these packages are held that were not, or no longer are."""
    facts = attrgetter("package", "contract", "in_format")
    was, now = ({facts(hold) for hold in state.holds if hold.package in packages} for state in (before, after))
    return {contract for _, contract, _ in was ^ now}
