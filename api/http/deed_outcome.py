"""What became of a request's change: whoever has to answer that something went wrong says no more than is so.

"Nothing was changed" is true until a transaction is committed. An answer that cannot be made afterwards tells of a change that
stands; and where the database went away in the midst of a commit, nobody knows until it is read again.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class Changed(StrEnum):
    """Whether something was changed."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


SENTENCES = {
    Changed.NO: "Nothing was changed.",
    Changed.YES: "The change was made, only its answer is missing: read the record again.",
    Changed.UNKNOWN: "Whether the change was made is not known: read the record again before you repeat it.",
}


@dataclass
class Outcome:
    """Of one request; a thread that works for it changes the same one."""

    changed: Changed = Changed.NO

    @property
    def sentence(self) -> str:
        return SENTENCES[self.changed]


_of_request: ContextVar[Outcome | None] = ContextVar("outcome", default=None)


def begin() -> Outcome:
    """The outcome of the request that begins here, and of all that is called for it."""
    outcome = Outcome()
    _of_request.set(outcome)
    return outcome


def of_request() -> Outcome | None:
    """The outcome of the request that is worked on here; None: it is none."""
    return _of_request.get()


def committing() -> None:
    """A commit begins: until it has ended, nobody knows."""
    outcome = _of_request.get()
    if outcome is not None and outcome.changed is Changed.NO:
        outcome.changed = Changed.UNKNOWN


def committed() -> None:
    """It stands."""
    outcome = _of_request.get()
    if outcome is not None:
        outcome.changed = Changed.YES


def undone() -> None:
    """The database has said that the commit did not happen."""
    outcome = _of_request.get()
    if outcome is not None and outcome.changed is Changed.UNKNOWN:
        outcome.changed = Changed.NO
