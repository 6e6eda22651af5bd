"""How unmet need, waits, shares and declines have gone."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.responses import several
from api.http.strict import Listed
from api.trends import acts
from api.trends.schemas import TrendDay, TrendsQuery

router = Router(prefix="/v1")


@router.get("/trends", tags=["areas"], summary="How it has gone, in counts", response_model=Listed[TrendDay])
def trends(by: Annotated[Caller, may(acts.read_trends)], query: Annotated[TrendsQuery, Query()]) -> Response:
    """The oldest day first, one for each night that was made, for thirteen months. Viewers read no small and no exact count."""
    return several(acts.read_trends(by, query))
