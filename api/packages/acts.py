"""What is done to packages: listed, read, asked for anew, changed; and who is waiting."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from api.acts.act import Caller, Size, act, only
from api.acts.who_may_see import as_seen_by
from api.acts.who_may_set import actors_of
from api.http.conversion import columns_of, record_json
from api.http.errors import ALREADY_THERE, Problem, declare
from api.http.paging import Page
from api.http.places import place_notes, placed
from api.http.responses import Shown, require, shown_record, with_notes
from api.meanwhile.alerting import all_standings
from api.offers.problems import package_index
from api.packages.answers import key_of, package_json, standing_json, tag_of, unmet_bodies, visits_of, waiting, written_json
from api.packages.lapsing_decisions import lapse_decisions
from api.packages.schemas import NewNeeds, NewPackage, NewVisit, PackagesQuery, PriorityReview, UnmetQuery
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.accepting import Written, faults_in, put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import as_before, with_given
from api.storage.audit import Actor
from optimiser.county.offers_in_force import LASTING_REASON
from optimiser.domain.records import Package, Visit
from optimiser.geography.outlines import Outlines
from optimiser.io.faults import InputRefusedError
from optimiser.io.record_cells import EXTRA, record_of

NO_AREA = declare("no_area", 422, "The place lies in no area's outline, or in several: the request has to name its area")
DECISIONS = ("protected", "transfer_decision")
"""What social work alone records: significant decisions about a person, on what is known of their health."""
IF_MISSED = ("if_missed", "can_step_in")
"""What whoever knows the person records: how much a missed visit would harm them, and who can step in."""
NEEDS = tuple(name for name in NewNeeds.model_fields if name not in DECISIONS)
MAY_SET = {PLANNER: NEEDS, SOCIAL_WORK: (*DECISIONS, *IF_MISSED), ADMIN: NEEDS}


def add_package(change: Change, asked: NewPackage, requested_at: str, **also: str) -> None:
    """Write a new package with its visits. ``also``: further cells, and names of the service's own.

    Raises a ``Problem`` or ``InputRefusedError``.
    """
    cells, written = new_bodies(change.state, asked, requested_at, **also)
    actors = _who_decides(change, cells)
    put_checked(change, written)
    _remember(change, asked, cells, actors, also)


def add_packages(change: Change, asked: Sequence[NewPackage], requested_at: str, **also: str) -> None:
    """Write several new packages, all of them or none. Raises the problem ``refused`` with every fault of every one.

    They are judged together; where anything is wrong, one by one, so that a fault says whose it is.
    """
    made: dict[str, tuple[NewPackage, dict[str, Any], Written]] = {}
    impossible: dict[str, list[str]] = {}
    together: Written = {}
    for one in asked:
        try:
            cells, written = new_bodies(change.state, one, requested_at, **also)
            if not written.keys().isdisjoint(together):
                raise Problem(ALREADY_THERE, "Its id, or that of a visit, is given twice.")
        except Problem as problem:
            impossible.setdefault(one.package_id, []).append(str(problem.detail))
            continue
        together |= written
        made[one.package_id] = one, cells, written
    try:
        if impossible:
            raise InputRefusedError(faults_in(change.state, together))
        put_checked(change, together)
    except InputRefusedError as refused:
        alone = {name: [each.message() for each in faults_in(change.state, written)] for name, (_, _, written) in made.items()}
        names = dict.fromkeys(one.package_id for one in asked)
        faults = [f"{name}: {each}" for name in names for each in (*alone.get(name, ()), *impossible.get(name, ()))]
        faults = faults or [fault.message() for fault in refused.faults]
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=faults) from refused
    for one, cells, _ in made.values():
        _remember(change, one, cells, _who_decides(change, cells), also)


def _who_decides(change: Change, cells: Mapping[str, Any]) -> Collection[Actor]:
    """Who records the decisions of social work that a new package comes with. Raises the problem ``forbidden``."""
    decided = [name for name in DECISIONS if cells[name]]
    return actors_of(change.actor, MAY_SET, decided) if decided else ()


def _remember(
    change: Change, asked: NewPackage, cells: Mapping[str, Any], actors: Iterable[Actor], also: Mapping[str, str]
) -> None:
    told = {name: text for name, text in also.items() if text}
    change.remember(
        "package.add", "packages", asked.package_id, {"priority": asked.priority, "area_id": cells["area_id"], **told}
    )
    decided = {name: cells[name] for name in DECISIONS if cells[name]}
    for actor in actors:
        change.remember("package.change", "packages", asked.package_id, {"before": {}, "after": decided}, actor=actor)


def new_bodies(state: State, asked: NewPackage, requested_at: str, **also: str) -> tuple[dict[str, Any], Written]:
    """The cells of a new package, and all that is written with it. Raises a ``Problem``."""
    if state.get("packages", asked.package_id):
        raise Problem(ALREADY_THERE, "A package with this package_id is there already.")
    cells = with_given(dict.fromkeys(columns_of("packages"), ""), asked.cells("visits")) | also
    cells["status"] = "new"
    cells["requested_at"] = cells["requested_at"] or requested_at
    cells["area_id"] = cells["area_id"] or area_around(state, asked.latitude, asked.longitude)
    return cells, {("packages", asked.package_id): cells, **_visits(state, asked.package_id, asked.visits)}


def change_needs(change: Change, package_id: str, needs: NewNeeds, if_match: str | None, now: str) -> None:
    """Write what has changed of a package. Declines, and decisions on moves, of the needs as they were no longer stand."""
    stored = change.state.get("packages", package_id)
    if stored is None:
        raise Problem("not_found", "There is no package with this package_id.")
    require(if_match, tag_of(change.state, package_id))
    actors = actors_of(change.actor, MAY_SET, needs.model_fields_set)
    given = needs.cells("visits")
    if given.get("priority", stored.record.priority) != stored.record.priority:
        given["priority_set_on"] = change.state.as_of.isoformat()
    before = visits = [change.state.stock["visits"][each].record for each in visits_of(change.state, package_id)]
    written: Written = {("packages", package_id): with_given(stored.body, given)}
    if "visits" in needs.model_fields_set:
        bodies = _visits(change.state, package_id, needs.visits)
        written |= {("visits", visit.visit_id): None for visit in before}
        written |= bodies
        visits = [record_of("visits", body) for body in bodies.values()]
    put_checked(change, written)
    for actor, names in actors.items():
        own = {name: given[name] for name in names if name in given}
        details = {"before": as_before(stored.body, own), "after": own, "visits": len(visits)}
        change.remember("package.change", "packages", package_id, details, actor=actor)
    if needed(stored.record, before) != needed(record_of("packages", stored.body | given), visits):
        supersede_declines(change, package_id, now)
        lapse_decisions(change, package_id)


def needed(package: Package, visits: Iterable[Visit]) -> tuple[Any, ...]:
    """What a provider answers to when it says that it cannot meet a need. Priority and dates do not belong to it."""
    times = sorted((each.days, each.earliest_start, each.latest_start, each.duration_minutes, each.workers) for each in visits)
    return package.minutes_per_week, package.visits_per_week, package.workers, package.skills, times


def supersede_declines(change: Change, package_id: str, now: str) -> None:
    """A decline of needs that are no longer so is history: as a withdrawn offer it is exported, and stands no more."""
    for offer_id, stored in sorted(change.state.stock["offers"].items()):
        offer = stored.record
        if offer.package_id == package_id and (offer.response, offer.reason) == ("declined", LASTING_REASON):
            body = stored.body | {"response": "withdrawn", "superseded_response": "declined", "superseded_at": now}
            change.put("offers", offer_id, body)
            change.remember("offer.supersede", "packages", package_id, {"offer_id": offer_id})


def _visits(state: State, package_id: str, visits: Sequence[NewVisit]) -> dict[tuple[str, str], dict[str, Any]]:
    """The bodies of visits; those without an id get the package's with a number."""
    if not visits:
        return {}
    named = [visit.visit_id for visit in visits if visit.visit_id]
    taken = {each for each, stored in state.stock["visits"].items() if stored.record.package_id != package_id}
    if len(set(named)) < len(named) or taken & set(named):
        raise Problem(ALREADY_THERE, "A visit_id is given twice, or belongs to a visit of another package.")
    numbers = iter(range(1, len(visits) + len(taken) + len(named) + 2))
    written = {}
    for visit in visits:
        visit_id = visit.visit_id or next(
            name for number in numbers if (name := f"{package_id[:90]}-V{number}") not in taken and name not in named
        )
        known = state.stock["visits"].get(visit_id)
        body = {"visit_id": visit_id, "package_id": package_id, EXTRA: known.body.get(EXTRA, {}) if known else {}}
        written["visits", visit_id] = with_given(body, visit.cells("visit_id"))
    return written


