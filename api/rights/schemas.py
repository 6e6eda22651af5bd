"""A correction or an objection of a person's, as it is recorded, closed and shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.http.strict import Answer, Line, Strict
from api.offers.schemas import Text

CORRECTION, OBJECTION = "correction", "objection"
OUTCOMES = {CORRECTION: ("changed", "not_changed"), OBJECTION: ("upheld", "not_upheld")}
"""What may have come of each."""

Kind = Annotated[Literal["correction", "objection"], Field(description="Something is wrong, or is to be used no more as it is.")]
Said = Annotated[Text, Field(description="What is wrong, or what they object to and why, in their own words as far as can be.")]
GivenBy = Annotated[
    Literal["self", "attorney", "deputy", "best_interests"],
    Field(description="Who said so: the person, or who may speak for them."),
]
AskedOf = Annotated[Line, Field(description="The person at the council, by name, who is asked to see to it.")]
Outcome = Annotated[
    Literal["changed", "not_changed", "upheld", "not_upheld"],
    Field(description="Of a correction `changed` or `not_changed`, of an objection `upheld` or `not_upheld`."),
]
Done = Annotated[Text, Field(description="What was done, or why nothing was: it is told to the person.")]

GIVEN: dict[str, Any] = {
    "kind": "correction",
    "said": "I can wash by myself; I need help with the stairs.",
    "given_by": "self",
    "asked_of": "Sam Planner",
}
CLOSING: dict[str, Any] = {"outcome": "changed", "done": "The visit's needs are put right; the visit stays as long."}
REQUEST: dict[str, Any] = {
    "request_id": "Q-5f1c2a90b7de4431",
    "package_id": "N4",
    **GIVEN,
    "recorded_by": "a planner",
    "recorded_at": "2026-11-23T11:20:00",
    "answer_by": "2026-12-21",
    "outcome": None,
    "done": None,
    "closed_by": None,
    "closed_at": None,
}


class NewRequest(Strict):
    """What a person asks about their data, and who at the council is asked to see to it."""

    model_config = ConfigDict(json_schema_extra={"example": GIVEN})

    kind: Kind
    said: Said
    given_by: GivenBy
    asked_of: AskedOf


class Closing(Strict):
    """What has come of it."""

    model_config = ConfigDict(json_schema_extra={"example": CLOSING})

    outcome: Outcome
    done: Done


class RightsRequest(Answer):
    """A request of a person's, open while nothing is said of its ``outcome``."""

    model_config = ConfigDict(json_schema_extra={"example": REQUEST})

    request_id: str
    package_id: str
    kind: Kind
    said: Said
    given_by: GivenBy
    asked_of: AskedOf
    recorded_by: str
    recorded_at: str
    answer_by: Annotated[str, Field(description="The day by which the person is to have an answer.")]
    outcome: Outcome | None
    done: Done | None
    closed_by: str | None
    closed_at: str | None


class RightsRequests(Answer):
    """A person's requests, the earliest first."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [REQUEST]}})

    items: list[RightsRequest]
