"""What would come of it, before it is sent."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.places import NO_POSTCODES, NO_SUCH_PLACE
from api.http.responses import IfMatch, one
from api.packages.schemas import NewNeeds, NewPackage
from api.previews import acts
from api.previews.schemas import ChangePreview, NewRequestPreview

router = Router(prefix="/v1/packages", tags=["packages"])


@router.post(
    "/preview",
    summary="What the rules would say of a new request",
    response_model=NewRequestPreview,
    responses=problems("already_there", "no_area", "refused", NO_SUCH_PLACE, NO_POSTCODES),
)
def new_request(asked: NewPackage, by: Annotated[Caller, may(acts.try_request)]) -> Response:
    """Nothing is written. What would be refused is refused here, in the same words."""
    return one(acts.try_request(by, asked))


@router.post(
    "/{package_id}/preview",
    summary="What would come of other needs",
    response_model=ChangePreview,
    responses=problems("already_there", "refused"),
)
def changed_needs(
    package_id: str, needs: NewNeeds, by: Annotated[Caller, may(acts.try_change)], if_match: IfMatch = None
) -> Response:
    """Nothing is written: which declines would stand no more, and which decisions of social work."""
    return one(acts.try_change(by, package_id, needs, if_match))
