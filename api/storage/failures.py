"""What is wrong with a database that fails: one word, a sentence, and whether it is worth waiting for. No message of a database
is ever passed on: it may hold what was written or asked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import psycopg
from sqlalchemy.exc import TimeoutError as NoConnectionError

from api.http.deed_outcome import Outcome
from api.http.errors import RETRY_SECONDS, Problem


class Cause(StrEnum):
    """In one word."""

    LOCKED = "locked"
    SLOW = "slow"
    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    UNREACHABLE = "unreachable"
    FAILING = "failing"
    DAMAGED = "damaged"
    GONE_BACK = "gone_back"


SENTENCES = {
    Cause.LOCKED: "Somebody else holds the database, and did not let go in time.",
    Cause.SLOW: "The database took too long and was told to stop.",
    Cause.BUSY: "More is asked than can be answered in time.",
    Cause.FULL: "The disk of the database is full.",
    Cause.READ_ONLY: "The database can be read and not written.",
    Cause.UNREACHABLE: "The database cannot be reached, or does not answer.",
    Cause.FAILING: "The disk of the database fails.",
    Cause.DAMAGED: "The files of the database are damaged.",
    Cause.GONE_BACK: "The database lacks what was acknowledged: it was set back, or another one stands in its place."
    " Where that was meant, take away the file in which the last head is noted (its name ends in -head) and begin anew.",
}
PASSING = frozenset({Cause.LOCKED, Cause.SLOW, Cause.BUSY})
"""What ends by itself: whoever waits a little is served."""


class TooBusyError(Exception):
    """Others of this process had not done in time: nothing was begun."""


class GoneBackError(Exception):
    """The trail ends before what was acknowledged: nothing is written behind it."""


class DamagedRowsError(Exception):
    """A row cannot be what was written, or one is not there that always is."""


class NoTurnError(TooBusyError):
    """Another writer of this process did not end in time."""


@dataclass(frozen=True)
class Failure:
    """Why a database did not do what it was asked."""

    cause: Cause
    settled: bool
    """Of a commit: the database itself has said that nothing of it stands."""

    @property
    def sentence(self) -> str:
        return SENTENCES[self.cause]


def failure_of(error: BaseException) -> Failure | None:
    """What an error tells of the database; None: nothing, it is a defect of ours."""
    for each in _chain(error):
        found = _of_ourselves(each) or _of_sqlite(each) or _of_postgresql(each)
        if found is not None:
            return found
    return None


def told_of(error: Exception, outcome: Outcome) -> tuple[str, Problem] | None:
    """The cause in a word, and the answer to whoever asked: ``busy`` for what passes, else ``not_ready``."""
    failure = failure_of(error)
    if failure is None:
        return None
    code = "busy" if failure.cause in PASSING else "not_ready"
    told = {"cause": failure.cause.value, "changed": outcome.changed.value}
    problem = Problem(code, f"{failure.sentence} {outcome.sentence}", headers={"Retry-After": str(RETRY_SECONDS)}, **told)
    return failure.cause.value, problem


def in_words(error: BaseException) -> dict[str, str]:
    """What a line of the log says of an error: its kind, and of one of the database the cause."""
    failure = failure_of(error)
    return {"error": type(error).__name__} | ({} if failure is None else {"cause": failure.cause.value})


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or each in seen:
            continue
        seen.append(each)
        yield each
        waiting += [each.__cause__, getattr(each, "orig", None)]


def _of_ourselves(error: BaseException) -> Failure | None:
    if isinstance(error, NoTurnError):
        return Failure(Cause.LOCKED, settled=True)
    if isinstance(error, GoneBackError):
        return Failure(Cause.GONE_BACK, settled=True)
    if isinstance(error, DamagedRowsError):
        return Failure(Cause.DAMAGED, settled=True)
    if isinstance(error, NoConnectionError | TooBusyError):
        return Failure(Cause.BUSY, settled=True)
    return None


SQLITE = {
    "SQLITE_BUSY": Failure(Cause.LOCKED, settled=True),
    "SQLITE_LOCKED": Failure(Cause.LOCKED, settled=True),
    "SQLITE_PROTOCOL": Failure(Cause.LOCKED, settled=True),
    # A commit whose last page was not written is none, whenever it is looked for.
    "SQLITE_FULL": Failure(Cause.FULL, settled=True),
    "SQLITE_IOERR_WRITE": Failure(Cause.FAILING, settled=True),
    "SQLITE_IOERR": Failure(Cause.FAILING, settled=False),
    "SQLITE_READONLY": Failure(Cause.READ_ONLY, settled=True),
    "SQLITE_PERM": Failure(Cause.READ_ONLY, settled=True),
    "SQLITE_CANTOPEN": Failure(Cause.UNREACHABLE, settled=True),
    "SQLITE_CORRUPT": Failure(Cause.DAMAGED, settled=False),
    "SQLITE_NOTADB": Failure(Cause.DAMAGED, settled=False),
}
"""By result code; an extended code that is not named is as the code before its last words."""
NO_TEXT = "Could not decode to UTF-8"
"""So begins what Python says of a text that is none, and the text follows: it may be a person's."""


def _of_sqlite(error: BaseException) -> Failure | None:
    if isinstance(error, sqlite3.OperationalError) and str(error).startswith(NO_TEXT):
        return SQLITE["SQLITE_CORRUPT"]  # which has no code of its own
    name = getattr(error, "sqlite_errorname", None) if isinstance(error, sqlite3.Error) else None
    while name:
        if name in SQLITE:
            return SQLITE[name]
        name = name.rpartition("_")[0]
    return None


POSTGRESQL = {
    "55P03": Cause.LOCKED,
    "40001": Cause.LOCKED,
    "40P01": Cause.LOCKED,
    "57014": Cause.SLOW,
    "53300": Cause.BUSY,
    "53400": Cause.BUSY,
    "53200": Cause.BUSY,
    "53100": Cause.FULL,
    "25006": Cause.READ_ONLY,
    "58030": Cause.FAILING,
    "58P01": Cause.FAILING,
    "XX001": Cause.DAMAGED,
    "XX002": Cause.DAMAGED,
}
GONE = ("08", "57P", "25P03", "25P04")
"""Classes of states in which the server has ended the connection, or has none to give."""


def _of_postgresql(error: BaseException) -> Failure | None:
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate or ""
    if state in POSTGRESQL:
        return Failure(POSTGRESQL[state], settled=True)
    if state.startswith(GONE) or (not state and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)):
        return Failure(Cause.UNREACHABLE, settled=False)
    return None
