"""Who somebody is here, and the audit trail as it is read."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.http.strict import PRINTABLE, Answer, Id, Query


class Me(BaseModel):
    """The holder of the key or token."""

    name: str
    roles: list[str]


class EntriesQuery(Query):
    """Which entries: all conditions that are given hold together."""

    subject: Id = None
    actor: Annotated[str | None, Field(max_length=200, pattern=PRINTABLE, description="Entries by this person or job.")] = None
    since: Annotated[dt.date | None, Field(description="Entries of this day and later.")] = None


class TrailEntry(Answer):
    """An entry of the audit trail. What is withheld from this role, or was destroyed, is null."""

    seq: Annotated[int, Field(examples=[12])]
    at: Annotated[str, Field(description="In UTC.", examples=["2026-11-23T09:12:44.120000"])]
    actor: Annotated[str, Field(examples=["Cora Contracts (06e72157)"])]
    role: Annotated[str, Field(description="The one that was used.", examples=["contracts"])]
    action: Annotated[str, Field(examples=["contracts.change"])]
    about: Annotated[str, Field(description="The kind of what it is about.", examples=["contracts"])]
    subject: Annotated[str | None, Field(examples=["P-ALDER"])]
    details: Annotated[dict[str, Any] | None, Field(examples=[{"reason": "minute 14"}])]
    destroyed: Annotated[bool, Field(description="What was personal in it was destroyed.", examples=[False])]
    withheld: Annotated[bool, Field(description="It may be about people, whom this role is not told of.", examples=[False])]
    damaged: Annotated[bool, Field(description="Not all of it can be read any more: see /v1/audit/check.", examples=[False])]
    hash: Annotated[str, Field(examples=["0c1e"])]


class TrailHead(Answer):
    """Where the trail ends: to be noted elsewhere."""

    seq: Annotated[int, Field(examples=[12])]
    hash: Annotated[str, Field(examples=["0c1e"])]


class TrailBreak(Answer):
    """Where the trail does not hold, and why."""

    seq: Annotated[int, Field(description="The entry; 0: none, a row is there that no entry tells of.")]
    problem: str
    table: Annotated[
        str,
        Field(description="Of rows: keys, county, runs, sessions, records or their kind; else empty.", examples=["contracts"]),
    ]
    row_id: Annotated[str, Field(description="Which row; empty where it may be a person's.", examples=["P-ALDER"])]


class TrailBackwards(Answer):
    """Where an entry's time is before that of the one before it."""

    seq: int
    at: str
    before: str


class TrailChecked(Answer):
    """Whether the trail holds, from its first entry to its last."""

    holds: bool
    entries: int
    destroyed: Annotated[int, Field(description="Entries of which what was personal has been destroyed, with an account.")]
    breaks: list[TrailBreak]
    rows: Annotated[int, Field(description="Records, keys and settings that were compared with what the entries tell of them.")]
    good: Annotated[TrailHead, Field(description="The last head before the first break of the chain.")]
    signed: Annotated[bool, Field(description="Whether the head bears a signature by the service's own key.")]
    backwards: Annotated[list[TrailBackwards], Field(description="Times that run backwards: a clock was wrong. The trail holds.")]


class Setting(Answer):
    """A setting and what it is."""

    name: Annotated[str, Field(examples=["OPTIMISER_PAGE_SIZE"])]
    value: Annotated[str, Field(examples=["100"])]


class SettingsView(Answer):
    """The settings of the service, from its environment, and those that are kept with the county."""

    service: list[Setting]
    county: list[Setting]
