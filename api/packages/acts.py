"""What is done to packages: listed, read, asked for anew, changed; and who is waiting."""

from __future__ import annotations

import orjson

from api.acts.act import Caller, act, only
from api.http.conversion import record_json
from api.http.errors import Problem
from api.http.paging import Page, page_of
from api.http.responses import Shown, shown_record
from api.offers.problems import package_index
from api.packages.answers import key_of, package_json, unmet_bodies, waiting, written_json
from api.packages.needs import add_package, change_needs
from api.packages.schemas import NewNeeds, NewPackage, PackagesQuery, UnmetQuery
from api.security.roles import ADMIN, PLANNER, TRANSITION

USUAL = 20
"""What would clear a person takes a while to work out: pages of who is waiting are shorter than others."""

OF_TRANSITION = ("protected", "transfer_decision")
"""What a transition team may record: it moves care, and leaves needs to the planners."""
DECISIONS = f"{' and '.join(OF_TRANSITION)} alone"


@act("packages.list", only(PLANNER, TRANSITION, ADMIN), writes=("packages.read",))
def list_packages(by: Caller, query: PackagesQuery) -> Page[bytes]:
    """Packages, a page at a time, in the order of their ids."""
    wanted = {name: value for name in ("status", "area_id", "priority") if (value := getattr(query, name)) is not None}
    page = by.page(
        (p for p in by.store.state().snapshot.packages if all(getattr(p, name) == wanted[name] for name in wanted)),
        lambda package: (package.package_id,),
        query.limit,
        query.cursor,
    )
    ids = [package.package_id for package in page.items]
    state = by.read("packages.read", "packages", details={"package_ids": ids, "asked": wanted})
    found = [state.stock["packages"][each].body for each in ids if each in state.stock["packages"]]
    return Page([orjson.dumps(record_json("packages", body)) for body in found], page.next_cursor)


@act("packages.read", only(PLANNER, TRANSITION, ADMIN), writes=("package.read",))
def read(by: Caller, package_id: str) -> Shown:
    """One person's place, needs and wishes, with the visits."""
    package_index(by.store.state(), package_id)
    return shown_record(by.read("package.read", "packages", package_id), "packages", package_id, package_json)


@act("packages.add", only(PLANNER, ADMIN), writes=("package.add",), changes=True)
def add(by: Caller, asked: NewPackage) -> Shown:
    """A new request for care is written down."""
    with by.change() as change:
        add_package(change, asked, by.settings.clock.now().isoformat())
    return _written(by, asked.package_id)


@act(
    "packages.change",
    {PLANNER: "", TRANSITION: DECISIONS, ADMIN: ""},
    writes=("package.change", "offer.supersede"),
    changes=True,
)
def change(by: Caller, package_id: str, needs: NewNeeds, if_match: str | None) -> Shown:
    """Needs, wishes, protection or transfer decision of a person are changed."""
    if by.actor.role == TRANSITION and not needs.model_fields_set <= set(OF_TRANSITION):
        raise Problem("forbidden", f"A transition team may change {DECISIONS}.")
    with by.change() as change:
        change_needs(change, package_id, needs, if_match, by.settings.clock.now().isoformat())
    return _written(by, package_id)


@act("packages.unmet", only(PLANNER, TRANSITION, ADMIN), writes=("unmet.read",))
def list_unmet(by: Caller, query: UnmetQuery) -> Page[bytes]:
    """Who is waiting, a page at a time, and what would clear each."""
    before = by.store.state()
    page = page_of(
        (package for package in waiting(before) if query.area_id in (None, package.area_id)),
        lambda package: key_of(package, before.as_of),
        limit=query.limit,
        cursor=query.cursor,
        usual=min(USUAL, by.settings.page_size),
    )
    ids = [package.package_id for package in page.items]
    state = by.read("unmet.read", "packages", details={"package_ids": ids})
    still = {package.package_id: package for package in waiting(state)}
    return Page(unmet_bodies(state, [still[each] for each in ids if each in still]), page.next_cursor)


def _written(by: Caller, package_id: str) -> Shown:
    """The record as it now is: the change's own entry in the audit trail covers this answer."""
    return shown_record(by.store.state(), "packages", package_id, written_json)
