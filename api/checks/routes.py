"""A plan made by hand is checked."""

from __future__ import annotations

from typing import Annotated

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.checks import acts
from api.checks.schemas import CheckAnswer, CheckRequest
from api.http.openapi import problems

router = Router(prefix="/v1/checks", tags=["checks"])


@router.post("", summary="Check a plan made by hand", responses=problems("not_found"))
def check(by: Annotated[Caller, may(acts.check)], asked: CheckRequest) -> CheckAnswer:
    """Every rule that the plan breaks, with the figures compared, and every level beside those of an optimal plan. Nothing is
    changed. Packages that the plan does not name stay as they are: running, accepted, waiting."""
    return acts.check(by, asked)
