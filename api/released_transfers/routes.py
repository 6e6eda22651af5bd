"""What providers are told of a transfer's plan: looked at, released, withdrawn, and read by each for its own rounds."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.responses import one
from api.released_transfers import acts
from api.released_transfers.schemas import (
    NewRelease,
    NoLongerReleased,
    OwnTransfer,
    OwnTransfers,
    Released,
    ReleasedTransfers,
    ReleaseWithdrawn,
    TransferStatements,
)

router = Router(prefix="/v1")


@router.get(
    "/runs/{run_id}/provider-statements",
    tags=["runs"],
    summary="What each provider would read of a transfer's plan",
    response_model=TransferStatements,
    responses=problems("no_transfer", "no_result"),
)
def read_statements(run_id: str, by: Annotated[Caller, may(acts.read_statements)]) -> Response:
    """To be looked at before it is released. It names nobody, and tells of no reason that is a person's."""
    return one(acts.read_statements(by, run_id))


@router.post(
    "/runs/{run_id}/release",
    tags=["runs"],
    summary="Release a transfer's plan to providers",
    response_model=Released,
    responses=problems("no_transfer", "no_result", "another_plan", "released_already"),
)
def release(run_id: str, given: NewRelease, by: Annotated[Caller, may(acts.release)]) -> Response:
    """Each provider whose rounds the plan looked at may then read of its own staff's rounds, and of nobody else's."""
    return one(acts.release(by, run_id, given))


@router.post(
    "/runs/{run_id}/withdraw-release",
    tags=["runs"],
    summary="A released plan is told no more",
    response_model=NoLongerReleased,
)
def withdraw(run_id: str, given: ReleaseWithdrawn, by: Annotated[Caller, may(acts.withdraw)]) -> Response:
    """Providers find it no more. Who has read it has read it: ring them."""
    return one(acts.withdraw(by, run_id, given))


@router.get(
    "/released-transfers", tags=["runs"], summary="Plans that are released to providers", response_model=ReleasedTransfers
)
def list_released(by: Annotated[Caller, may(acts.list_released)]) -> Response:
    """The newest first, with whom each was released by and to."""
    return one(acts.list_released(by))


@router.get("/own/transfers", tags=["providers' own"], summary="Transfers of your own rounds", response_model=OwnTransfers)
def list_own(by: Annotated[Caller, may(acts.list_own)]) -> Response:
    """As far as a named person of the council has released them; the newest first."""
    return one(acts.list_own(by))


@router.get(
    "/own/transfers/{run_id}", tags=["providers' own"], summary="A transfer of your own rounds", response_model=OwnTransfer
)
def read_own(run_id: str, by: Annotated[Caller, may(acts.read_own)]) -> Response:
    """Which of your rounds move and when, which stay and why, and whom to call."""
    return one(acts.read_own(by, run_id))
