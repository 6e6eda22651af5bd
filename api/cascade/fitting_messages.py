"""What the service and the process that fits tell each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimiser.domain.records import Package, Visit


@dataclass(frozen=True)
class Provenance:
    """What the rounds are."""

    built_from: str
    """The date of the snapshot."""
    snapshot_digest: str
    built_at: str
    travel: str
    rounds: int
    left_out: int
    """Rounds that are no longer as they were built."""
    county_version: int
    """Of the county as it was when the rounds were read."""


@dataclass(frozen=True)
class Refused:
    """Why the rounds cannot be used, line by line."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A package, its visits, and the providers that it may be offered to."""

    package: Package
    visits: Sequence[Visit]
    provider_ids: Sequence[str]


@dataclass(frozen=True)
class Told:
    """A provider's cheapest fit, without anybody else's visits. ``without_room``: visits and days that no round can take."""

    provider_id: str
    extra_minutes: int
    round_ids: tuple[str, ...]
    visits_later: int
    without_room: int


@dataclass(frozen=True)
class Answer:
    """What was found of the providers that have rounds. ``defect``: the kind of a mistake of ours; nothing is said then."""

    told: tuple[Told, ...] = ()
    defect: str = ""
