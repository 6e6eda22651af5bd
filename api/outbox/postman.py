"""Sends what waits in the outbox, in a thread beside the server or as a command, until it is told to stop."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.http.repeats import Repeats
from api.outbox import waiting_messages
from api.outbox.letter import letter_of
from api.outbox.senders.sending import LaterError, NoAddressError, NotSentError, RefusedError, Sender, UnreachableError
from api.outbox.turn import Turn
from api.outbox.waiting_messages import End, Outcome, Taken
from api.settings import Settings
from api.storage.failures import TooBusyError, in_words

THREADS = 8
"""So many receivers are spoken to at once: one that hangs keeps nobody else waiting."""
LEAVING_SECONDS = 3.0
"""How long what is being sent is waited for when we are told to stop; whatever is left is sent anew by whoever is next."""
BROKEN_SECONDS = 2.0
log = structlog.get_logger("outbox")


@dataclass
class Rest:
    """An address at which nothing is tried for a while."""

    failures: int
    until: float
    """In monotonic seconds."""


class Postman:
    """``run`` works until ``stop`` is called; ``start`` does so in a thread of its own."""

    def __init__(self, engine: Engine, settings: Settings, senders: Mapping[str, Sender]) -> None:
        self._engine, self._settings, self._senders = engine, settings, senders
        self._turn = Turn(engine, settings.telling_lease_seconds)
        self._leaving, self._look = threading.Event(), threading.Event()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="outbox")
        self._sending: dict[str, Future[list[Outcome]]] = {}
        self._resting: dict[str, Rest] = {}
        self._seen_fence: int | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Work in a thread, where there is a way of sending anything."""
        if self._senders and self._settings.telling_seconds > 0:
            self._thread = threading.Thread(target=self.run, name="postman", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """What is being sent is waited for, a little while."""
        self._leaving.set()
        self._look.set()
        if self._thread is not None:
            self._thread.join()

    def run(self) -> None:
        """Work until somebody calls ``stop``. A database that cannot be reached is tried again."""
        repeats = Repeats()
        pause = self._settings.telling_seconds or 1.0
        while not self._leaving.is_set():
            self._look.clear()
            try:
                wait = 0.0 if self.once() else pause
            except Exception as error:  # the database may be away for a while; and no defect ends what tells people
                told = in_words(error)
                unsaid = repeats.due(*told.values())
                if unsaid is not None:
                    log.error("the outbox cannot be worked on", **told, **unsaid)
                wait = BROKEN_SECONDS
            if wait:
                self._look.wait(wait)
        self._leave()

    def once(self) -> bool:
        """One look at the outbox; whether it began or ended anything, so that the next follows at once."""
        fence = self._turn.mine()
        if fence is None:
            self._forget_what_is_sent()
            return False
        if fence != self._seen_fence:
            self._forget_what_is_sent()
            waiting_messages.take_back(self._engine, fence)
            self._seen_fence = fence
        now = self._settings.clock.instant()
        ended = self._settle(fence)
        waiting_messages.gather(self._engine, fence, now)
        return self._begin(fence, now) or ended

    def _settle(self, fence: int) -> bool:
        done = {address: future for address, future in self._sending.items() if future.done()}
        outcomes = [outcome for future in done.values() for outcome in future.result()]
        waiting_messages.settle(self._engine, fence, outcomes, self._settings.clock.instant())
        for address in done:  # only what is written down is over
            del self._sending[address]
        return bool(done)

    def _begin(self, fence: int, now: dt.datetime) -> bool:
        free = THREADS - len(self._sending)
        if free <= 0 or self._leaving.is_set():
            return False
        at = time.monotonic()
        rests = {address for address, rest in self._resting.items() if rest.until > at}
        due = {
            address_id: self._senders[channel].at_once
            for address_id, channel in waiting_messages.addresses_due(self._engine, now).items()
            if channel in self._senders and address_id not in self._sending and address_id not in rests
        }
        if not due:
            return False
        groups = waiting_messages.take(self._engine, fence, dict(islice(due.items(), free)), now)
        for group in groups:
            future = self._pool.submit(self._send, group)
            self._sending[group[0].address_id] = future
            future.add_done_callback(lambda _: self._look.set())
        return bool(groups)

    def _send(self, group: Sequence[Taken]) -> list[Outcome]:
        """Send some messages of one address, in order; after one of a package that is not taken none of that package."""
        sender = self._senders[group[0].channel]
        outcomes: list[Outcome] = []
        stays: set[str] = set()
        for place, taken in enumerate(group):
            if self._leaving.is_set() or (taken.package_id and taken.package_id in stays):
                stays.add(taken.package_id)
                outcomes.append(Outcome(taken.message_id, End.UNTRIED))
                continue
            outcome, goes_on = self._tried(sender, taken)
            outcomes.append(outcome)
            if outcome.end is End.AGAIN:
                stays.add(taken.package_id)
            if not goes_on:
                return outcomes + [Outcome(each.message_id, End.UNTRIED) for each in group[place + 1 :]]
        return outcomes

    def _tried(self, sender: Sender, taken: Taken) -> tuple[Outcome, bool]:
        """What became of a message, and whether others may be tried at its address."""
        try:
            sender.send(taken.address, letter_of(taken, self._settings.public_address))
        except NoAddressError as failure:
            return Outcome(taken.message_id, End.BOUNCED, failure.said), False
        except RefusedError as failure:
            return Outcome(taken.message_id, End.NEVER, failure.said), True
        except (LaterError, UnreachableError) as failure:
            goes_on = isinstance(failure, LaterError)
            if not goes_on:
                self._rests(taken.address_id)
            return self._again(taken, failure), goes_on
        except Exception as failure:  # a defect of ours: of this message others know nothing
            log.error("a message could not be written", kind=taken.kind, error=type(failure).__name__)
            return Outcome(taken.message_id, End.NEVER, f"defect_{type(failure).__name__}"), True
        self._resting.pop(taken.address_id, None)
        return Outcome(taken.message_id, End.SENT), True

    def _again(self, taken: Taken, failure: NotSentError) -> Outcome:
        now = self._settings.clock.instant()
        if now - taken.at > dt.timedelta(hours=self._settings.telling_give_up_hours):
            return Outcome(taken.message_id, End.NEVER, failure.said)
        again = now + dt.timedelta(seconds=self._pause(taken.attempts))
        return Outcome(taken.message_id, End.AGAIN, failure.said, again)

    def _rests(self, address_id: str) -> None:
        failures = self._resting[address_id].failures + 1 if address_id in self._resting else 1
        self._resting[address_id] = Rest(failures, time.monotonic() + self._pause(failures))

    def _pause(self, failures: int) -> float:
        """After the first failure so long, then twice as long each time, up to the longest."""
        most = self._settings.telling_most_retry_seconds
        return float(min(most, self._settings.telling_retry_seconds * 2 ** min(failures - 1, 30)))

    def _forget_what_is_sent(self) -> None:
        """The turn was another's meanwhile: what became of it is theirs to say."""
        self._sending = {address: future for address, future in self._sending.items() if not future.done()}

    def _leave(self) -> None:
        ends = time.monotonic() + LEAVING_SECONDS
        while self._sending and time.monotonic() < ends and not all(each.done() for each in self._sending.values()):
            time.sleep(0.02)
        try:
            if self._seen_fence is not None:
                self._settle(self._seen_fence)
            if not self._sending:
                self._turn.let_go()
        except (SQLAlchemyError, OSError, TooBusyError) as failure:  # the lease runs out instead
            log.warning("the outbox could not be left in order", error=type(failure).__name__)
        self._pool.shutdown(wait=False, cancel_futures=True)
