"""Where the service asks for fits: one question at a time, answers kept, and nobody waits long; and what is said there."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import structlog

from api.settings import Settings
from optimiser.domain.records import Package, Visit
from optimiser.processes import how_it_ended, spawning


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


PATIENCE_SECONDS = 5.0
"""Whoever asks waits so long at most; what is found later is kept for whoever asks next."""
STUCK_SECONDS = 50.0
"""A question takes a few seconds: a process that answers nothing for so long is ended, and cascades are shown without fits."""
LEAVING_SECONDS = 5.0
LARGEST = 1_000
"""So many packages' fits are kept, those asked about last."""
log = structlog.get_logger("fitting")


class RoundsRefusedError(Exception):
    """The rounds cannot be used; ``lines`` say why."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("the rounds cannot be used")


@dataclass
class _Kept:
    """The fits of a package as it was, per provider asked about; None: nothing is known of that provider."""

    package: Package
    visits: Sequence[Visit]
    told: dict[str, Told | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Asked:
    """What is to be found out; ``done`` once it is among what is kept."""

    kept: _Kept
    provider_ids: Sequence[str]
    done: Future[None] = field(default_factory=Future)


class FittingRoom:
    """A process with the rounds, and a thread that puts the questions to it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self.provenance: Provenance | None = None

    def start(self) -> None:
        """Wait until the rounds are read, once. Raises ``RoundsRefusedError``."""
        if self.provenance is not None:
            return
        from api.cascade.fitting_worker import work  # what fits is compiled, which takes its time to import

        context = spawning()
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, self._settings), name="fitting", daemon=True)
        self._process.start()
        theirs.close()  # else its end would not be seen
        try:
            first: Provenance | Refused = self._ours.recv()
        except EOFError:
            self._process.join(LEAVING_SECONDS)
            raise RoundsRefusedError([f"The process that reads them {how_it_ended(self._process.exitcode)}."]) from None
        if isinstance(first, Refused):
            raise RoundsRefusedError(first.lines)
        self.provenance = first
        self._thread = threading.Thread(target=self._work, name="fitting-room", daemon=True)
        self._thread.start()

    async def fits(self, package: Package, visits: Sequence[Visit], provider_ids: Sequence[str]) -> dict[str, Told] | None:
        """Per provider its cheapest fit, without those of whom nothing is known; None: not soon enough."""
        kept = self._kept_of(package, visits)
        if visits and not kept.told.keys() >= set(provider_ids):
            asked = _Asked(kept, provider_ids)
            self._waiting.put(asked)
            try:
                await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(asked.done)), PATIENCE_SECONDS)
            except TimeoutError:
                return None
        return {name: told for name in provider_ids if (told := kept.told.get(name)) is not None}

    def _kept_of(self, package: Package, visits: Sequence[Visit]) -> _Kept:
        kept = self._kept.get(package.package_id)
        if kept is None or kept.package != package or kept.visits != visits:
            kept = self._kept[package.package_id] = _Kept(package, visits)
        self._kept.move_to_end(package.package_id)
        while len(self._kept) > LARGEST:
            self._kept.popitem(last=False)
        return kept

    def close(self) -> None:
        if self.provenance is None:
            return
        self._waiting.put(None)
        self._thread.join(LEAVING_SECONDS)
        self._ours.close()
        self._process.join(LEAVING_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the process, whatever it does: from then on nothing is known."""
        self._process.kill()
        self._process.join()

    def _work(self) -> None:
        while (asked := self._waiting.get()) is not None:
            kept = asked.kept
            missing = [name for name in asked.provider_ids if name not in kept.told]
            if missing:
                answer = self._answer(Question(kept.package, kept.visits, missing))
                found = {told.provider_id: told for told in answer.told}
                kept.told |= {name: found.get(name) for name in missing}
            asked.done.set_result(None)

    def _answer(self, question: Question) -> Answer:
        try:
            self._ours.send(question)
            if not self._ours.poll(STUCK_SECONDS):
                self.kill()
            answer: Answer = self._ours.recv()
        except (EOFError, OSError):
            answer = Answer(defect="the process ended")
        if answer.defect:
            log.error("no fits are told", defect=answer.defect)
        return answer
