"""What providers are told of a transfer's plan, and its release, over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.http.strict import Answer, Exact, Line

WhyStays = Literal["moves_whole", "part_moves", "own_limit", "no_room"]
RUN_ID = "a20c6b707cda9633b142240fbc5653c1"
RELEASE: dict[str, Any] = {"plan_digest": "0c1e…", "contact": "Ada Carter, transition team, 01603 555 0100"}
MOVE: dict[str, Any] = {
    "round_id": "RD1",
    "area_id": "A1",
    "people": 6,
    "hours_per_week": 42.0,
    "staff": 2,
    "part_of": None,
    "date": "2027-03-01",
    "to": "Alder Homecare",
    "agreement_by": None,
}
STAY: dict[str, Any] = {
    "round_id": "RD2",
    "area_id": "A1",
    "people": 4,
    "hours_per_week": 25.5,
    "staff": None,
    "why": "moves_whole",
}
STATEMENT: dict[str, Any] = {
    "provider_id": "DOCK",
    "provider": "Dock Care",
    "plan_as_of": "2026-11-23",
    "moves": [MOVE],
    "stays": [STAY],
    "hours_per_week": 420.0,
    "hours_that_move": 42.0,
    "largest_share_in_a_year": 0.1,
    "most_share_in_a_year": 0.12,
    "agreed_because": "It said that it would have to close its night rota.",
    "talk_about_viability": True,
}
RELEASED: dict[str, Any] = {
    "run_id": RUN_ID,
    "plan_digest": "0c1e…",
    "released_by": "Ada Carter (06e72157)",
    "released_at": "2026-11-24T10:05:00",
    "contact": RELEASE["contact"],
    "provider_ids": ["DOCK"],
}
OWN: dict[str, Any] = {
    "run_id": RUN_ID,
    "released_by": "Ada Carter",
    "released_on": "2026-11-24",
    "contact": RELEASE["contact"],
    **STATEMENT,
}


class NewRelease(Exact):
    """A transfer's plan is released to the providers whose rounds it looked at."""

    model_config = ConfigDict(json_schema_extra={"example": RELEASE})

    plan_digest: Annotated[str, Field(min_length=1, max_length=200, description="Of the plan that was looked at.")]
    contact: Annotated[Line, Field(description="Whom a provider calls about it: a name, and how they are reached.")]


class ReleaseWithdrawn(Exact):
    """A release holds no more."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "A family has said no: it is planned again."}})

    reason: Annotated[Line, Field(description="Why; kept in the audit trail, and not told to providers.")]


class RoundTold(Answer):
    """A round of the provider's own staff."""

    round_id: str
    area_id: str
    people: int
    hours_per_week: float
    staff: int | None


class RoundMoves(RoundTold):
    """One that moves on a day, if by then each person in it has a decision that allows it."""

    part_of: Annotated[str | None, Field(description="The round that it would be cut from, with its provider's agreement.")]
    date: dt.date
    to: Annotated[str, Field(description="The provider that it goes to.")]
    agreement_by: Annotated[str | None, Field(description="Of a part: by when the provider has to have agreed to it.")]


class RoundStays(RoundTold):
    """One that stays. Whom it stays for is not told."""

    why: Annotated[
        WhyStays,
        Field(
            description="`moves_whole`: a round moves whole or not at all, and for this one that cannot be; `part_moves`: a part"
            " of it moves; `own_limit`: no more of its provider's hours may leave it within a year; `no_room`: there is none."
        ),
    ]


class TransferStatement(Answer):
    """What a provider is told of a transfer's plan: of its own staff's rounds alone."""

    model_config = ConfigDict(json_schema_extra={"example": STATEMENT})

    provider_id: str
    provider: str
    plan_as_of: dt.date
    moves: list[RoundMoves]
    stays: list[RoundStays]
    hours_per_week: Annotated[float, Field(description="All its running care, in all areas.")]
    hours_that_move: float
    largest_share_in_a_year: Annotated[float, Field(description="Of its hours, in the twelve months in which most leave it.")]
    most_share_in_a_year: Annotated[float, Field(description="That may leave it: as for all, or as was agreed with it.")]
    agreed_because: Annotated[str | None, Field(description="Why less was agreed with it.")]
    talk_about_viability: Annotated[bool, Field(description="So much leaves it that the council talks with it first.")]


class TransferStatements(Answer):
    """What each provider would read of a plan."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [STATEMENT]}})

    items: list[TransferStatement]


class Released(Answer):
    """A plan that is released to providers."""

    model_config = ConfigDict(json_schema_extra={"example": RELEASED})

    run_id: str
    plan_digest: str
    released_by: str
    released_at: dt.datetime
    contact: str
    provider_ids: list[str]


class ReleasedTransfers(Answer):
    """The newest first."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [RELEASED]}})

    items: list[Released]


class NoLongerReleased(Answer):
    """Of which run nothing is told to providers any more."""

    model_config = ConfigDict(json_schema_extra={"example": {"run_id": RUN_ID}})

    run_id: str


class OwnTransfer(TransferStatement):
    """A released plan, as a provider reads it."""

    model_config = ConfigDict(json_schema_extra={"example": OWN})

    run_id: str
    released_by: Annotated[str, Field(description="The person of the council who released it.")]
    released_on: dt.date
    contact: Annotated[str, Field(description="Whom to call about it.")]


class OwnTransfers(Answer):
    """The newest first."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [OWN]}})

    items: list[OwnTransfer]
