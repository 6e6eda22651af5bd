"""What everybody may see: areas, the price band of a place, the rule book."""

from __future__ import annotations

import orjson

from api.acts.act import Caller, act, only
from api.http.errors import Problem
from api.http.paging import Page
from api.http.responses import Shown, shown, tag
from api.http.strict import Query
from api.overview.answers import area_bodies
from api.overview.people_who_wait import who_comes_last_body
from api.overview.schemas import Place
from api.records.acts import DEEDS
from api.security.roles import AUDITOR, ROLES, VIEWER
from optimiser.geography.bands import band_at
from optimiser.rules.book import records, standard_rules

EVERYBODY = only(*ROLES)
COUNTS_ALONE = (VIEWER, AUDITOR)
COUNTS = {**EVERYBODY, **dict.fromkeys(COUNTS_ALONE, "no contracts, and no count of people that is too small")}


@act("areas.list", COUNTS)
def list_areas(by: Caller, query: Query) -> Page[bytes]:
    """Areas, a page at a time: shares, headroom, guarantees and who is waiting."""
    state = by.store.state()
    bodies = area_bodies(state, _smallest(by), restrictions=_sees_restrictions(by))
    ids = [area.area_id for area in state.snapshot.areas]
    page = by.page(zip(ids, bodies, strict=True), lambda each: (each[0],), query.limit, query.cursor)
    return Page([body for _, body in page.items], page.next_cursor)


@act("areas.read", COUNTS)
def read_area(by: Caller, area_id: str) -> Shown:
    """An area: its outline and shares, the headroom and guarantee of each contract, and who is unmet."""
    state = by.store.state()
    index, smallest = state.county.area_of.get(area_id), _smallest(by)
    if index is None:
        raise Problem("not_found", "There is no area with this area_id.")
    told = _sees_restrictions(by)
    etag = tag(state.version, state.as_of, "all" if smallest is None else smallest, *([] if told else ["plain"]))
    body, outline = area_bodies(state, smallest, restrictions=told)[index], orjson.dumps(state.snapshot.areas[index].geometry)
    return Shown(b'%b,"outline":%b}' % (body[:-1], outline), etag)


@act("unmet.groups", {**EVERYBODY, **dict.fromkeys(COUNTS_ALONE, "unmet people alone, to the nearest five, and no small count")})
def who_comes_last(by: Caller) -> Shown:
    """Who comes last: who is unmet and waits how long, by hours, care workers, need, rurality, priority and source."""
    state, smallest = by.store.state(), _smallest(by)
    etag = tag(state.version, state.as_of, "all" if smallest is None else smallest)
    return Shown(who_comes_last_body(state, smallest), etag)


@act("bands.read", EVERYBODY)
def read_band(by: Caller, place: Place) -> Shown:
    """The price band of a place, which is neither kept nor logged."""
    snapshot = by.store.state().snapshot
    if not snapshot.surgeries:
        raise Problem("not_ready", "The database is empty: run 'optimiser load FOLDER'.")
    number, miles, centre = band_at(place.latitude, place.longitude, snapshot.surgeries, snapshot.policy.band_limits_miles)
    return shown({"band": number, "miles": round(miles, 2), "surgery_id": centre.surgery_id, "name": centre.name})


@act("rules.read", EVERYBODY)
def read_rules(_: Caller) -> Shown:
    """The rule book: by which rules everything here is decided."""
    book = standard_rules()
    return shown({"version": book.version, "rules": records(book)}, tag(book.version))


def _sees_restrictions(by: Caller) -> bool:
    """Whether the role may read restrictions: others are told of nobody why they are not asked."""
    read = DEEDS["restrictions"].read
    return read is not None and read.role_of(by.actor) is not None


def _smallest(by: Caller) -> int | None:
    """Counts of people under it are not told to a viewer or an auditor; None: all are."""
    return by.settings.smallest_count if by.actor.role in COUNTS_ALONE else None
