"""Trends over HTTP: which table and days are asked for, and what is answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.http.strict import Answer, Id, Query
from api.overview.schemas import Count, HoursOrNot, ShareOrNot

Table = Literal["county", "area", "hours", "workers", "need", "rurality", "priority", "source"]


class TrendsQuery(Query):
    """Which groups, and which days."""

    by: Annotated[Table, Field(description="What the people of a group have in common.")] = "area"
    group: Id = None
    since: Annotated[dt.date | None, Field(description="Days from this one on.")] = None
    until: Annotated[dt.date | None, Field(description="Days before this one.")] = None


class TrendGroup(Answer):
    """A group on one day. What a role does not see is null."""

    group: Annotated[str, Field(description="An area's id, or the group's name.", examples=["A1"])]
    people: Annotated[Count, Field(description="Whose care, or a part of it, has not begun.")]
    placed: Annotated[Count, Field(description="A provider has accepted.")]
    pending: Annotated[Count, Field(description="A provider is asked.")]
    unmet: Annotated[Count, Field(description="Nobody has accepted and nobody is asked.")]
    unmet_hours_per_week: HoursOrNot
    median_days_waited: Annotated[Count, Field(description="Of the unmet.")]
    longest_days_waited: Count
    principal_share: Annotated[ShareOrNot, Field(description="Of an area's hours; null: it has no principal, or not by area.")]
    declines: Annotated[Count, Field(description="Of offers, within 28 days; by area and of the county alone.")]
    requests: Annotated[Count, Field(description="People asked for within 28 days; by area alone.")]
    ends: Annotated[Count, Field(description="People whose need of care ended within 28 days; by area alone.")]
    people_in_all: Annotated[Count, Field(description="People with care, or who wait for it; by area alone.")]


class TrendDay(Answer):
    """How things stood on one day, in counts."""

    day: Annotated[dt.date, Field(examples=["2026-11-23"])]
    groups: list[TrendGroup]
