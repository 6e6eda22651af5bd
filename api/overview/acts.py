"""What everybody may see: areas, the price band of a place, the rule book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import orjson

from api.acts.act import Caller, act, only
from api.http.errors import Problem, declare
from api.http.paging import Page
from api.http.places import placed
from api.http.responses import Shown, shown, tag
from api.http.strict import Query
from api.overview.answers import area_bodies, area_body
from api.overview.closing import closed_areas, closed_groups, closed_outlines, outlines_of_close
from api.overview.outlines_drawn import drawn_outlines
from api.overview.people_who_wait import who_comes_last_body
from api.overview.provider_figures import provider_figures
from api.overview.schemas import BandPlace
from api.records.acts import DEEDS
from api.records.record_kinds import OF_CARE
from api.security.roles import ADMIN, AUDITOR, CONTRACTS, COUNCIL, FINANCE, PLANNER, QUALITY, TRANSITION, VIEWER
from api.state.day_close import DayClose
from api.state.state import State
from optimiser.geography.bands import band_at
from optimiser.rules.book import records, standard_rules

EVERYBODY = only(*COUNCIL)
COUNTS_ALONE = (VIEWER, AUDITOR)
COUNTS = {
    **EVERYBODY,
    **dict.fromkeys(COUNTS_ALONE, "the day's close alone, no contracts, and no count of people that is too small"),
}
BLURRED = "unmet people at the day's close alone, to the nearest five, and no small count"
GONE = declare("gone", 410, "This is asked for in another way now")
NO_AREA = "There is no area with this area_id."


@act("areas.list", COUNTS)
def list_areas(by: Caller, query: Query) -> Page[bytes]:
    """Areas, a page at a time: shares, headroom, guarantees and who is waiting."""
    if _counts_alone(by):
        found = closed_areas(by.store.day_close(), by.settings.smallest_count)
    else:
        state = by.store.state()
        ids = (area.area_id for area in state.snapshot.areas)
        found = dict(zip(ids, area_bodies(state, restrictions=_sees_restrictions(by)), strict=True))
    page = by.page(found.items(), lambda each: (each[0],), query.limit, query.cursor)
    return Page([body for _, body in page.items], page.next_cursor)


@act("areas.read", COUNTS)
def read_area(by: Caller, area_id: str) -> Shown:
    """An area: its outline and shares, the headroom and guarantee of each contract, and who is unmet."""
    if _counts_alone(by):
        close = by.store.day_close()
        body = closed_areas(close, by.settings.smallest_count).get(area_id)
        if body is None:
            raise Problem("not_found", NO_AREA)
        return _outlined(body, closed_outlines(close)[area_id], _tag_of(by, close))
    state = by.store.state()
    index = state.county.area_of.get(area_id)
    if index is None:
        raise Problem("not_found", NO_AREA)
    told = _sees_restrictions(by)
    etag = tag(state.version, state.as_of, "all", *([] if told else ["plain"]))
    outline = orjson.dumps(state.snapshot.areas[index].geometry)
    return _outlined(area_body(state, index, restrictions=told), outline, etag)


@act("areas.outlines", {**EVERYBODY, **dict.fromkeys(COUNTS_ALONE, "those of the day's close")})
def read_outlines(by: Caller) -> Shown:
    """The outlines of all areas for a map, with fewer corners than they are written with; nothing of people."""
    if _counts_alone(by):
        close = by.store.day_close()
        return Shown(outlines_of_close(close), _tag_of(by, close))
    state = by.store.state()
    return Shown(state.once("outlines", lambda: _outlines_of(state)), tag("outlines", state.version))


@act("providers.figures", only(PLANNER, TRANSITION, CONTRACTS, QUALITY, FINANCE, ADMIN))
def read_provider_figures(by: Caller, provider_id: str) -> Shown:
    """A provider today: its own limit against its use, its contracts with their room, and its offers of ninety days by answer."""
    state = by.store.state()
    if state.get("providers", provider_id) is None:
        raise Problem("not_found", "There is no provider of this id.")
    told = _sees_restrictions(by)
    found = provider_figures(state, provider_id, restrictions=told)
    return shown(found, tag(state.version, state.as_of, "figures", *([] if told else ["plain"])))


@act("unmet.groups", {**EVERYBODY, **dict.fromkeys(COUNTS_ALONE, BLURRED)})
def who_comes_last(by: Caller) -> Shown:
    """Who comes last: who is unmet and waits how long, by hours, care workers, need, rurality, priority and source."""
    if _counts_alone(by):
        close = by.store.day_close()
        return Shown(closed_groups(close, by.settings.smallest_count), _tag_of(by, close))
    state = by.store.state()
    return Shown(who_comes_last_body(state), tag(state.version, state.as_of, "all"))


@act("bands.read", EVERYBODY)
def read_band(by: Caller, place: BandPlace | None) -> Shown:
    """The price band of a place, which is neither kept nor logged.

    None: the place stood in the address, which others may log. Raises the problem ``gone``.
    """
    if place is None:
        raise Problem(GONE, "Send the place in the body of a POST: an address is logged by whoever is on the way.")
    place = placed(place, by.service.postcodes)
    snapshot = by.store.state().snapshot
    if not snapshot.surgeries:
        raise Problem("not_ready", "The database is empty: run 'optimiser load FOLDER'.")
    number, miles, centre = band_at(place.latitude, place.longitude, snapshot.surgeries, snapshot.policy.band_limits_miles)
    return shown({"band": number, "miles": round(miles, 2), "surgery_id": centre.surgery_id, "name": centre.name})


@act("bands.limits", EVERYBODY)
def band_limits(by: Caller) -> tuple[float, float]:
    """How far the first two price bands reach, in miles; the third is all beyond."""
    one, two = by.store.state().snapshot.policy.band_limits_miles
    return float(one), float(two)


@act("areas.range", EVERYBODY)
def share_range(by: Caller) -> tuple[float, float, float]:
    """The lowest, wanted and highest share of an area's hours that its principal should have."""
    policy = by.store.state().snapshot.policy
    return float(policy.share_low), float(policy.principal_share_target), float(policy.share_high)


@act("areas.go_lives", only(*OF_CARE, FINANCE))
def go_lives(by: Caller) -> Mapping[str, dt.date]:
    """The areas that are still to go live, and when."""
    state = by.store.state()
    later = (area for area in state.snapshot.areas if not area.is_live(state.as_of))
    return {area.area_id: area.go_live for area in later if area.go_live is not None}


@act("rules.read", EVERYBODY)
def read_rules(_: Caller) -> Shown:
    """The rule book: by which rules everything here is decided."""
    book = standard_rules()
    return shown({"version": book.version, "rules": records(book)}, tag(book.version))


def _outlines_of(state: State) -> bytes:
    return drawn_outlines([(area.area_id, area.name, area.geometry) for area in state.snapshot.areas])


def _sees_restrictions(by: Caller) -> bool:
    """Whether the role may read restrictions: others are told of nobody why they are not asked."""
    read = DEEDS["restrictions"].read
    return read is not None and read.role_of(by.actor) is not None


def _counts_alone(by: Caller) -> bool:
    """Whether the role reads counts that are not small, and those of the day's close: nothing tells it of a single change."""
    return by.actor.role in COUNTS_ALONE


def _tag_of(by: Caller, close: DayClose) -> str:
    return tag("close", close.day, close.version, by.settings.smallest_count)


def _outlined(body: bytes, outline: bytes, etag: str) -> Shown:
    return Shown(b'%b,"outline":%b}' % (body[:-1], outline), etag)
