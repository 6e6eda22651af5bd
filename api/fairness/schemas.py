"""Fairness over HTTP: which days are asked for, and what is answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.http.strict import Answer, Strict
from api.overview.schemas import Count


class FairnessQuery(Strict):
    """Which days; without them the last quarter that is settled."""

    since: Annotated[dt.date | None, Field(description="The first day.", examples=["2026-07-01"])] = None
    until: Annotated[
        dt.date | None, Field(description="The first day that is not counted; without it, the quarter that begins on `since`.")
    ] = None
    as_published: Annotated[bool, Field(description="As anybody would read it: to be looked at before it is published.")] = False


class DeclinesByReason(Answer):
    """How often a provider said no, by the reason that it gave."""

    cannot_meet_need: Count
    no_capacity: Count
    time_of_day: Count
    too_far: Count
    no_double_handed_run: Count
    other: Count


class AskedRow(Answer):
    """A provider in an area and tier. A count of too few people is null where counts are hidden."""

    area_id: Annotated[str, Field(examples=["A1"])]
    area: Annotated[str, Field(examples=["Larkmere and Villages"])]
    tier: Annotated[str, Field(description="Of the contract that was asked.", examples=["framework"])]
    provider_id: Annotated[str | None, Field(description="Null: it is not named.", examples=["BRACKEN"])]
    provider: Annotated[str, Field(examples=["Bracken Care", "Framework provider 1"])]
    asked: Annotated[Count, Field(description="Offers made in these days.")]
    asked_first: Annotated[Count, Field(description="With the first who were asked for a package.")]
    out_of_order: Annotated[Count, Field(description="Asked out of the published order, for a recorded reason.")]
    answered: Annotated[Count, Field(description="Yes or no, a yes of its own that nobody has placed included.")]
    accepted: Count
    declined: Annotated[Count, Field(description="Those included that stand no more since needs have changed.")]
    expired: Count
    withdrawn: Annotated[Count, Field(description="By the council: somebody else had said yes, or the care was not needed.")]
    waiting: Count
    declined_by_reason: DeclinesByReason


class WaitRow(Answer):
    """People who have something in common, by how long they waited until somebody had said yes to all of their care."""

    by: Literal["need", "hours", "workers", "rurality"]
    group: Annotated[str, Field(examples=["above 15 hours"])]
    people: Annotated[Count, Field(description="First asked for in these days.")]
    within_2_days: Count
    within_7_days: Annotated[Count, Field(description="3 to 7 days.")]
    within_28_days: Annotated[Count, Field(description="8 to 28 days.")]
    later: Annotated[Count, Field(description="More than 28 days.")]
    not_yet: Annotated[Count, Field(description="Nobody has said yes to all of it.")]
    ended_before: Annotated[Count, Field(description="No longer asked for before anybody had.")]


class Fairness(Answer):
    """Counts of a span of days: who was asked and what they said, and who waited how long."""

    since: Annotated[dt.date, Field(examples=["2026-07-01"])]
    until: Annotated[dt.date, Field(description="Not included.", examples=["2026-10-01"])]
    counts_to_the_nearest: Annotated[int, Field(description="1: exact.", examples=[5])]
    rural_beyond_miles: Annotated[float, Field(description="From the nearest price band centre.", examples=[6.0])]
    requests_without_a_day: Annotated[
        Count, Field(description="People of whom no day of a request is recorded, at any time: their waits are not counted.")
    ]
    asked: list[AskedRow]
    waits: list[WaitRow]
