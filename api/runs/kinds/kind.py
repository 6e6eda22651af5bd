"""What a kind of run is, what it is given to work on, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.http.strict import Exact

if TYPE_CHECKING:
    import datetime as dt

    from optimiser.domain.snapshot import Snapshot
    from optimiser.solving.outcome import Progress


@dataclass(frozen=True)
class Task:
    """What a run is given to work on."""

    snapshot: Snapshot
    """The county at the run's version, with the run's own policy settings."""
    settings: Mapping[str, Any]
    """The run's settings as they were asked for."""
    report: Callable[[Progress], None]
    should_stop: Callable[[], bool]
    extra_holidays: frozenset[dt.date] = frozenset()
    """The service's further days without work."""


@dataclass(frozen=True)
class Proposal:
    """What a run says of one package that it was to decide on, as its result tells it; ``reason`` tells nothing of the person."""

    package_id: str
    contract_id: str | None
    """None: nobody is proposed."""
    moved: bool
    """Whether running care would change its provider."""
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a run hands back."""

    record: Mapping[str, Any]
    """What ``result.json`` would say."""
    proposals: tuple[Proposal, ...]
    explanations: Iterable[tuple[str, bytes]]
    """Per package id the engine's record, packed as it was made: a county's records unpacked would fill the memory."""
    stopped: str
    """``no``, ``work``, ``wall`` or ``cancelled``: see ``optimiser.solving.outcome``."""
    rounds: tuple[tuple[str, str | None], ...] = ()
    """Of a transfer: per round the day on which it would move, None for one that stays."""

    def __repr__(self) -> str:
        return f"<Outcome with {len(self.proposals)} proposals, stopped: {self.stopped}>"


class CannotRunError(Exception):
    """What was asked for cannot be planned on this county; ``problems`` say why and name nobody."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def who_goes_where(outcome: Outcome) -> list[list[str | None]]:
    """What most plans are known by: every package decided on, and the contract proposed for it."""
    return [[each.package_id, each.contract_id] for each in outcome.proposals]


@dataclass(frozen=True)
class Kind:
    """A kind of run."""

    name: str
    sentence: str
    """What a run of it finds out."""
    work: Callable[[Task], Outcome]
    """Raises ``CannotRunError``, or what the engine raises of a defect of its own."""
    settings: type[Exact] | None = None
    """What may be asked of this kind alone: a member of a request's settings that is called like the kind."""
    not_applied: tuple[str, str] | None = None
    """Where its plan is evidence and nothing is done line by line: the code and the words of the problem. Else its proposals
    become offers."""
    digest_parts: Callable[[Outcome], list[Any]] = who_goes_where
    """What of an outcome its plan is known by, beside the facts that it rests on."""
