"""A question to the council, as it is recorded, answered, passed on, closed and shown; to providers their own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.http.strict import Answer, Id, Line, OwnId, Query, Strict
from api.offers.schemas import Text, Way

PROVIDER = "provider"
SAFETY = "safety"
OPEN, ANSWERED, CLOSED = "open", "answered", "closed"

Who = Literal["provider", "person", "family", "advocate"]
Kind = Annotated[
    Literal["safety", "start", "visits", "change", "money", "reasons", "other"],
    Field(
        description="What it is about: that somebody may not be safe, when care begins, visits and care workers, a change of"
        " provider, money, why something was decided, anything else."
    ),
]
Standing = Literal["open", "answered", "closed"]
ContactId = Annotated[
    OwnId | None,
    Field(description="Your own id for it: sent again, it is not recorded twice. Without it, it gets one.", examples=["C-117"]),
]
Said = Annotated[Text, Field(description="In their own words as far as can be.")]
Outcome = Literal["settled", "withdrawn", "goes_on_elsewhere"]

GIVEN: dict[str, Any] = {
    "who": "family",
    "package_id": "N4",
    "kind": "start",
    "asked": "When will somebody come in the mornings?",
    "said_by": "Joan Reed, her daughter",
    "how": "telephone",
}
TOLD: dict[str, Any] = {
    "what": "asked",
    "at": "2026-11-23T11:20:00",
    "by": "Ada Planner",
    "post": "brokerage",
    "to_post": None,
    "text": GIVEN["asked"],
    "outcome": None,
}
CONTACT: dict[str, Any] = {
    "contact_id": "C-5f1c2a90b7de4431",
    "who": "family",
    "provider_id": None,
    "package_id": "N4",
    "offer_id": None,
    "kind": "start",
    "said_by": "Joan Reed, her daughter",
    "how": "telephone",
    "recorded_by": "Ada Planner",
    "recorded_at": "2026-11-23T11:20:00",
    "standing": "open",
    "post": "brokerage",
    "answer_by": "2026-11-25T17:00:00",
    "overdue": False,
    "further_posts": ["team manager", "head of commissioning"],
    "told": [TOLD],
}
OWN_TOLD: dict[str, Any] = {"what": "asked", "at": "2026-11-23T11:20:00", "post": "brokerage", "text": "Is there a key safe?"}
OWN: dict[str, Any] = {
    "contact_id": "C-90b7de44315f1c2a",
    "kind": "visits",
    "package_id": None,
    "offer_id": "OF2",
    "standing": "open",
    "answer_by": "2026-11-30T17:00:00",
    "overdue": False,
    "told": [OWN_TOLD],
}


class NewContact(Strict):
    """Somebody asks, and it is written down. ``provider_id`` where a provider asks, else ``package_id``; it may have both."""

    model_config = ConfigDict(json_schema_extra={"example": GIVEN})

    contact_id: ContactId = None
    who: Annotated[Who, Field(description="Who asks.")]
    provider_id: Annotated[Id, Field(description="Which provider, where one asks.")] = None
    package_id: Annotated[Id, Field(description="About whose care; a provider may also ask about nobody's.")] = None
    kind: Kind
    asked: Said
    said_by: Annotated[Line | None, Field(description="Who it was, as they gave their name; not needed of the person.")] = None
    how: Annotated[Way, Field(description="How they asked.")]


class NewReply(Strict):
    """What the asker is answered."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "Alder begins on Thursday, at eight."}})

    text: Annotated[Text, Field(description="As it is told to whoever asked.")]


class PassingOn(Strict):
    """To a post further up."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "The family is not content with the answer."}})

    to_post: Annotated[Line | None, Field(description="One of `further_posts`; left out: the next.")] = None
    reason: Annotated[Text, Field(description="Why; for the council alone.")]


class ClosingContact(Strict):
    """Nothing more is owed to whoever asked."""

    model_config = ConfigDict(json_schema_extra={"example": {"outcome": "settled"}})

    outcome: Annotated[
        Outcome,
        Field(description="`settled`: it was answered; `withdrawn`: they ask no more; `goes_on_elsewhere`: as a complaint, say."),
    ]
    reason: Annotated[Text | None, Field(description="Needed where it was not answered; for the council alone.")] = None


class ToldOf(Answer):
    """One step of a question, in its order."""

    what: Literal["asked", "answered", "passed_on", "closed"]
    at: str
    by: Annotated[str, Field(description="Who did it, of the council or at the provider.")]
    post: Annotated[str, Field(description="The post that it lay with.")]
    to_post: Annotated[str | None, Field(description="Of passing on: the post that it lies with since.")]
    text: str
    outcome: Outcome | None


class Contact(Answer):
    """A question with all that was said to it."""

    model_config = ConfigDict(json_schema_extra={"example": CONTACT})

    contact_id: str
    who: Who
    provider_id: str | None
    package_id: str | None
    offer_id: Annotated[str | None, Field(description="The provider's own offer that it asks about.")]
    kind: Kind
    said_by: str | None
    how: Way
    recorded_by: str
    recorded_at: str
    standing: Annotated[Standing, Field(description="`open`: an answer is owed.")]
    post: Annotated[str, Field(description="The post that it lies with.")]
    answer_by: Annotated[str | None, Field(description="By when an answer is owed, in Europe/London; null: none is.")]
    overdue: bool
    further_posts: Annotated[list[str], Field(description="Further up from here, the next first.")]
    told: list[ToldOf]


class ContactsQuery(Query):
    """Those of one person, of one provider, or that stand so."""

    package_id: Id = None
    provider_id: Id = None
    standing: Standing | None = None
    overdue: Annotated[bool | None, Field(description="`true`: those alone whose answer is late.")] = None


class NewOwnQuestion(Strict):
    """A provider asks the council, about care that it delivers, one of its own offers, or nothing of the kind."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "visits", "offer_id": "OF2", "asked": "Is there a key safe?"}}
    )

    contact_id: ContactId = None
    kind: Kind
    package_id: Annotated[Id, Field(description="One of your own care.")] = None
    offer_id: Annotated[Id, Field(description="One of your own offers.")] = None
    asked: Annotated[Text, Field(description="Nothing that tells who somebody is.")]


class AskedFurther(Strict):
    """The answer does not settle it."""

    model_config = ConfigDict(json_schema_extra={"example": {"asked": "And who keeps the spare key?"}})

    asked: Text


class OwnTold(Answer):
    """One step of a provider's own question."""

    what: Literal["asked", "answered", "passed_on", "closed"]
    at: str
    post: Annotated[str, Field(description="The post that it lies with since.")]
    text: str


class OwnQuestion(Answer):
    """A provider's own question, with the answers."""

    model_config = ConfigDict(json_schema_extra={"example": OWN})

    contact_id: str
    kind: Kind
    package_id: str | None
    offer_id: str | None
    standing: Standing
    answer_by: Annotated[str | None, Field(description="By when you are owed an answer; null: you have it.")]
    overdue: bool
    told: list[OwnTold]
