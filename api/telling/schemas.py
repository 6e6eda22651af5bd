"""Who is told, of which kinds of message, and what became of messages, as it is sent and shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.http.strict import PRINTABLE, Answer, Query, RecordId, Strict

ADDRESS: dict[str, Any] = {
    "provider_id": "ALDER",
    "name": "ALDER's desk",
    "channel": "email",
    "address": "desk@alder.example",
    "kinds": ["offer_waits", "offer_closed"],
}
Channel = Literal["email", "notify", "webhook"]
Way = Literal["at_once", "daily", "off"]
State = Literal["waiting", "sending", "sent", "dead", "dropped", "gathering", "in_digest"]


class NewAddress(Strict):
    """Somebody who is to be told."""

    model_config = ConfigDict(json_schema_extra={"example": ADDRESS})

    provider_id: Annotated[
        str | None, Field(min_length=1, max_length=200, pattern=PRINTABLE, description="Whose desk it is; none: the council's.")
    ] = None
    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE, strip_whitespace=True),
        Field(description="The person, desk or program behind it."),
    ]
    channel: Channel
    address: Annotated[
        str, Field(min_length=3, max_length=500, pattern=r"^[\x21-\x7e]+$", description="Of e-mail, or of a program (https).")
    ]
    kinds: Annotated[list[RecordId], Field(min_length=1, max_length=50, description="The kinds of message that go there.")]


class Address(Answer):
    """Somebody who is told."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"address_id": "5b0c2f9d", **ADDRESS, "stopped_at": None, "stopped_because": None}}
    )

    address_id: str
    provider_id: str | None
    name: str
    channel: Channel
    address: str
    kinds: list[str]
    stopped_at: Annotated[str | None, Field(description="In UTC: nothing is sent there since.")]
    stopped_because: Annotated[str | None, Field(description="As a word: what the receiver's server answered.")]


class Addresses(Answer):
    """Everybody who is told, and the ways of sending that the settings name."""

    items: list[Address]
    channels: Annotated[list[Channel], Field(description="What is set up; an address of another way cannot be added.")]


class KindTold(Answer):
    """A kind of message, and how it is told."""

    kind: str
    title: str
    told_to: Annotated[Literal["provider", "staff"], Field(description="Providers' desks, or the council's own people.")]
    way: Way
    usual: Annotated[Way, Field(description="How it is told as long as nobody has said otherwise.")]


class KindsTold(Answer):
    """Every kind of message."""

    items: list[KindTold]


class NewWay(Strict):
    """How a kind is to be told from now on."""

    model_config = ConfigDict(json_schema_extra={"example": {"way": "daily"}})

    way: Annotated[Way, Field(description="`off`: what waits of it is dropped, and nothing more is written.")]


class Message(Answer):
    """A message, without what it is about: that is read on the service's pages."""

    message_id: str
    kind: str
    address_id: str
    name: Annotated[str, Field(description="Of whom is told.")]
    channel: Channel
    state: State
    at: Annotated[str, Field(description="When it was written, in UTC.")]
    due_at: Annotated[str, Field(description="When it is tried next, in UTC.")]
    attempts: int
    said: Annotated[str | None, Field(description="Why it was not taken, as a word.", examples=["smtp_550"])]
    ended_at: str | None


class MessagesQuery(Query):
    """Which messages."""

    state: State | None = None


class Receipt(BaseModel):
    """What GOV.UK Notify says of a message, as it sends it: what else stands in it is not looked at."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"example": {"reference": "msg_2f0c7a1e9b5d4c3a8e6f1b2d3c4a5e6f", "status": "permanent-failure"}},
    )

    reference: Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE, description="The message's id.")]
    status: Annotated[str, Field(max_length=40, pattern=PRINTABLE)]


class Heard(Answer):
    """Whether it changed anything."""

    changed: bool
