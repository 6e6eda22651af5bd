"""Where a provider's return and its answers disagree: it told free hours, and then declined for want of room.

That is told to the provider first, by its desk's messages at the moment of the decline and on its own page, and by a contract
officer; to nobody else: a rota changes in a day, and a return that was too hopeful is put right by the next one. So it is counted
with every doubt in the provider's favour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from api.capacity_returns.told_hours import FreeHours, counts_until, lines_of, returns, told_on
from api.offers.broadcast import parts_of_day
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import CAPACITY_RETURNS, Body
from optimiser.domain.records import Offer
from optimiser.rules.eligibility.no_decline import CAPACITY_REASON

DISAGREED = "capacity.disagreed"


@dataclass(frozen=True)
class Disagreement:
    """A decline for want of room, on a day on which the provider's return had room for it. It names nobody."""

    offer_id: str
    area_id: str
    declined_on: str


def disagreements(state: State) -> dict[str, list[Disagreement]]:
    """Per provider whose return and answers disagree, the declines, the earliest first."""
    return state.once("capacity_disagreements", lambda: _disagreements(state))


def tell_provider(change: Change, offer_id: str) -> None:
    """Where a decline that was recorded inside a change disagrees, an entry says so, of which the outbox tells its provider."""
    state = change.as_if()
    stored = state.get("offers", offer_id)
    contract = None if stored is None else state.get("contracts", stored.record.contract_id)
    if stored is None or contract is None or (stored.record.response, stored.record.reason) != ("declined", CAPACITY_REASON):
        return
    provider_id = contract.record.provider_id
    if any(each.offer_id == offer_id for each in _of_provider(state, provider_id)):
        change.remember(DISAGREED, "providers", provider_id, {"offer_id": offer_id})


def _of_provider(state: State, provider_id: str) -> list[Disagreement]:
    """Of one alone; nothing is looked at where no return of its that is older than today counts."""
    known = state.get(CAPACITY_RETURNS, provider_id)
    if known is None or not told_on(known.body) < state.as_of < counts_until(state, known.body):
        return []
    own = {each.contract_id for each in state.county.contracts if each.provider_id == provider_id}
    offers = (stored.record for stored in state.stock["offers"].values())
    return _of_return(state, known.body, (each for each in offers if each.contract_id in own and each.responded_at is not None))


def _disagreements(state: State) -> dict[str, list[Disagreement]]:
    known = {body["provider_id"]: body for body in returns(state)}
    answered: dict[str, list[Offer]] = defaultdict(list)
    for stored in state.stock["offers"].values():
        contract = state.get("contracts", stored.record.contract_id)
        if contract is not None and contract.record.provider_id in known and stored.record.responded_at is not None:
            answered[contract.record.provider_id].append(stored.record)
    found = {each: _of_return(state, known[each], answered[each]) for each in sorted(answered)}
    return {each: declined for each, declined in found.items() if declined}


def _of_return(state: State, body: Body, answered: Iterable[Offer]) -> list[Disagreement]:
    """Answers of the day on which it told are left out: nobody knows which came first. What it had said yes to by the end of a
    decline's day is taken off.
    """
    since, until, lines = told_on(body), counts_until(state, body), lines_of(body)
    taken, found = 0, []
    ordered = sorted(answered, key=lambda each: (each.day, each.response != "accepted", each.offer_id))
    for offer in (each for each in ordered if since <= each.day < until):
        package = state.county.package_index.get(offer.package_id)
        if package is None:
            continue
        person = state.county.packages[package]
        if offer.response == "accepted":
            taken += person.minutes_per_week
        elif offer.response == "declined" and offer.reason == CAPACITY_REASON and offer.day > since:
            free = _free_for(lines, person.area_id, parts_of_day(state, offer.package_id), offer.day.isoformat())
            if free - taken >= person.minutes_per_week:
                found.append(Disagreement(offer.offer_id, person.area_id, offer.day.isoformat()))
    return found


def _free_for(lines: Iterable[FreeHours], area_id: str, parts: list[str], day: str) -> int:
    """Minutes a week that were told for an area by a day, whenever in the day the care of somebody with visits in these parts is.

    Hours of one part of the day count for whoever has all visits in it alone: of others nobody knows how much falls into which.
    """
    alone = parts[0] if len(parts) == 1 else ""
    return sum(
        each.minutes_per_week
        for each in lines
        if each.area_id in ("", area_id) and each.free_from <= day and each.part_of_day in ("", alone)
    )
