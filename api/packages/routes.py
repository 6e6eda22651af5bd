"""Packages: requests for care, and what becomes of a person's needs."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from api.http.addresses import address_of
from api.http.conversion import record_json
from api.http.errors import Problem
from api.http.openapi import problems
from api.http.paging import page_of
from api.http.queries import PackagesQuery
from api.http.responses import IfMatch, IfNoneMatch, record, several
from api.http.strict import Listed
from api.offers.problems import package_index
from api.packages.needs import add_package, change_needs, package_json, written_json
from api.packages.schemas import NewNeeds, NewPackage, Package, PackageWithVisits, PackageWritten
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import TheService
from api.storage.audit import Actor, Entry

router = APIRouter(prefix="/v1/packages", tags=["packages"])

OF_TRANSITION = {"protected", "transfer_decision"}
"""What a transition team may record: it moves care, and leaves needs to the planners."""


@router.get("", summary="Packages, a page at a time", response_model=Listed[Package])
def packages(
    service: TheService, actor: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)], query: Annotated[PackagesQuery, Query()]
) -> Response:
    """In the order of their ids. Every page is an entry of the audit trail, with the ids on it."""
    wanted = {name: value for name in ("status", "area_id", "priority") if (value := getattr(query, name)) is not None}
    page = page_of(
        (p for p in service.store.state().snapshot.packages if all(getattr(p, name) == wanted[name] for name in wanted)),
        lambda package: (package.package_id,),
        limit=query.limit,
        cursor=query.cursor,
        usual=service.settings.page_size,
    )
    ids = [package.package_id for package in page.items]
    state = service.room.read(Entry(actor, "packages.read", "packages", details={"package_ids": ids, "asked": wanted}))
    found = [state.stock["packages"][each].body for each in ids if each in state.stock["packages"]]
    return several((orjson.dumps(record_json("packages", body)) for body in found), page.next_cursor)


@router.get("/{package_id}", summary="A package with its visits", response_model=PackageWithVisits)
def package(
    package_id: str,
    service: TheService,
    actor: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One person's place, needs and wishes. The reading is an entry of the audit trail."""
    package_index(service.store.state(), package_id)
    state = service.room.read(Entry(actor, "package.read", "packages", package_id))
    return record(state, "packages", package_id, package_json, if_none_match)


@router.post(
    "",
    summary="A new request for care",
    status_code=201,
    response_model=PackageWritten,
    responses=problems("already_there", "no_area", "refused"),
)
def add(asked: NewPackage, service: TheService, actor: Annotated[Actor, may(PLANNER, ADMIN)]) -> Response:
    """Its status is `new`. What a snapshot's files would be refused for is refused here; what is probably mistyped is noted."""
    with service.store.change(actor) as change:
        add_package(change, asked, service.settings.clock.now().isoformat())
    return _written(service, asked.package_id, created=True)


@router.patch(
    "/{package_id}",
    summary="Changed needs, wishes, protection or transfer decision",
    response_model=PackageWritten,
    responses=problems("refused", "already_there"),
)
def change(
    package_id: str,
    needs: NewNeeds,
    service: TheService,
    actor: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)],
    if_match: IfMatch = None,
) -> Response:
    """A transition team records protection and transfer decisions alone.

    No offer is withdrawn. A decline for `cannot_meet_need` stands no more once hours, visits, workers or skills are others.
    """
    if actor.role == TRANSITION and not needs.model_fields_set <= OF_TRANSITION:
        raise Problem("forbidden", f"A transition team may change {' and '.join(sorted(OF_TRANSITION))} alone.")
    with service.store.change(actor) as change:
        change_needs(change, package_id, needs, if_match, service.settings.clock.now().isoformat())
    return _written(service, package_id)


def _written(service: TheService, package_id: str, *, created: bool = False) -> Response:
    """The record as it now is: the change's own entry in the audit trail covers this answer."""
    address = address_of("packages", package_id) if created else ""
    return record(service.store.state(), "packages", package_id, written_json, created_at=address)
