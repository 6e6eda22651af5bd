"""Designated periods for incentives over HTTP."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.responses import IfMatch, one, several
from api.http.strict import Listed
from api.incentives import acts
from api.incentives.schemas import IncentivePeriod, NewEnd, NewPeriod, OwnIncentives, PeriodsQuery, Withdrawal

router = Router(prefix="/v1", tags=["accounts"])
ADDRESS = "/accounts/incentive-periods"
ONE = ADDRESS + "/{incentive_period_id}"


@router.get(ADDRESS, summary="Designated periods for incentives", response_model=Listed[IncentivePeriod])
def list_periods(by: Annotated[Caller, may(acts.list_periods)], query: Annotated[PeriodsQuery, Query()]) -> Response:
    """The newest first: those that were opened here, and the lines of the account book's `incentive_periods.csv`. A day in both
    counts once."""
    return several(acts.list_periods(by, query))


@router.post(
    ADDRESS,
    summary="Open a designated period",
    response_model=IncentivePeriod,
    status_code=201,
    responses=problems("refused", "periods_overlap"),
)
def open_period(given: NewPeriod, by: Annotated[Caller, may(acts.open_period)]) -> Response:
    """For weather, absence, market failure, or as the council designates. It begins today at the earliest."""
    answer = acts.open_period(by, given)
    return one(answer, created_at=f"/v1{ADDRESS}/{orjson.loads(answer.body)['incentive_period_id']}")


@router.get(ONE, summary="One designated period", response_model=IncentivePeriod)
def read_period(incentive_period_id: str, by: Annotated[Caller, may(acts.read_period)]) -> Response:
    """That was opened here. Its ETag is asked for when it is changed."""
    return one(acts.read_period(by, incentive_period_id))


@router.patch(
    ONE,
    summary="Change the end of a designated period",
    response_model=IncentivePeriod,
    responses=problems("refused", "periods_overlap", "period_is_over", "changed_since", "precondition_required"),
)
def close_period(
    incentive_period_id: str, given: NewEnd, by: Annotated[Caller, may(acts.close_period)], if_match: IfMatch = None
) -> Response:
    """Earlier or later, never before today is over. Statements that are closed stay as they are."""
    return one(acts.close_period(by, incentive_period_id, given, if_match))


@router.post(
    ONE + "/withdraw",
    summary="Withdraw a designated period",
    response_model=IncentivePeriod,
    responses=problems("period_has_begun", "period_is_over", "changed_since", "precondition_required"),
)
def withdraw_period(
    incentive_period_id: str, given: Withdrawal, by: Annotated[Caller, may(acts.withdraw_period)], if_match: IfMatch = None
) -> Response:
    """While it has not begun."""
    return one(acts.withdraw_period(by, incentive_period_id, given, if_match))


@router.get("/own/incentives", summary="What a fast start earns you", response_model=OwnIncentives)
def read_own(by: Annotated[Caller, may(acts.read_own)]) -> Response:
    """The periods that the council has designated, today's and those to come, and the amounts. An offer says by when."""
    return one(acts.read_own(by))
