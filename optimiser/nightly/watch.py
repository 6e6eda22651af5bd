"""What the service's database alone knows, as the report of a night takes it: a folder tells nothing of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class OpenAlert:
    """Something that somebody has to look at, and nobody has said that they did."""

    package_id: str
    kind: str
    sentence: str = field(repr=False)
    since: dt.datetime
    """London's wall clock."""
    turn: int = 2
    """Which stand before others, as the service lists them: the least first."""


@dataclass(frozen=True)
class StoredAs:
    """The run that a night's plan is kept as, so that its steps can become offers."""

    run_id: str
    plan_digest: str


@dataclass(frozen=True)
class Departures:
    """Of the offers that were made in so many days how many were not the cascade's next step, and whose they were."""

    days: int
    offers: int
    out_of_order: int
    """A person asked otherwise, and said why."""
    by_run: int
    """As a run proposed, each applied by a person."""
    by_service: int
    """The service asked the next step by itself, where the setting says so."""


@dataclass(frozen=True)
class LapsedReturn:
    """Free hours that a provider told too long ago to count: it is to be asked again."""

    provider_id: str
    provider: str
    told_on: dt.date
    lapsed_on: dt.date


@dataclass(frozen=True)
class OverdueQuestions:
    """How many questions have no answer though their time has passed: of people and families, and of providers."""

    of_people: int = 0
    of_providers: int = 0


@dataclass(frozen=True)
class OverdueQuery:
    """What a provider asked about a line of a monthly statement, and nobody has answered by its day."""

    query_id: str
    provider: str
    month: str
    answer_by: dt.date


@dataclass(frozen=True)
class OverdueLine:
    """What a provider asked about a line of a four-week statement, and nobody has decided by its day."""

    query_id: str
    provider: str
    statement_id: str
    answer_by: dt.date


@dataclass(frozen=True)
class Watch:
    """What the service knows beside the snapshot."""

    alerts: Sequence[OpenAlert] = ()
    """The open ones, in the order in which they were made."""
    answer_by: Mapping[str, dt.datetime] = field(default_factory=dict)
    """Per id of an offer that waits: until when its provider may answer, by London's wall clock."""
    stress: Mapping[str, Any] | None = None
    """What ``stress.json`` holds, of the last failures tried that were kept; None: none were."""
    trend: Sequence[Mapping[str, Any]] = ()
    """The counts of every day that is kept, today's last: ``day``, and per table (``county``, ``area``, …) its groups."""
    departures: Departures | None = None
    """How often people asked otherwise than the cascade had it."""
    lapsed_returns: Sequence[LapsedReturn] = ()
    """Providers to be asked again for their free hours, whoever told them longest ago first."""
    overdue_questions: OverdueQuestions = OverdueQuestions()
    overdue_queries: Sequence[OverdueQuery] = ()
    """Of providers about their statements, whoever has waited longest first."""
    overdue_lines: Sequence[OverdueLine] = ()
    """Of providers about their accounts, likewise."""
