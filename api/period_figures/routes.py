"""What a period of payment tells beside its statements."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http import strict
from api.http.responses import one, several
from api.http.strict import Listed
from api.period_figures import acts
from api.period_figures.schemas import CountedPeriod, PeriodFigures

router = Router(prefix="/v1", tags=["accounts"])


@router.get("/accounts/periods", summary="Periods of which figures have been counted", response_model=Listed[CountedPeriod])
def list_periods(by: Annotated[Caller, may(acts.list_periods)], query: Annotated[strict.Query, Query()]) -> Response:
    """The newest first. They are counted whenever a whole period is drafted."""
    return several(acts.list_periods(by, query))


@router.get("/accounts/periods/{period_starts}", summary="What a period tells", response_model=PeriodFigures)
def read_period(period_starts: dt.date, by: Annotated[Caller, may(acts.read_period)]) -> Response:
    """Per contract what its guarantee paid and did not use, and why; per area the principal's share as commissioned and as
    delivered; the same visits in steps of five minutes and of fifteen; visits of under 30 minutes. Of all contracts, closed
    statements included, by the records that had come at `counted_at`."""
    return one(acts.read_period(by, period_starts))
