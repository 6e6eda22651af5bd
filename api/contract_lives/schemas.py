"""What is sent for each act on the life of a contract, and what is told of what follows."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, create_model

from api.http.strict import Answer, Line, Strict
from api.records.schemas import SCHEMAS, Reason

Json = dict[str, Any]

AUTHORITY: Json = {"authorised_by": "Director of Commissioning", "decided_on": "2026-11-16", "reference": "Cabinet, minute 14"}
CONTRACT = "contracts"
OF_THE_OLD_ONE = ("tier", "area_id", "service", "succeeds")
"""What a contract that is awarded anew has from the one in whose place it stands; ``succeeds`` is for the same provider alone."""


class Authority(Strict):
    """Whose decision it is: a post and no name, the day of the decision, and where it is written down."""

    authorised_by: Annotated[Line, Field(description="A post, never a name.", examples=[AUTHORITY["authorised_by"]])]
    decided_on: Annotated[dt.date, Field(description="A day up to today.", examples=[AUTHORITY["decided_on"]])]
    reference: Annotated[Line, Field(description="Where it is written down.", examples=[AUTHORITY["reference"]])]

    def told(self) -> dict[str, str]:
        """As the trail keeps it."""
        return {"authorised_by": self.authorised_by, "decided_on": str(self.decided_on), "reference": self.reference}


def _example(**members: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": members})


class Extension(Strict):
    """A contract is to run for longer."""

    model_config = _example(ends="2034-04-01", authority=AUTHORITY, reason="the first extension that it allows")

    ends: Annotated[dt.date, Field(description="The first day that is then no longer covered.", examples=["2034-04-01"])]
    authority: Authority
    reason: Reason


class EarlyEnd(Strict):
    """A contract is to end before its day, with notice."""

    model_config = _example(
        ends="2027-06-01", notice_given_on="2026-11-20", given_by="provider", reason="their letter of 20 November"
    )

    ends: Annotated[dt.date, Field(description="The first day that is no longer covered.", examples=["2027-06-01"])]
    notice_given_on: Annotated[dt.date, Field(description="A day up to today.", examples=["2026-11-20"])]
    given_by: Annotated[Literal["council", "provider"], Field(description="Who ends it.", examples=["provider"])]
    reason: Reason
    shorter_notice: Annotated[
        Authority | None, Field(description="Who decided that the notice may be shorter than it has to be; why: in the reason.")
    ] = None


class Withdrawal(Strict):
    """A principal steps back from its contract, from today: none of the moves that were planned to it take place."""

    model_config = _example(told_on="2026-11-20", reason="their telephone call of Friday, confirmed by letter")

    told_on: Annotated[dt.date, Field(description="When it said so: a day up to today.", examples=["2026-11-20"])]
    reason: Reason


class GoLive(Strict):
    """An area's go-live is to be on another day; null: on none that is known yet."""

    model_config = _example(go_live="2027-09-06", authority=AUTHORITY, reason="the staff of two rounds are not there yet")

    go_live: Annotated[dt.date | None, Field(examples=["2027-09-06"])]
    authority: Authority
    reason: Reason


def _award_fields() -> Json:
    new = {name: part for name, part in SCHEMAS[CONTRACT].new.model_fields.items() if name not in OF_THE_OLD_ONE}
    return {name: (Annotated[part.annotation, *part.metadata], part) for name, part in new.items()}


_EXAMPLE: Any = SCHEMAS[CONTRACT].new.model_json_schema()["example"]
AWARD: Json = {
    **_EXAMPLE,
    "contract_id": "P-FERN",
    "provider_id": "FERN",
    "starts": "2032-04-01",
    "authority": AUTHORITY,
}
SHORTER: Any = Annotated[
    Authority | None,
    Field(description="Who decided that the staff may be told later than they have to be, or not at all; why: the reason."),
]
Award = create_model(
    "Award",
    __base__=Strict,
    __module__=__name__,
    __doc__="A contract of another provider in the place of one that ends: its own columns; tier, area and service stay.",
    __cls_kwargs__={
        "json_schema_extra": {"example": {name: value for name, value in AWARD.items() if name not in OF_THE_OLD_ONE}}
    },
    **_award_fields(),
    authority=(Authority, ...),
    shorter_staff_notice=(SHORTER, None),
)


class Notice(Answer):
    """The notice of an early end: how long it had to be and how long it is."""

    days_needed: Annotated[int, Field(ge=0, examples=[91])]
    rests_on: Annotated[Literal["contract", "provider", "settings"], Field(description="Who says so.", examples=["provider"])]
    days_given: Annotated[int, Field(ge=0, examples=[193])]


