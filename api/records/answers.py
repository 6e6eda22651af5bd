"""What is answered of a record, and of what follows when one is written: notes, and whose prices change."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from api.http.conversion import record_json as cells_json
from api.records.record_kinds import RecordKind
from api.state.state import State
from optimiser.county import NOWHERE, County, Ints
from optimiser.domain.cqc import whose_worst
from optimiser.domain.money import weekly_pence
from optimiser.domain.records import Contract, Rate
from optimiser.domain.words import people
from optimiser.io.likely_typos import new_notes
from optimiser.nightly.quality import lacking

Json = dict[str, Any]

PRICED = ("contracts", "rates", "surgeries")
"""Kinds whose records a price follows from."""
OF_AN_OFFICE = ("office_id", "latitude", "longitude")


def record_json(state: State, kind: RecordKind, record_id: str) -> Json:
    """A record by its columns; a provider with its offices, an area with its outline, a price with what it is called."""
    stored = state.stock[kind.kind][record_id]
    found = cells_json(kind.kind, stored.body)
    if kind.kind == "areas":
        found["outline"] = stored.body["geometry"]
    if kind.kind == "providers":
        offices = [office for office in state.snapshot.offices if office.provider_id == record_id]
        found["offices"] = [{name: getattr(office, name) for name in OF_AN_OFFICE} for office in offices]
        locations = state.county.locations_of.get(record_id, ())
        found["location_ids"] = [location.location_id for location in locations]
        found["cqc_rating_is"] = rating_in_words(len(locations))
    if kind.kind == "restrictions":
        found["lacks"] = lacking(stored.record)
    return found if kind.id_name in found else {kind.id_name: record_id} | found


def rating_in_words(locations: int) -> str:
    """Whose rating stands as a provider's, which has so many locations."""
    if not locations:
        return "It is the provider's, as no locations of it are known: CQC rates locations."
    return f"It is {whose_worst(locations)}, and counts for every contract that names none."


def written_json(before: State, after: State, kind: RecordKind, record_id: str, *, dry_run: bool) -> Json:
    """What follows from writing a record."""
    stored = after.get(kind.kind, record_id)
    record = None if stored is None else stored.record
    notes = new_notes(before.likely_typos, after.likely_typos)
    was = before.get(kind.kind, record_id)
    if isinstance(record, Contract) and (was is None or was.record.ends != record.ends):
        notes += _stays(after.county, record)
    prices = None
    if kind.kind in PRICED:
        priced = record or (was.record if was else None)
        day = max(after.as_of, priced.starts) if isinstance(priced, Rate) else after.as_of
        prices = price_changes(before.county, after.county, day)
    return {"notes": notes, "prices": prices, "dry_run": dry_run}


def _stays(county: County, contract: Contract) -> list[str]:
    """Nothing ends anybody's care: who stays on a contract that ends without another that takes over."""
    index = county.contract_index[contract.contract_id]
    staying = int((county.running_on == index).sum())
    if contract.ends is None or not staying or contract.contract_id in county.succession.successor:
        return []
    return [f"The care of {people(staying)} stays on this contract after {contract.ends}: no other takes over from it."]


def price_changes(before: County, after: County, day: dt.date) -> Json:
    """Whose weekly price of running care is another in a county with the same people, at the rates of a day."""
    change = running_pence(after, day) - running_pence(before, day)
    waits = before.running_on == NOWHERE
    return {
        "on": day.isoformat(),
        "people": int(np.count_nonzero(change)),
        "weekly_change_gbp": round(int(change.sum()) / 100, 2),
        "people_waiting_in_another_band": int(np.count_nonzero(waits & (before.band != after.band))),
    }


def running_pence(county: County, day: dt.date) -> Ints:
    """Per package: what its running care costs a week at the rates of a day, half up to a penny; 0 for new care."""
    ids = [contract.contract_id for contract in county.contracts]
    on = np.array([county.contract_index[county.succession.contract_on(each, day)] for each in ids], dtype=np.int64)
    rates = np.array([county.rates_pence(contract, day) for contract in range(len(ids))], dtype=np.int64).reshape(-1, 3)
    pence = np.zeros(len(county.packages), dtype=np.int64)
    runs = np.flatnonzero(county.running_on != NOWHERE)
    rate = rates[on[county.running_on[runs]], county.band[runs] - 1]
    pence[runs] = weekly_pence(county.minutes[runs], rate)
    return pence
