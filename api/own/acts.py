"""What somebody at a provider may do: read what is its own, and answer its offers. Nobody of the council does this for them."""

from __future__ import annotations

import datetime as dt

import orjson

from api.acts.act import Caller, act
from api.capacity_returns.disagreeing import DISAGREED, tell_provider
from api.http.errors import Problem
from api.http.paging import Key, Page
from api.http.responses import Shown, refuse_changed, shown
from api.http.strict import Query
from api.offers.lapsing import OF_SWEEPS, expires_at, sweep
from api.own.offers_shown import OPEN, STANDINGS, offer_json, standing_of, tag_of_offer
from api.own.own_answers import answer_inside
from api.own.own_care import care_body, contract_json, own_packages, people_in, round_json
from api.own.schemas import NewOwnAnswer, OwnOffersQuery
from api.own.whose import OWN, own_name, own_offer, own_offers, own_provider
from api.state.state import State
from api.state.stored_records import Stored
from optimiser.domain.dates import wall_clock


@act("own.care", OWN, writes=("own.care",))
def list_care(by: Caller, query: Query) -> Page[bytes]:
    """The care that the provider delivers, is to begin or keeps during a stay in hospital, by package."""
    before = by.store.state()
    page = by.page(own_packages(before, own_provider(by, before).provider_id), lambda each: (each,), query.limit, query.cursor)
    seen = {"provider_id": by.actor.provider_id, "package_ids": page.items}
    state = by.read("own.care", "packages", details=seen)
    still = set(own_packages(state, own_provider(by, state).provider_id))
    return Page([care_body(state, each) for each in page.items if each in still], page.next_cursor)


@act("own.contracts", OWN)
def read_contracts(by: Caller) -> Shown:
    """The provider's contracts with their hours, guarantee and prices; in figures alone."""
    state = by.store.state()
    provider = own_provider(by, state)
    ids = sorted(each.contract_id for each in state.county.contracts if each.provider_id == provider.provider_id)
    limit = None if provider.max_hours_4w is None else float(provider.max_hours_4w)
    told = {"provider_id": provider.provider_id, "name": provider.name, "as_of": str(state.as_of), "own_max_hours_4w": limit}
    return shown(told | {"contracts": [contract_json(state, each) for each in ids]})


@act("own.rounds", OWN, writes=("own.rounds",))
def list_rounds(by: Caller) -> Shown:
    """The provider's rounds, with whose care is in each."""
    before = by.store.state()
    ids = _own_rounds(by, before)
    seen = {each for round_id in ids for each in people_in(before, round_id)}
    state = by.read("own.rounds", "rounds", details={"provider_id": by.actor.provider_id, "package_ids": sorted(seen)})
    return shown({"items": [round_json(state, each, seen) for each in _own_rounds(by, state)]})


def _own_rounds(by: Caller, state: State) -> list[str]:
    provider = own_provider(by, state)
    return sorted(each.round_id for each in state.snapshot.rounds if each.provider_id == provider.provider_id)


@act("own.offers", OWN, writes=("own.offers",))
def list_offers(by: Caller, query: OwnOffersQuery) -> Page[bytes]:
    """The provider's own offers: those that wait, by the time to answer, then all others, the newest first."""
    state = by.store.state()
    found = sorted(own_offers(by, state), key=lambda each: _turn(by, state, each))
    if query.standing is not None:
        found = [each for each in found if standing_of(state, each, by.settings) == query.standing]
    page = by.page(found, lambda each: _turn(by, state, each), query.limit, query.cursor)
    seen = {"provider_id": by.actor.provider_id, "package_ids": sorted({each.record.package_id for each in page.items})}
    state = by.read("own.offers", "offers", details=seen)
    told = (state.get("offers", each.record.offer_id) for each in page.items)
    return Page([_offer(by, state, each) for each in told if each is not None], page.next_cursor)


@act("own.offer", OWN, writes=("own.offer",))
def read_offer(by: Caller, offer_id: str) -> Shown:
    """One offer to the provider itself; its place once it is accepted."""
    stored = own_offer(by, by.store.state(), offer_id)
    seen = {"provider_id": by.actor.provider_id, "package_ids": [stored.record.package_id]}
    state = by.read("own.offer", "offers", offer_id, seen)
    return _shown(by, state, offer_id)


@act("own.answer", OWN, writes=("own.answer", "offer.said_yes", "offer.declined", DISAGREED, *OF_SWEEPS), changes=True)
def answer(by: Caller, offer_id: str, given: NewOwnAnswer, if_match: str | None = None) -> Shown:
    """The provider says yes, no, yes from a later day, or what of it it would do; a yes holds the hours, and a planner places."""
    _refuse_strangers(by, offer_id)
    with by.change() as change:
        state = sweep(change, by.settings)
        stored = own_offer(by, state, offer_id)
        if if_match is not None:
            refuse_changed(if_match, _shown(by, state, offer_id).etag)
        if answer_inside(change, state, by.settings, stored, given, own_name(by)):
            told = {"offer_id": offer_id, "provider_id": by.actor.provider_id, "answer": given.answer}
            change.remember("own.answer", "packages", stored.record.package_id, told)
            tell_provider(change, offer_id)
        after = change.as_if()
    return _shown(by, after, offer_id)


def _shown(by: Caller, state: State, offer_id: str) -> Shown:
    told = offer_json(state, own_offer(by, state, offer_id), by.settings, by.service.postcodes)
    return shown(told, tag_of_offer(told))


def _refuse_strangers(by: Caller, offer_id: str) -> None:
    """Whoever has no such offer is told so before anybody waits for them; the change looks again whose it is.

    The database is asked only where the county as it was known last says no.
    """
    known = by.store.live.newest
    if known is not None:
        try:
            own_offer(by, known, offer_id)
            return
        except Problem:
            pass  # it may have been asked since
    own_offer(by, by.store.state(), offer_id)


def _turn(by: Caller, state: State, stored: Stored) -> Key:
    """Open ones by the time to answer; then those with a yes; then closed ones, the newest first, whenever they were closed."""
    standing, record = standing_of(state, stored, by.settings), stored.record
    if standing == OPEN:
        return 0, wall_clock(expires_at(state, stored, by.settings)).isoformat(), 0, record.offer_id
    group = min(STANDINGS.index(standing), 2)
    return group, "", (dt.datetime.min - record.offered_at) // dt.timedelta(seconds=1), record.offer_id


def _offer(by: Caller, state: State, stored: Stored) -> bytes:
    return orjson.dumps(offer_json(state, stored, by.settings, by.service.postcodes))
