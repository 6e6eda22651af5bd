"""What stands in the way of ending a record, or of changing it: a sentence each, all of them. People are counted, never named."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from api.state.state import State
from api.state.stored_records import assessments_of
from optimiser.county import NOWHERE
from optimiser.domain.records import Area, Office, Provider, Rate
from optimiser.domain.words import people
from optimiser.io.record_cells import KINDS, id_column
from optimiser.io.schema import OF_PEOPLE, TABLES


def nothing(_: State, __: Any, ___: dt.date) -> Iterator[str]:
    """Nothing does."""
    yield from ()


def what_a_provider_still_does(state: State, provider: Provider, day: dt.date) -> Iterator[str]:
    """Its contracts that run on the day, care that is under any of them, and offers that were accepted or wait for an answer."""
    county = state.county
    care = Counter(int(contract) for contract in county.running_on if contract != NOWHERE)
    offers = Counter(
        county.contract_of_offer(offer)
        for offer in state.snapshot.offers
        if offer.response in ("", "accepted") and county.running_on[county.package_index[offer.package_id]] == NOWHERE
    )
    for index, contract in enumerate(county.contracts):
        if contract.provider_id != provider.provider_id:
            continue
        if not contract.has_ended(day):
            until = "without an end" if contract.ends is None else f"until {contract.ends}"
            yield f"Contract {contract.contract_id} runs {until}."
        if care[index]:
            yield f"The care of {people(care[index])} runs under contract {contract.contract_id}."
        if offers[index]:
            yield f"Offers on contract {contract.contract_id} for {people(offers[index])} wait for an answer or were accepted."


def where_prices_have_begun(state: State, rate: Rate, _: dt.date) -> Iterator[str]:
    """Prices that care has been paid by."""
    if rate.starts <= state.as_of:
        yield f"These prices began on {rate.starts}: add others from a later day."


def where_prices_were_paid(state: State, rate: Rate, _: dt.date) -> Iterator[str]:
    """Prices of days that are past; those of today may still be put right."""
    if rate.starts < state.as_of:
        yield f"These prices have held since {rate.starts}: add others from today or a later day."


def the_only_office(state: State, office: Office, _: dt.date) -> Iterator[str]:
    """A provider works from somewhere."""
    if sum(each.provider_id == office.provider_id for each in state.snapshot.offices) == 1:
        yield f"It is the only office of {office.provider_id}: add another one first."


def still_named(state: State, record: Any, _: dt.date) -> Iterator[str]:
    """Whatever names it: an area or a round that somebody's care is in, a contract of an area."""
    name = "area_id" if isinstance(record, Area) else id_column(f"{type(record).__name__.lower()}s")
    own = getattr(record, name)
    for kind in KINDS:
        if name not in {column.name for column in TABLES[f"{kind}.csv"]} or id_column(kind) == name:
            continue
        found = [each for each in getattr(state.snapshot, kind) if getattr(each, name) == own]
        if found and kind in OF_PEOPLE:
            yield f"The care of {people(len(found))} is in it."
        elif found:
            yield f"It is named by {kind} {', '.join(sorted(getattr(each, id_column(kind)) for each in found))}."
    if name == "area_id" and own in state.snapshot.reserve_areas:
        yield "The reserve is open in it."


def while_it_is_assessed(state: State, provider_id: str, columns: Collection[str]) -> Iterator[str]:
    """A PAMMS rating comes of its assessment alone while that is open: else a draft could count."""
    if {"pamms_rating", "pamms_published"}.isdisjoint(columns):
        return
    for each in assessments_of(state.stock):
        if each.provider_id == provider_id:
            yield f"Assessment {each.assessment_id} is {each.state.replace('_', ' ')}: publish its rating, or withdraw it first."