def area_around(state: State, latitude: float, longitude: float) -> str:
    found = sorted(set(Outlines(state.snapshot.areas).inside(latitude, longitude)))
    if len(found) != 1:
        raise Problem(NO_AREA, f"{len(found)} outlines contain the place: give an area_id.")
    return found[0]


USUAL = 20
"""What would clear a person takes a while to work out: pages of who is waiting are shorter than others."""

READERS = only(PLANNER, TRANSITION, SOCIAL_WORK, ADMIN)
NOT_DECISIONS = f"neither {' nor '.join(DECISIONS)}"


@act("packages.list", READERS, writes=("packages.read",))
def list_packages(by: Caller, query: PackagesQuery) -> Page[bytes]:
    """Packages, a page at a time, in the order of their ids."""
    wanted = {name: value for name in ("status", "area_id", "priority") if (value := getattr(query, name)) is not None}
    before = by.store.state()
    beginning = (query.id_starts_with or "").casefold()
    safe = {} if query.meanwhile is None else {each.package_id: each.is_in_order for each in all_standings(before).values()}
    page = by.page(
        (
            package
            for index, package in enumerate(before.snapshot.packages)
            if all(getattr(package, name) == wanted[name] for name in wanted)
            and query.situation in (None, before.situation_of(index))
            and (query.meanwhile is None or safe.get(package.package_id) == (query.meanwhile == "in_order"))
            and query.contract_id in (None, before.contract_of(index))
            and package.package_id.casefold().startswith(beginning)
        ),
        lambda package: (package.package_id,),
        query.limit,
        query.cursor,
    )
    ids = [package.package_id for package in page.items]
    more: dict[str, Any] = {"id_starts_with": query.id_starts_with}
    more |= {"situation": query.situation, "contract_id": query.contract_id, "meanwhile": query.meanwhile}
    asked = wanted | {name: value for name, value in more.items() if value is not None}
    state = by.read("packages.read", "packages", details={"package_ids": ids, "asked": asked})
    found = {each: state.stock["packages"][each].body for each in ids if each in state.stock["packages"]}
    told = (record_json("packages", body) | standing_json(state, each) for each, body in found.items())
    return Page([orjson.dumps(as_seen_by(by.actor, each)) for each in told], page.next_cursor)


