"""The list of everybody who waits, with what is to be done next for each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.claims.schemas import Working
from api.http.strict import Answer, Id, Query, Strict
from api.meanwhile.schemas import Wrong
from api.packages import columns as of

Situation = Literal["waiting", "pending", "accepted"]
Group = Literal["late_first", "first", "late", "others"]
PriorityAsked = Literal["urgent", "discharge", "standard", "planned"]


class WorklistQuery(Query):
    """Everybody, or some of them."""

    area_id: Id = None
    priority: PriorityAsked | None = None
    situation: Annotated[Situation | None, Field(description="Left out: who waits, and who was asked for.")] = None
    package_id: Id = None


class NeighboursQuery(Strict):
    """The list that somebody stands on."""

    area_id: Id = None
    priority: PriorityAsked | None = None
    situation: Annotated[Situation | None, Field(description="As for the list.")] = None


class AskedOrNext(Answer):
    """A provider that was asked, or would be with the next step."""

    contract_id: Annotated[str, Field(examples=["P-ALDER"])]
    provider_id: Annotated[str, Field(examples=["ALDER"])]
    name: Annotated[str, Field(description="The provider's.", examples=["Alder Home Care"])]
    answer_by: Annotated[
        str | None,
        Field(
            description="Of one that was asked: by when it answers; null: of one that was not, or has said yes.",
            examples=["2026-11-23T14:20:00"],
        ),
    ]
    has_said_yes: Annotated[bool, Field(description="It has said yes, its hours are held, and nobody has placed yet.")]
    put_forward: Annotated[bool, Field(description="Its yes is the one to be placed now, by a named planner.")]


class Safe(Answer):
    """How the person is safe until care begins."""

    until: Annotated[
        str | None, Field(description="The first day on which it no longer holds; null: unknown.", examples=["2026-12-04"])
    ]
    wrong: Annotated[list[Wrong], Field(description="Most harm first; empty: in order.")]


class OnTheList(Answer):
    """Somebody whose care has not begun."""

    package_id: of.PackageId
    group: Annotated[
        Group,
        Field(
            description="`late_first`: urgent or discharge past the start; `first`: urgent or discharge; `late`: others past it.",
            examples=["first"],
        ),
    ]
    priority: of.Priority
    start_by: of.StartBy
    days_late: Annotated[int, Field(ge=0, description="Days since `start_by`.", examples=[0])]
    hours_per_week: of.Hours
    visits_per_week: of.Visits
    workers: of.Workers
    skills: of.Skills
    area_id: of.AreaId
    area_name: Annotated[str | None, Field(examples=["Larkmere and Villages"])]
    requested_at: of.RequestedAt
    age_days: Annotated[int | None, Field(description="Whole days since the request.", examples=[4])]
    times_offered: Annotated[int, Field(ge=0, examples=[2])]
    situation: Annotated[Situation, Field(examples=["waiting"])]
    step: Annotated[
        str,
        Field(
            description="Who is asked, or would be: `previous provider`, a tier, `nobody`; where one has accepted its tier.",
            examples=["principal"],
        ),
    ]
    providers: list[AskedOrNext]
    working: Annotated[Working | None, Field(description="Who has said that they are working on it; null: nobody.")]
    safe: Safe


class Figures(Answer):
    """How many there are in all, whatever the list is narrowed to."""

    late_first: Annotated[int, Field(ge=0, description="Urgent or discharge, past the start, not accepted.", examples=[1])]
    waiting: Annotated[int, Field(ge=0, description="Nobody is asked.", examples=[6])]
    pending: Annotated[int, Field(ge=0, description="Somebody is asked and has not answered.", examples=[1])]
    accepted: Annotated[int, Field(ge=0, description="Somebody has accepted, and care has not begun.", examples=[1])]
    alerts: Annotated[int, Field(ge=0, description="That nobody has looked at.", examples=[0])]


class Worklist(Answer):
    """A page of it. ``found``: how many the list is narrowed to."""

    as_of: Annotated[str, Field(examples=["2026-11-23"])]
    figures: Figures
    found: Annotated[int, Field(ge=0, description="How many the list is narrowed to.", examples=[7])]
    items: list[OnTheList]
    next_cursor: Annotated[
        str | None, Field(description="Send it as `cursor` for the next page; null: there is none.", examples=["WyJOOSJd"])
    ]


class Neighbours(Answer):
    """Who stands beside somebody on the list."""

    found: Annotated[int, Field(ge=0, description="How many the list is narrowed to.", examples=[7])]
    place: Annotated[int | None, Field(ge=1, description="From one; null: not on this list any more.", examples=[2])]
    previous: Annotated[str | None, Field(description="The package before; null: none.", examples=["N6"])]
    next: Annotated[str | None, Field(description="The package after; null: none.", examples=["N1"])]
