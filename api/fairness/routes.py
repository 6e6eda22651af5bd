"""How often providers were asked and how long people waited."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.fairness import acts
from api.fairness.schemas import Fairness, FairnessQuery
from api.http.responses import one

router = Router(prefix="/v1")


@router.get(
    "/fairness", tags=["areas"], summary="Who was asked, what they said, and who waited how long", response_model=Fairness
)
def fairness(by: Annotated[Caller, may(acts.read_fairness)], query: Annotated[FairnessQuery, Query()]) -> Response:
    """In counts, for any days; viewers and auditors read whole settled quarters, as they are published."""
    return one(acts.read_fairness(by, query))
