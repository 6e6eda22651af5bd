"""The history of a person."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.histories import acts
from api.histories.schemas import Deed, HistoryQuery
from api.http.responses import several
from api.http.strict import Listed

router = Router(prefix="/v1/packages/{package_id}/history", tags=["packages"])


@router.get("", summary="What has been done about a person", response_model=Listed[Deed])
def of_package(
    package_id: str, by: Annotated[Caller, may(acts.read_of_package)], query: Annotated[HistoryQuery, Query()]
) -> Response:
    """The newest first, of whoever waits, has care or had it. The reading is an entry of the audit trail."""
    return several(acts.read_of_package(by, package_id, query))
