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