class StaffNotice(Answer):
    """By when the staff have to be told that their employment may go over. Nothing here says that it does."""

    by: Annotated[dt.date, Field(examples=["2031-12-31"])]
    days: Annotated[int, Field(ge=0, description="So long before the new contract begins.", examples=[91])]
    kept: Annotated[bool, Field(description="Whether that day is still to come, or nobody's care goes over.", examples=[True])]


class CareToPlace(Answer):
    """Care that runs on a contract. Nothing ends it: somebody else is found for everybody, and until then it stays."""

    people: Annotated[int, Field(ge=0, examples=[2])]
    hours_per_week: Annotated[float, Field(ge=0, examples=[40.0])]
    place_by: Annotated[
        dt.date | None,
        Field(description="Until when everybody needs a place; null: another contract takes over.", examples=[None]),
    ]
    listed_at: Annotated[str, Field(description="Who they are, for roles that read packages.", examples=["/v1/packages?limit=9"])]


class NextCall(Answer):
    """What to ask for next, ready to be sent (with an `Idempotency-Key`)."""

    why: Annotated[str, Field(examples=["Where everybody on it goes."])]
    method: Annotated[Literal["POST"], Field(examples=["POST"])]
    address: Annotated[str, Field(examples=["/v1/runs"])]
    body: Annotated[Json, Field(examples=[{"kind": "transfer", "settings": {"transfer": {"hand_back_of": "P-ALDER"}}}])]
    roles: Annotated[list[str], Field(description="Who may.", examples=[["planner", "transition"]])]


class PlanOutOfDate(Answer):
    """A transfer's plan that no longer holds, with the waves on which people would have moved."""

    run_id: Annotated[str, Field(examples=["5f0c1d2e3b4a59687786a5b4c3d2e1f0"])]
    waves: Annotated[list[dt.date], Field(examples=[["2027-03-01"]])]
    people: Annotated[int, Field(ge=0, description="Who were to move on them, and stay where they are.", examples=[3])]


class NewPlan(Answer):
    """A run that has been asked for (null: would be), as the plan before it no longer holds."""

    run_id: Annotated[str | None, Field(examples=["5f0c1d2e3b4a59687786a5b4c3d2e1f1"])]
    why: Annotated[str, Field(examples=["The other areas of the plan, as close to it as can be."])]


class TooEarly(Answer):
    """A contract of an area that begins before the area's go-live."""

    contract_id: Annotated[str, Field(examples=["P-FERN"])]
    tier: Annotated[str, Field(examples=["principal"])]
    begins: Annotated[dt.date | None, Field(examples=["2027-07-05"])]
    paid_for_nothing_gbp: Annotated[
        float, Field(ge=0, description="A week, as guaranteed, while nobody may be placed on it.", examples=[230.0])
    ]


class BeforeGoLive(Answer):
    """What lies before an area's new go-live."""

    contracts: list[TooEarly]
    people_waiting: Annotated[
        int, Field(ge=0, description="Whose start lies before it now: others than its principal are asked.", examples=[1])
    ]
    people_accepted: Annotated[
        int, Field(ge=0, description="Whose accepted start lies before it: it stands, talk to the provider.", examples=[0])
    ]


class Follows(Answer):
    """What follows from an act on the life of a contract."""

    notice: Notice | None = None
    staff_notice: StaffNotice | None = None
    care: CareToPlace | None = None
    before_go_live: BeforeGoLive | None = None
    offers_stopped: Annotated[int, Field(ge=0, description="Offers that are not waited for any more.", examples=[1])] = 0
    acceptances_stopped: Annotated[
        int, Field(ge=0, description="Acceptances whose care had not begun: these people wait again.", examples=[0])
    ] = 0
    plans_out_of_date: list[PlanOutOfDate] = Field(default_factory=list)
    letters: Annotated[
        int, Field(ge=0, description="Letters that put right what was written before: see `/v1/letters`.", examples=[3])
    ] = 0
    new_plans: list[NewPlan] = Field(default_factory=list)
    next: list[NextCall] = Field(default_factory=list)


def _with_what_follows(kind: str, title: str) -> type[Answer]:
    return create_model(
        title,
        __base__=SCHEMAS[kind].written,
        __module__=__name__,
        __doc__="The record as it is now, or would be, and what follows from the act.",
        follows=(Follows, ...),
    )


ContractLived = _with_what_follows(CONTRACT, "ContractLived")
AreaLived = _with_what_follows("areas", "AreaLived")
