"""Everybody who waits, in one list."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.responses import one
from api.worklist import acts
from api.worklist.schemas import Neighbours, NeighboursQuery, Worklist, WorklistQuery

router = Router(prefix="/v1", tags=["packages"])


@router.get("/worklist", summary="Everybody who waits, and what is to be done next", response_model=Worklist)
def worklist(by: Annotated[Caller, may(acts.read)], query: Annotated[WorklistQuery, Query()]) -> Response:
    """In four groups, and in each first whoever may not be safe until care begins. Every page is an entry of the audit trail."""
    return one(acts.read(by, query))


@router.get(
    "/worklist/{package_id}/neighbours", summary="Who stands before and after somebody on the list", response_model=Neighbours
)
def neighbours(
    package_id: str, by: Annotated[Caller, may(acts.read_neighbours)], query: Annotated[NeighboursQuery, Query()]
) -> Response:
    """In the order of the list, narrowed as it is. Who stands there is an entry of the audit trail."""
    return one(acts.read_neighbours(by, package_id, query))
