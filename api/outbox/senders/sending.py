"""What all ways of sending share: what may come of it, and that nobody takes for ever over it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from api.outbox.letter import Letter
from optimiser import exits


class NotSetUpError(exits.RefusedError):
    """A way of sending is named by the settings and cannot be used; says which setting and why. A command ends with it."""


class NotSentError(Exception):
    """A message was not taken. ``said``: why, as a word of ours: what receivers say may hold anything."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class LaterError(NotSentError):
    """This message is not taken now."""


class UnreachableError(NotSentError):
    """Nothing is taken at this address now."""


class RefusedError(NotSentError):
    """This message will never be taken."""


class NoAddressError(NotSentError):
    """There is nobody at this address."""


class Sender(Protocol):
    """A way of sending."""

    at_once: int
    """So many messages are taken at a time: as many may be sent twice where whoever sends is killed."""

    def send(self, address: str, letter: Letter) -> None:
        """Give a letter to its receiver; done once this returns. Raises ``NotSentError``."""
        ...


@contextmanager
def within(seconds: float, connection: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Ends what takes longer, however little by little it comes, by closing the connection that it comes over."""

    def close() -> None:
        here = connection()
        if here is not None:
            with suppress(OSError):
                socket.socket.shutdown(here, socket.SHUT_RDWR)  # below TLS, whose end would be waited for

    timer = threading.Timer(seconds, close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def secret_in(file: str, setting: str) -> str:
    """What stands in a file, without blanks around it. Raises ``NotSetUpError``, which tells nothing of it."""
    try:
        found = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise NotSetUpError(f"{setting}: the file cannot be read.") from None
    if not found:
        raise NotSetUpError(f"{setting}: the file is empty.")
    return found
