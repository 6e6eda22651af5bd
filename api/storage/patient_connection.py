"""A connection to PostgreSQL that does not wait for ever for a server that has stopped answering.

The server's own time limits (``lock_timeout``, ``statement_timeout``) end what it works on too long. A server that is frozen, or
a network that swallows everything, keeps no limits: there the client stops waiting, a little later, and gives the connection up.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg.errors import _WaitTimeout

from api.storage.patience import Patience

LATER_SECONDS = 2.0
"""The server's own limit comes first where there is a server: it says more."""
T = TypeVar("T")


class SilentError(psycopg.OperationalError):
    """The server has not answered in time; the connection is closed."""


class PatientConnection(psycopg.Connection[Any]):
    """Every wait for the server ends."""

    most_seconds = 0.0

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, self.most_seconds or timeout)
        except _WaitTimeout:
            self.close()
            raise SilentError("the server does not answer") from None


def connecting(patience: Patience) -> type[PatientConnection]:
    """The kind of connection for a patience."""

    class Connecting(PatientConnection):
        most_seconds = patience.statement + LATER_SECONDS

    return Connecting


def limits(patience: Patience) -> str:
    """What the server is told when a connection begins."""
    return f"-c lock_timeout={int(patience.lock * 1000)} -c statement_timeout={patience.statement * 1000}"
