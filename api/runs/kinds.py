"""The kinds of run. A further kind is one more function here, with ``@kind`` above it; nothing else needs to know of it.

Nothing heavy is imported before a run is worked on: the server itself never loads a solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    """What a run says of one package that it was to decide on. Typed cells of ``allocations.csv``; ``reason`` tells nothing
    of the person."""

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


Work = Callable[[Task], Outcome]
KINDS: dict[str, Work] = {}


def kind(name: str) -> Callable[[Work], Work]:
    """Registers the function that works on runs of a kind."""

    def register(work: Work) -> Work:
        KINDS[name] = work
        return work

    return register


@kind("allocate")
def allocate(task: Task) -> Outcome:
    """Who should deliver each waiting package."""
    from api.runs.allocating import allocated

    return allocated(task)


@kind("reoptimise")
def reoptimise(task: Task) -> Outcome:
    """The same, when a few people may change provider to make room."""
    from api.runs.reoptimising import reoptimised

    return reoptimised(task)


@kind("transfer")
def transfer(task: Task) -> Outcome:
    """Which rounds move to the principal of their area, and when."""
    from api.runs.transferring import transferred

    return transferred(task)
