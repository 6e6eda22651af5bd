"""A provider's yes to some of a package's visits, as the planner records it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.http.strict import Strict
from api.offers.schemas import DeclineReason, Name, Raised, Text, Way
from api.packages.schemas import MOST_VISITS, NamedVisit

TAKEN: dict[str, Any] = {
    "visits": [{"visit_id": "N4-V1", "days": ["sat", "sun"]}],
    "reason": "no_capacity",
    "answered_by": "S. Marsh, duty manager",
    "how": "telephone",
}


class PartAnswer(Strict):
    """Yes to these visits alone. To the rest it is a no, for a reason."""

    model_config = ConfigDict(json_schema_extra={"example": TAKEN})

    visits: Annotated[
        list[NamedVisit],
        Field(min_length=1, max_length=MOST_VISITS, description="What the provider takes, with all of its care workers."),
    ]
    reason: Annotated[DeclineReason, Field(description="Why not the rest: the provider's no to it stands for so long as any.")]
    answered_by: Annotated[Name | None, Field(description="Who at the provider said so.")] = None
    how: Annotated[Way | None, Field(description="By which way the answer came.")] = None
    late: Annotated[bool, Field(description="The offer's time is over, and the provider answers all the same.")] = False
    raise_provider_limit: Raised | None = None
    person_prefers: Annotated[
        Text | None, Field(description="Why the person would rather have this provider, where another's own yes comes first.")
    ] = None
    raise_contract_maximum: Annotated[Raised | None, Field(description="Needs the role contracts or admin.")] = None
