"""The service's clock: read, and confirmed where it was doubted."""

from __future__ import annotations

from typing import Annotated

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.timekeeping import acts
from api.timekeeping.schemas import ClockTold, Confirmation

router = Router(prefix="/v1/clock", tags=["operations"])


@router.get("", summary="Whether the service's clock is believed")
def clock(by: Annotated[Caller, may(acts.read)]) -> ClockTold:
    """It is not after a long silence of the service, nor behind what was written already: then nothing ends by time."""
    return acts.read(by)


@router.post("/confirm", summary="The clock is right", responses=problems("clocks_differ"))
def confirm(given: Confirmation, by: Annotated[Caller, may(acts.confirm)]) -> ClockTold:
    """What time it is by another clock. Where the service's shows the same within ten minutes, offers whose time has passed
    expire at the next tick; where it does not, nothing is changed."""
    return acts.confirm(by, given)
