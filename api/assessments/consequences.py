"""What a rating that is fixed would change: the county is judged with it as if published today, and nothing is written."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.acts.act import Caller
from api.offers.lapsing import sweep
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Body
from optimiser.county import Ints
from optimiser.domain.words import people
from optimiser.explaining.area_figures import bars_new_work
from optimiser.rules.base import Bools

Json = dict[str, Any]


def as_published(change: Change, body: Body, day: str) -> Body:
    """The provider's record with the rating published on a day, written in a change as any rating is; what stood there before."""
    record = change.state.stock["providers"][body["provider_id"]].body
    given = {"pamms_rating": body["rating"], "pamms_published": day}
    put_checked(change, {("providers", body["provider_id"]): record | given})
    return {name: record.get(name) or "" for name in given}


def consequences_of(by: Caller, body: Body) -> Json:
    """What would follow: by the rules for who waits, and by the very sweep that publishing makes for offers."""
    with by.trial() as change:
        before = sweep(change, by.settings)  # what time has done to offers is no consequence of a rating
    with by.trial() as change:
        today = str(change.state.as_of)
        as_published(change, body, today)
        after = sweep(change, by.settings, change.as_if())
    provider_id, county = body["provider_id"], before.county
    contracts = [index for index, each in enumerate(county.contracts) if each.provider_id == provider_id]
    waiting = [index for index in range(len(county.packages)) if before.situation_of(index) in ("waiting", "pending")]
    could, can = (_may_be_asked(state, waiting, contracts) for state in (before, after))
    lapsing = [
        {name: getattr(offer, name) for name in ("offer_id", "package_id", "contract_id")}
        for offer in before.snapshot.offers
        if not offer.response and (now := after.get("offers", offer.offer_id)) is not None and now.record.response
    ]
    found = {
        "provider": next(each.name for each in before.snapshot.providers if each.provider_id == provider_id),
        "as_if_published_on": today,
        "no_longer_asked": _packages(before, waiting, contracts, could & ~can),
        "asked_again": _packages(before, waiting, contracts, can & ~could),
        "offers_that_lapse": lapsing,
        "principal_barred": _barred_areas(before, after, contracts),
        "people_who_stay": county.people(p for p, on in enumerate(before.entry.contracts) if on in contracts),
    }
    return {**found, "in_words": _in_words(found)}


def _may_be_asked(state: State, packages: list[int], contracts: list[int]) -> Bools:
    """Which of these packages may be asked of which of these contracts by every rule; room is not counted."""
    rows: Ints = np.array(packages, dtype=np.int64)
    allowed = np.ones((len(packages), len(contracts)), dtype=np.bool_)
    for rule in state.rules.eligibility if packages and contracts else ():
        if not rule.running_only and rule.in_use(state.county):
            allowed &= rule.passes(state.county, rows)[:, contracts]
    return allowed


def _packages(state: State, packages: list[int], contracts: list[int], which: Bools) -> list[Json]:
    """A row for each package for which some contract is meant."""
    county = state.county
    return [
        {
            **{name: getattr(county.packages[package], name) for name in ("package_id", "area_id", "priority")},
            "contract_ids": [county.contracts[contracts[column]].contract_id for column in np.flatnonzero(row)],
        }
        for package, row in zip(packages, which, strict=True)
        if row.any()
    ]


def _barred_areas(before: State, after: State, contracts: list[int]) -> list[Json]:
    """The areas whose principal, in force or to come, would be given no new work that is given some today."""
    names = {area.area_id: area.name for area in before.snapshot.areas}
    found = []
    for contract in contracts:
        record = before.county.contracts[contract]
        barred = [bars_new_work(state.county, state.rules, contract) for state in (before, after)]
        if record.tier == "principal" and not record.has_ended(before.as_of) and not barred[0] and barred[1]:
            starts = str(record.starts) if record.starts else None
            known = {"area_id": record.area_id, "contract_id": record.contract_id, "starts": starts}
            found.append({**known, "name": names[record.area_id]})
    return found


def _in_words(found: Json) -> str:
    lost, gained = (len(found[name]) for name in ("no_longer_asked", "asked_again"))
    if not (lost or gained or found["offers_that_lapse"] or found["principal_barred"]):
        return "Nothing would change for whoever waits today, and no offer would lapse."
    parts = [
        f"It could no longer be asked for {lost} of the packages that wait." if lost else "",
        f"It could be asked again for {gained} of the packages that wait." if gained else "",
        f"{len(found['offers_that_lapse'])} offer(s) would lapse." if found["offers_that_lapse"] else "",
        f"The principal of {len(found['principal_barred'])} area(s) would be given no new work."
        if found["principal_barred"]
        else "",
        f"The care of {people(found['people_who_stay'])} stays where it is." if found["people_who_stay"] else "",
    ]
    return " ".join(filter(None, parts))