@act("packages.read", READERS, writes=("package.read",))
def read(by: Caller, package_id: str) -> Shown:
    """One person's place, needs and wishes, with the visits."""
    package_index(by.store.state(), package_id)
    return _shown(by, by.read("package.read", "packages", package_id), package_id, package_json)


@act(
    "packages.add",
    {PLANNER: NOT_DECISIONS, ADMIN: NOT_DECISIONS},
    writes=("package.add", "package.change"),
    changes=True,
    takes=Size.LIST,
)
def add(by: Caller, asked: NewPackage) -> Shown:
    """A new request for care is written down."""
    asked = placed(asked, by.service.postcodes)
    with by.change() as change:
        add_package(change, asked, by.settings.clock.now().isoformat())
        return with_notes(_written(by, change, asked.package_id), place_notes(asked))


@act(
    "packages.change",
    {PLANNER: NOT_DECISIONS, SOCIAL_WORK: f"{', '.join((*DECISIONS, *IF_MISSED))} alone", ADMIN: NOT_DECISIONS},
    writes=("package.change", "offer.supersede", "decision.lapse"),
    changes=True,
    takes=Size.LIST,
)
def change(by: Caller, package_id: str, needs: NewNeeds, if_match: str | None) -> Shown:
    """Needs, wishes, protection or transfer decision of a person are changed."""
    with by.change() as change:
        change_needs(change, package_id, needs, if_match, by.settings.clock.now().isoformat())
        return _written(by, change, package_id)


@act("packages.review_priority", only(PLANNER, SOCIAL_WORK, ADMIN), writes=("package.priority_review",), changes=True)
def review_priority(by: Caller, package_id: str, given: PriorityReview, if_match: str | None) -> Shown:
    """A person has looked at a priority again: it is another one from now on, or the same for a reason."""
    with by.change() as change:
        stored = change.state.get("packages", package_id)
        if stored is None:
            raise Problem("not_found", "There is no package with this package_id.")
        require(if_match, tag_of(change.state, package_id))
        after = {"priority": given.priority, "priority_set_on": change.state.as_of.isoformat()}
        put_checked(change, {("packages", package_id): with_given(stored.body, after)})
        details = {"before": as_before(stored.body, after), "after": after, "reason": given.reason}
        change.remember("package.priority_review", "packages", package_id, details)
        return _written(by, change, package_id)


@act("packages.unmet", only(PLANNER, TRANSITION, ADMIN), writes=("unmet.read",))
def list_unmet(by: Caller, query: UnmetQuery) -> Page[bytes]:
    """Who is waiting, a page at a time, and what would clear each: first whoever may not be safe until care begins."""
    before = by.store.state()
    wrong = {each.package_id for each in all_standings(before).values() if not each.is_in_order}
    page = by.page(
        (
            package
            for package in waiting(before)
            if query.area_id in (None, package.area_id) and query.package_id in (None, package.package_id)
        ),
        lambda package: (package.package_id not in wrong, *key_of(package, before.as_of)),
        query.limit,
        query.cursor,
        usual=USUAL,
    )
    ids = [package.package_id for package in page.items]
    state = by.read("unmet.read", "packages", details={"package_ids": ids})
    still = {package.package_id: package for package in waiting(state)}
    return Page(unmet_bodies(state, by.settings, [still[each] for each in ids if each in still]), page.next_cursor)


def _written(by: Caller, change: Change, package_id: str) -> Shown:
    """The record as the change leaves it: the change's own entry in the audit trail covers this answer."""
    return _shown(by, change.as_if(), package_id, written_json)


def _shown(by: Caller, state: State, package_id: str, as_json: Callable[[State, str], dict[str, Any]]) -> Shown:
    answer = shown_record(state, "packages", package_id, lambda at, name: as_seen_by(by.actor, as_json(at, name)))
    return replace(answer, etag=tag_of(state, package_id))
