"""What people say to care from a provider."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.answers import acts
from api.answers.schemas import NewAnswer, PersonsAnswer, PersonsAnswers
from api.http.openapi import problems
from api.http.responses import one

router = Router(prefix="/v1/packages/{package_id}/answers", tags=["answers"])


@router.post(
    "",
    summary="The person's answer to a provider",
    response_model=PersonsAnswer,
    responses=problems("already_there", "not_in_this_state", "refused"),
)
def record(package_id: str, given: NewAnswer, by: Annotated[Caller, may(acts.record)]) -> Response:
    """A yes lets care begin there. A no ends the provider's offers, waiting or accepted, and it is asked no more for this person
    until they say yes to it."""
    return one(acts.record(by, package_id, given))


@router.get("", summary="What a person has said to providers", response_model=PersonsAnswers)
def of_package(package_id: str, by: Annotated[Caller, may(acts.read_of_package)]) -> Response:
    """The earliest first. The reading is an entry of the audit trail."""
    return one(acts.read_of_package(by, package_id))
