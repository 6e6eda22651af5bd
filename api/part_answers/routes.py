"""A provider's yes to some of a package's visits."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.addresses import address_of
from api.http.openapi import problems
from api.offers.routes import IfMatch
from api.offers.schemas import Offer
from api.part_answers import acts
from api.part_answers.schemas import PartAnswer

router = Router(prefix="/v1", tags=["offers"])


@router.post(
    "/offers/{offer_id}/part",
    summary="A yes to some of the visits",
    status_code=201,
    responses=problems(
        "already_answered",
        "not_in_this_state",
        "not_divisible",
        "may_not_be_asked",
        "no_room",
        "beyond_provider_limit",
        "others_wait",
    ),
)
def take_part(
    offer_id: str, given: PartAnswer, by: Annotated[Caller, may(acts.take_part)], response: Response, if_match: IfMatch = None
) -> Offer:
    """The visits become a package of their own (`part_of`), accepted by this provider and judged by every rule. To the rest its
    answer is a no; the rest goes on waiting, and other providers' offers of the whole are withdrawn: it is asked for anew. Of
    standard or planned care, while others may still answer, the yes is kept (`said`, 200) until its turn: then send it again."""
    taken = acts.take_part(by, offer_id, given, if_match)
    response.headers["ETag"] = taken.etag
    if taken.offer.offer_id == offer_id:
        response.status_code = 200
        return taken.offer
    response.headers["Location"] = address_of("offers", taken.offer.offer_id)
    return taken.offer
