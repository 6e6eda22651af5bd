"""What records of visits say that somebody should look at."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.deliveries import acts
from api.deliveries.schemas import DeliveriesCounted, DeliveriesTold, PeopleQuery, PersonToReview, ToCount
from api.http.openapi import problems
from api.http.responses import one, several
from api.http.strict import Listed

router = Router(prefix="/v1", tags=["accounts"])


@router.post("/deliveries", summary="Count deliveries", response_model=DeliveriesCounted, responses=problems("refused"))
def count(given: ToCount, by: Annotated[Caller, may(acts.count)]) -> Response:
    """From the records of visits that have come: what was delivered in the weeks before a day, beside what is commissioned. It is
    confirmed by an independent check, and takes the place of what was counted before. Nothing else changes by it."""
    return one(acts.count(by, given))


@router.get("/deliveries", summary="What deliveries say, in sums", response_model=DeliveriesTold, responses=problems("not_found"))
def read(by: Annotated[Caller, may(acts.read)]) -> Response:
    """As it was counted last: of how many people there is what to look at, rounds that begin late, and each contract's sums. It
    is for a person's review: minutes alone do not say how good care was."""
    return one(acts.read(by))


@router.get(
    "/deliveries/people",
    summary="People whose care somebody should look at",
    response_model=Listed[PersonToReview],
    responses=problems("not_found"),
)
def list_people(by: Annotated[Caller, may(acts.list_people)], query: Annotated[PeopleQuery, Query()]) -> Response:
    """Those first to whom perhaps nobody comes; then by missed visits, less than is commissioned, visits cut short, and more.
    Whoever's care has ended since is left out. Whom somebody read of stands in the audit trail."""
    return several(acts.list_people(by, query))
