"""Packages: requests for care, what becomes of a person's needs, and who is waiting."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.addresses import address_of
from api.http.openapi import problems
from api.http.places import NO_POSTCODES, NO_SUCH_PLACE
from api.http.responses import IfMatch, IfNoneMatch, one, several
from api.http.strict import Listed
from api.packages import acts
from api.packages.schemas import (
    NewNeeds,
    NewPackage,
    Package,
    PackagesQuery,
    PackageWithVisits,
    PackageWritten,
    PriorityReview,
    Unmet,
    UnmetQuery,
)

router = Router(prefix="/v1")


@router.get("/packages", tags=["packages"], summary="Packages, a page at a time", response_model=Listed[Package])
def packages(by: Annotated[Caller, may(acts.list_packages)], query: Annotated[PackagesQuery, Query()]) -> Response:
    """In the order of their ids. Every page is an entry of the audit trail, with the ids on it."""
    return several(acts.list_packages(by, query))


@router.get("/packages/{package_id}", tags=["packages"], summary="A package with its visits", response_model=PackageWithVisits)
def package(package_id: str, by: Annotated[Caller, may(acts.read)], if_none_match: IfNoneMatch = None) -> Response:
    """One person's place, needs and wishes. The reading is an entry of the audit trail."""
    return one(acts.read(by, package_id), if_none_match)


@router.post(
    "/packages",
    tags=["packages"],
    summary="A new request for care",
    status_code=201,
    response_model=PackageWritten,
    responses=problems("already_there", "no_area", "refused", NO_SUCH_PLACE, NO_POSTCODES),
)
def add(asked: NewPackage, by: Annotated[Caller, may(acts.add)]) -> Response:
    """Its status is `new`. What a snapshot's files would be refused for is refused here; what is probably mistyped is noted."""
    return one(acts.add(by, asked), created_at=address_of("packages", asked.package_id))


@router.patch(
    "/packages/{package_id}",
    tags=["packages"],
    summary="Changed needs, wishes, protection or transfer decision",
    response_model=PackageWritten,
    responses=problems("refused", "already_there"),
)
def change(package_id: str, needs: NewNeeds, by: Annotated[Caller, may(acts.change)], if_match: IfMatch = None) -> Response:
    """Protection and transfer decisions are recorded by social work, and by nobody else.

    No offer is withdrawn. A decline for `cannot_meet_need` stands no more once hours, visits, workers or skills are others.
    """
    return one(acts.change(by, package_id, needs, if_match))


@router.post(
    "/packages/{package_id}/priority-review",
    tags=["packages"],
    summary="A priority looked at again",
    response_model=PackageWritten,
    responses=problems("refused"),
)
def review_priority(
    package_id: str, given: PriorityReview, by: Annotated[Caller, may(acts.review_priority)], if_match: IfMatch = None
) -> Response:
    """The new priority, or the same, with a reason that the audit trail keeps with who looked. No offer is withdrawn."""
    return one(acts.review_priority(by, package_id, given, if_match))


@router.get("/unmet", tags=["unmet"], summary="People waiting, a page at a time", response_model=Listed[Unmet])
def unmet(by: Annotated[Caller, may(acts.list_unmet)], query: Annotated[UnmetQuery, Query()]) -> Response:
    """Whoever may not be safe until care begins first; then urgent and discharge past their start, then by priority and
    start. Every page is an entry of the audit trail."""
    return several(acts.list_unmet(by, query))
